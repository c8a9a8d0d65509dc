import { deserialize, serialize } from 'node:v8';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { loadFormat, type Plan, type SuppliedKey } from '@custody/decode';
import type { Finding } from '@custody/evidence';
import { locateOriginal } from '@custody/segment';
import { openSealed, seal } from '@custody/vault';
import type { CaptureFileSpec } from '../capture-files.ts';
import type { CaseCapture, CaseDerivation } from '../case-state.ts';
import { type Prepared, summaryOf } from '../derive.ts';
import type { Case } from '../open-case.ts';
import { DiskScratch } from '../pipeline/disk-scratch.ts';
import { suppliedKeys } from '../supplied-keys.ts';

const MOST_BYTES = 1024 ** 3;

interface StoredPrepared {
  readonly files: readonly CaptureFileSpec[];
  readonly findings: readonly Finding[];
  readonly plans: readonly { readonly file: number; readonly format: string; readonly plan: Plan }[];
}

/**
 * The prepared capture as bytes sealed to `source`, so that no other worker has to read the capture for its structure;
 * null where a format's plan means nothing outside the process that made it.
 */
export function sealPrepared(opened: Case, { files, findings, plans }: Prepared): Uint8Array | null {
  if (plans.some(({ format }) => format.portable !== true) || files.some(({ unpacked }) => unpacked)) return null;
  const named = plans.map(({ file, format, plan }) => ({ file, format: format.name, plan }));
  const stored: StoredPrepared = { files, findings, plans: named };
  return seal(zstdCompressSync(serialize(stored)), [opened.state.keys?.source.recipient ?? '']);
}

/** The capture as it was prepared by whoever planned the derivation, with the keys it was begun with. Needs `source`. */
export async function openPrepared(
  opened: Case,
  derivation: CaseDerivation,
  sealed: Uint8Array,
): Promise<{ readonly prepared: Prepared; readonly keys: readonly SuppliedKey[] }> {
  const keys = await suppliedKeys(opened, derivation);
  const identities = opened.held.source?.all ?? [];
  const plain = zstdDecompressSync(openSealed(sealed, identities), { maxOutputLength: MOST_BYTES });
  const { files, findings, plans: named } = deserialize(plain) as StoredPrepared;
  const plans = await Promise.all(
    named.map(async ({ file, format, plan }) => ({ file, format: await loadFormat(format), plan })),
  );
  const capture = opened.state.captures.get(derivation.capture) as CaseCapture;
  const original = await locateOriginal(opened.vault, capture.label, identities);
  const scratch = new DiskScratch();
  return { prepared: { original, scratch, files, plans, findings, ...summaryOf(plans, keys) }, keys };
}
