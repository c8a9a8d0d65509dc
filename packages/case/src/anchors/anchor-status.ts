import type { Case } from '../open-case.ts';
import { type TimestampAnchor, verifyTimestamps } from './verify-anchors.ts';
import { type CosignatureAnchor, verifyCosignatures } from './verify-cosignatures.ts';

/** What others vouch for, as `custody status` shows it. */
export interface AnchorStatus {
  readonly timestamps: readonly TimestampAnchor[];
  readonly cosignatures: readonly CosignatureAnchor[];
  /** Entries that nobody outside vouches for yet. */
  readonly unanchored: number;
  /** Kept tokens and cosignatures that do not hold; `custody verify` says why. */
  readonly unsound: number;
}

/** Verifies what is kept of time-stamps and cosignatures; looks at no content. */
export async function anchorStatus(opened: Case): Promise<AnchorStatus> {
  const { ledger, vault, verifierKey: logKey } = opened;
  const { timestamps, failures } = await verifyTimestamps(vault, ledger, { logKey });
  const { cosignatures, failures: others } = await verifyCosignatures(vault, ledger, { logKey });
  const largest = [...timestamps, ...cosignatures].reduce((most, anchor) => Math.max(most, anchor.size), 0);
  const unsound = failures.length + others.length;
  return { timestamps, cosignatures, unanchored: ledger.size - largest, unsound };
}
