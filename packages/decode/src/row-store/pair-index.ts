import type { ByteSource } from '../byte-source.ts';
import type { Rowid } from '../sqlite/index.ts';
import { compareKeys, keyOf, PAIR_BYTES, PAIR_WORDS, rowidOf } from './pair-words.ts';

/** Pairs read at once. */
const BLOCK_PAIRS = 1024;
const BLOCK_BYTES = BLOCK_PAIRS * PAIR_BYTES;

/**
 * Pairs of whole numbers that a `PairWriter` sorted by their first, in a scratch file: one block of them is in memory,
 * whatever their number. Quickest for keys that ascend.
 */
export class PairIndex {
  readonly #source: ByteSource;
  readonly #count: number;
  #block = -1;
  #words: Int32Array = new Int32Array(0);

  constructor(source: ByteSource) {
    this.#source = source;
    this.#count = Math.floor(source.length / PAIR_BYTES);
  }

  /** The value that was added first under a key; null where there is none. */
  first(key: Rowid): Rowid | null {
    for (const value of this.values(key)) return value;
    return null;
  }

  /** All values under a key, in the order in which they were added. */
  *values(key: Rowid): Generator<Rowid> {
    const wanted = keyOf(key);
    for (let at = this.#lowerBound(wanted); at < this.#count; at++) {
      const from = this.#wordsOf(at);
      if (compareKeys(this.#words, from, wanted, 0) !== 0) return;
      yield rowidOf(this.#words, from + 2);
    }
  }

  /** The first pair whose key is not smaller. */
  #lowerBound(key: Int32Array): number {
    const block = this.#holds(this.#block, key) || this.#holds(this.#block + 1, key) ? this.#block : this.#search(key);
    let [low, high] = [block * BLOCK_PAIRS, Math.min(this.#count, (block + 1) * BLOCK_PAIRS)];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#words, this.#wordsOf(middle), key, 0) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a key, if it is there, begins in this block: behind its first pair and not behind its last. */
  #holds(block: number, key: Int32Array): boolean {
    if (block < 0 || block * BLOCK_PAIRS >= this.#count) return false;
    this.#load(block);
    const last = this.#words.length - PAIR_WORDS;
    return compareKeys(this.#words, 0, key, 0) < 0 && compareKeys(this.#words, last, key, 0) >= 0;
  }

  /** The last block whose first key is smaller; the first one where none is. */
  #search(key: Int32Array): number {
    let [low, high] = [0, Math.ceil(this.#count / BLOCK_PAIRS)];
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      const first = wordsIn(this.#source.read(middle * BLOCK_BYTES, PAIR_BYTES));
      if (compareKeys(first, 0, key, 0) < 0) low = middle;
      else high = middle;
    }
    if (this.#count > 0) this.#load(low);
    return low;
  }

  #wordsOf(at: number): number {
    const block = Math.floor(at / BLOCK_PAIRS);
    this.#load(block);
    return (at - block * BLOCK_PAIRS) * PAIR_WORDS;
  }

  #load(block: number): void {
    if (block === this.#block) return;
    this.#words = wordsIn(this.#source.read(block * BLOCK_BYTES, BLOCK_BYTES));
    this.#block = block;
  }
}

/** A copy: what a source gives need not begin where a word may. */
function wordsIn(bytes: Uint8Array): Int32Array {
  return new Int32Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % PAIR_BYTES))).buffer);
}
