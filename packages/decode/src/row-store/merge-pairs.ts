import type { ByteSource } from '../byte-source.ts';
import { compareKeys, PAIR_BYTES, PAIR_WORDS } from './pair-words.ts';

/** Pairs read of a run at once: a thousand runs take 8 MiB. */
const BLOCK_PAIRS = 512;
const OUTPUT_BYTES = 65_536;

/** Merges sorted runs of equal length, the last may be shorter, into one; of equal keys those of the earlier run come first. */
export function mergePairs(
  source: ByteSource,
  { runBytes }: { readonly runBytes: number },
  write: (bytes: Uint8Array) => void,
): void {
  const heap = new RunHeap();
  for (let at = 0, order = 0; at < source.length; at += runBytes, order++) {
    heap.push(new Run(source, { at, end: Math.min(source.length, at + runBytes), order }));
  }
  const output = new Int32Array(OUTPUT_BYTES / 4);
  let filled = 0;
  const flush = (): void => {
    if (filled > 0) write(new Uint8Array(output.buffer, 0, filled * 4));
    filled = 0;
  };
  for (let run = heap.top; run !== null; run = heap.top) {
    output.set(run.words.subarray(run.from, run.from + PAIR_WORDS), filled);
    filled += PAIR_WORDS;
    if (filled === output.length) flush();
    if (run.advance()) heap.settle();
    else heap.pop();
  }
  flush();
}

/** One run, and the pair that it has come to. */
class Run {
  words: Int32Array = new Int32Array(0);
  from = 0;
  readonly order: number;
  readonly #source: ByteSource;
  readonly #end: number;
  #at: number;

  constructor(source: ByteSource, place: { readonly at: number; readonly end: number; readonly order: number }) {
    this.#source = source;
    this.#at = place.at;
    this.#end = place.end;
    this.order = place.order;
    this.#fill();
  }

  /** Goes to the next pair; false at the end. */
  advance(): boolean {
    this.from += PAIR_WORDS;
    return this.from < this.words.length || this.#fill();
  }

  #fill(): boolean {
    const length = Math.min(BLOCK_PAIRS * PAIR_BYTES, this.#end - this.#at);
    if (length <= 0) return false;
    this.words = new Int32Array(new Uint8Array(this.#source.read(this.#at, length)).buffer);
    this.#at += length;
    this.from = 0;
    return true;
  }
}

/** A binary heap: the run with the smallest key is on top. */
class RunHeap {
  readonly #runs: Run[] = [];

  get top(): Run | null {
    return this.#runs[0] ?? null;
  }

  push(run: Run): void {
    this.#runs.push(run);
    for (let at = this.#runs.length - 1; at > 0; ) {
      const parent = (at - 1) >>> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): void {
    const last = this.#runs.pop();
    if (last === undefined || this.#runs.length === 0) return;
    this.#runs[0] = last;
    this.settle();
  }

  /** Puts the top where it belongs after its key grew. */
  settle(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      let least = at;
      if (left < this.#runs.length && this.#isBefore(left, least)) least = left;
      if (left + 1 < this.#runs.length && this.#isBefore(left + 1, least)) least = left + 1;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#runs[a] as Run, this.#runs[b] as Run];
    const order = compareKeys(one.words, one.from, other.words, other.from);
    return order !== 0 ? order < 0 : one.order < other.order;
  }

  #swap(a: number, b: number): void {
    const run = this.#runs[a] as Run;
    this.#runs[a] = this.#runs[b] as Run;
    this.#runs[b] = run;
  }
}
