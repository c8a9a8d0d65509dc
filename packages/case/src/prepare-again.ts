import type { SuppliedKey } from '@custody/decode';
import type { CaseCapture, CaseDerivation } from './case-state.ts';
import { type Prepared, prepareDerivation } from './derive.ts';
import type { Case } from './open-case.ts';
import type { Progress } from './progress.ts';
import { suppliedKeys } from './supplied-keys.ts';

/** Prepares the capture of a derivation as it was prepared then, with its own keys unless others are given. Needs `source`. */
export async function prepareAgain(
  opened: Case,
  derivation: CaseDerivation,
  options: { readonly keys?: readonly SuppliedKey[]; readonly progress?: Progress } = {},
): Promise<{ readonly prepared: Prepared; readonly keys: readonly SuppliedKey[] }> {
  const keys = options.keys ?? (await suppliedKeys(opened, derivation));
  const capture = opened.state.captures.get(derivation.capture) as CaseCapture;
  const { progress } = options;
  const format = derivation.wantedFormat;
  const prepared = await prepareDerivation(opened, capture, { keys, format, ...(progress && { progress }) });
  return { prepared, keys };
}
