import { equalBytes } from '@custody/bytes';
import { type VerifierKey, verifyCheckpoint } from '@custody/chain';
import { type Ledger, verifyEd25519 } from '@custody/segment';
import { broken } from '../errors.ts';

/** A state of the log that somebody saw. */
export interface KnownState {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Throws LOG_ROLLED_BACK or LOG_FORKED unless the log begins with what somebody saw of it. `who` begins the sentence: "you",
 * "the checkpoint in FILE".
 */
export function requireExtends(ledger: Ledger, seen: KnownState, who: string): void {
  if (seen.size > ledger.size) {
    throw broken(
      'LOG_ROLLED_BACK',
      `${who} showed ${seen.size} signed entries of this log, and now it holds ${ledger.size}: its end was cut off, or an older copy was put in its place`,
      { seen: seen.size, held: ledger.size },
    );
  }
  if (!equalBytes(ledger.view.rootAt(seen.size), seen.root)) {
    throw broken(
      'LOG_FORKED',
      `${who} showed other entries: two different logs were signed as "${ledger.origin}". Keep both; together they prove it`,
      { size: seen.size, seen: Buffer.from(seen.root).toString('base64') },
    );
  }
}

/** A checkpoint kept elsewhere, with the log's signature. Throws what `verifyCheckpoint` throws. */
export function readKnownCheckpoint(note: Uint8Array, logKey: VerifierKey): KnownState {
  const { size, root } = verifyCheckpoint(note, { logKey, verify: verifyEd25519 });
  return { size: Number(size), root };
}
