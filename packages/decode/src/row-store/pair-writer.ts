import type { Scratch, ScratchFile, ScratchHandle } from '../scratch.ts';
import type { Rowid } from '../sqlite/index.ts';
import { mergePairs } from './merge-pairs.ts';
import { compareKeys, PAIR_BYTES, PAIR_WORDS, putRowid } from './pair-words.ts';

/** Pairs sorted in memory at once: 1 MiB of them. */
const RUN_PAIRS = 65_536;

/**
 * Sorts pairs of whole numbers by their first into a scratch file that a `PairIndex` reads; those of one key keep their
 * order. Memory is that of one run and of the readers of a merge, however many pairs come.
 */
export class PairWriter {
  readonly #scratch: Scratch;
  readonly #file: ScratchFile;
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #last = new Int32Array(2);
  #count = 0;
  #runs = 0;
  /** Whether all keys so far came in order, as those of most tables do. */
  #inOrder = true;

  /** `runPairs`: how many are sorted in memory at once. */
  constructor(scratch: Scratch, runPairs: number = RUN_PAIRS) {
    this.#scratch = scratch;
    this.#file = scratch.create();
    this.#words = new Int32Array(runPairs * PAIR_WORDS);
  }

  add(key: Rowid, value: Rowid): void {
    const at = this.#count * PAIR_WORDS;
    putRowid(this.#words, at, key);
    putRowid(this.#words, at + 2, value);
    if (this.#inOrder && this.#count + this.#runs > 0) this.#inOrder = compareKeys(this.#words, at, this.#last, 0) >= 0;
    this.#last.set(this.#words.subarray(at, at + 2));
    if (++this.#count * PAIR_WORDS === this.#words.length) this.#endRun();
  }

  finish(): ScratchHandle {
    if (this.#count > 0) this.#endRun();
    const handle = this.#file.finish();
    if (this.#inOrder || this.#runs < 2) return handle;
    const merged = this.#scratch.create();
    mergePairs(this.#scratch.open(handle), { runBytes: this.#words.length * 4 }, (bytes) => merged.append(bytes));
    this.#file.discard();
    return merged.finish();
  }

  #endRun(): void {
    const words = this.#words.subarray(0, this.#count * PAIR_WORDS);
    const sorted = this.#inOrder ? words : sort(words);
    this.#file.append(new Uint8Array(sorted.buffer, sorted.byteOffset, this.#count * PAIR_BYTES));
    this.#count = 0;
    this.#runs++;
  }
}

function sort(words: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: words.length / PAIR_WORDS }, (_, i) => i * PAIR_WORDS);
  order.sort((a, b) => compareKeys(words, a, words, b) || a - b);
  const sorted = new Int32Array(words.length);
  for (const [i, from] of order.entries()) sorted.set(words.subarray(from, from + PAIR_WORDS), i * PAIR_WORDS);
  return sorted;
}
