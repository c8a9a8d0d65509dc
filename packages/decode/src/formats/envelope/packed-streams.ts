import { emptyStream, type Run, type Stream } from './stream.ts';

/**
 * Streams as three arrays: a unit may name thousands of devices, and cloning as many objects or texts from thread to
 * thread would cost more than decoding them.
 */
export interface PackedStreams {
  /** Ids in UTF-8 end to end; that of stream i ends at `idEnds[i]`. */
  readonly ids: Uint8Array;
  readonly idEnds: Uint32Array;
  /** For each stream HEAD numbers, the last of them counting its runs, then four a run. NaN stands for null. */
  readonly numbers: Float64Array;
}

/** Places of the numbers of a stream. */
const REPEATS = 0;
const REPEAT_ROW = 1;
const SCATTERED = 2;
const BACKWARDS = 3;
const BACKWARDS_ROW = 4;
const WORST_MS = 5;
export const HEAD_NUMBER = 6;
export const HEAD_TIME = 7;
export const HEAD_ROW = 8;
export const TAIL_NUMBER = 9;
export const TAIL_TIME = 10;
export const RUNS = 11;
export const HEAD = 12;
export const RUN = 4;

export const noStreams: PackedStreams = {
  ids: new Uint8Array(0),
  idEnds: new Uint32Array(0),
  numbers: new Float64Array(0),
};

export function packStreams(streams: readonly Stream[]): PackedStreams {
  const packer = new StreamPacker(streams.length);
  for (const stream of streams) packer.stream(stream);
  return packer.packed();
}

/** Packs streams one after the other: each is a `stream`, or an `id` and its `run`. */
export class StreamPacker {
  readonly #idEnds: Uint32Array;
  #ids: Uint8Array;
  #numbers: Float64Array;
  #count = 0;
  #idEnd = 0;
  #at = 0;

  constructor(count: number) {
    this.#idEnds = new Uint32Array(count);
    this.#ids = new Uint8Array(count * 16);
    this.#numbers = new Float64Array(count * (HEAD + RUN));
  }

  stream(stream: Stream): void {
    const id = Buffer.from(stream.id);
    this.id(id, 0, id.length);
    const { repeats, repeatRow, scattered, backwards, backwardsRow, worstMs, head, tail, runs } = stream;
    const into = this.#room(HEAD + RUN * runs.length);
    into.set([repeats, orNaN(repeatRow), scattered ? 1 : 0, backwards, orNaN(backwardsRow), worstMs], this.#at);
    into.set([orNaN(head?.number), orNaN(head?.time), orNaN(head?.row)], this.#at + HEAD_NUMBER);
    into.set([orNaN(tail?.number), orNaN(tail?.time), runs.length], this.#at + TAIL_NUMBER);
    this.#at += HEAD;
    for (const run of runs) {
      into.set([run.first, run.last, run.firstRow, run.lastRow], this.#at);
      this.#at += RUN;
    }
  }

  id(bytes: Uint8Array, start: number, end: number): void {
    const to = this.#idEnd + end - start;
    if (to > this.#ids.length) {
      const bigger = new Uint8Array(to * 2);
      bigger.set(this.#ids);
      this.#ids = bigger;
    }
    for (let i = start; i < end; i++) this.#ids[this.#idEnd + i - start] = bytes[i] as number;
    this.#idEnd = to;
    this.#idEnds[this.#count++] = to;
  }

  /** A stream that is one run, of which there is nothing more to tell: first, last, their rows, their times. */
  run(numbers: Float64Array, from: number): void {
    const into = this.#room(HEAD + RUN);
    const at = this.#at;
    into.fill(0, at, at + HEAD);
    into[at + REPEAT_ROW] = Number.NaN;
    into[at + BACKWARDS_ROW] = Number.NaN;
    into[at + HEAD_NUMBER] = numbers[from] as number;
    into[at + HEAD_TIME] = numbers[from + 4] as number;
    into[at + HEAD_ROW] = numbers[from + 2] as number;
    into[at + TAIL_NUMBER] = numbers[from + 1] as number;
    into[at + TAIL_TIME] = numbers[from + 5] as number;
    into[at + RUNS] = 1;
    for (let i = 0; i < RUN; i++) into[at + HEAD + i] = numbers[from + i] as number;
    this.#at = at + HEAD + RUN;
  }

  packed(): PackedStreams {
    return {
      ids: this.#ids.slice(0, this.#idEnd),
      idEnds: this.#idEnds.slice(0, this.#count),
      numbers: this.#numbers.slice(0, this.#at),
    };
  }

  #room(length: number): Float64Array {
    if (this.#at + length > this.#numbers.length) {
      const bigger = new Float64Array((this.#at + length) * 2);
      bigger.set(this.#numbers);
      this.#numbers = bigger;
    }
    return this.#numbers;
  }
}

/** The stream whose numbers begin at `at`. */
export function unpackStream(id: string, numbers: Float64Array, at: number): Stream {
  const number = (i: number) => numbers[at + i] as number;
  const orNull = (i: number) => (Number.isNaN(number(i)) ? null : number(i));
  const runs: Run[] = [];
  for (let r = 0; r < number(RUNS); r++) {
    const from = HEAD + RUN * r;
    runs.push({ first: number(from), last: number(from + 1), firstRow: number(from + 2), lastRow: number(from + 3) });
  }
  const head = orNull(HEAD_NUMBER);
  const tail = orNull(TAIL_NUMBER);
  return {
    ...emptyStream(id),
    runs,
    repeats: number(REPEATS),
    repeatRow: orNull(REPEAT_ROW),
    scattered: number(SCATTERED) === 1,
    backwards: number(BACKWARDS),
    backwardsRow: orNull(BACKWARDS_ROW),
    worstMs: number(WORST_MS),
    head: head === null ? null : { number: head, time: orNull(HEAD_TIME), row: number(HEAD_ROW) },
    tail: tail === null ? null : { number: tail, time: orNull(TAIL_TIME) },
  };
}

function orNaN(value: number | null | undefined): number {
  return value ?? Number.NaN;
}

/** Whether the stream whose numbers begin at `at` is one run with nothing more to tell. */
export function isOneRun(numbers: Float64Array, at: number): boolean {
  return (
    numbers[at + RUNS] === 1 &&
    numbers[at + REPEATS] === 0 &&
    numbers[at + SCATTERED] === 0 &&
    numbers[at + BACKWARDS] === 0
  );
}
