import type { Rowid } from '../sqlite/index.ts';

/** A pair: two whole numbers of 64 bits, each as its upper 32 (signed) and its lower 32 (unsigned). */
export const PAIR_WORDS = 4;
export const PAIR_BYTES: number = PAIR_WORDS * 4;
const WORD = 2 ** 32;

export function putRowid(into: Int32Array, at: number, rowid: Rowid): void {
  if (typeof rowid === 'number') {
    into[at] = Math.floor(rowid / WORD);
    into[at + 1] = rowid - Math.floor(rowid / WORD) * WORD;
    return;
  }
  into[at] = Number(BigInt.asIntN(32, rowid >> 32n));
  into[at + 1] = Number(BigInt.asIntN(32, rowid));
}

export function keyOf(rowid: Rowid): Int32Array {
  const key = new Int32Array(2);
  putRowid(key, 0, rowid);
  return key;
}

/** As SQLite's readers give it: a number where that is exact. */
export function rowidOf(words: Int32Array, at: number): Rowid {
  const [upper, lower] = [words[at] as number, (words[at + 1] as number) >>> 0];
  const value = upper * WORD + lower;
  return Number.isSafeInteger(value) ? value : (BigInt(upper) << 32n) | BigInt(lower);
}

/** Below, equal to or above zero, as the one key is to the other. */
export function compareKeys(a: Int32Array, at: number, b: Int32Array, other: number): number {
  const upper = (a[at] as number) - (b[other] as number);
  return upper !== 0 ? upper : ((a[at + 1] as number) >>> 0) - ((b[other + 1] as number) >>> 0);
}
