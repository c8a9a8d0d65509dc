import { equalBytes } from '@custody/bytes';
import { type Keyring, MOST_CANDIDATES, type SuppliedKey } from '../keyring.ts';

/** Keys to try, or `tooMany`: how many there were where trying them all would be guessing. */
export type Candidates =
  | { readonly keys: readonly SuppliedKey[]; readonly tooMany: null }
  | { readonly keys: readonly []; readonly tooMany: number };

/** The distinct keys for `purposes` that `fits` accepts, in the order supplied; refused beyond MOST_CANDIDATES. */
export function candidatesFor(
  keyring: Keyring,
  purposes: readonly string[],
  fits: (key: SuppliedKey) => boolean,
): Candidates {
  const keys: SuppliedKey[] = [];
  for (const key of keyring.keys) {
    if (!purposes.includes(key.for) || !fits(key)) continue;
    if (!keys.some((known) => sameKey(known, key))) keys.push(key);
  }
  return keys.length > MOST_CANDIDATES ? { keys: [], tooMany: keys.length } : { keys, tooMany: null };
}

function sameKey(a: SuppliedKey, b: SuppliedKey): boolean {
  if (a.bytes !== undefined && b.bytes !== undefined) return equalBytes(a.bytes, b.bytes);
  return a.bytes === undefined && b.bytes === undefined && a.passphrase === b.passphrase;
}
