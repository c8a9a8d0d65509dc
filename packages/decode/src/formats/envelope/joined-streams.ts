import { BytesTable } from './bytes-table.ts';
import { joinPacked } from './join-packed.ts';
import * as packed from './packed-streams.ts';
import { emptyStream, type Stream } from './stream.ts';

/** Devices whose sequence is followed; memory is bounded by it. */
const MOST_STREAMS = 1_000_000;
/** Numbers of a stream that is one run without anything to be said of it. */
const PLAIN = 6;
const FIRST = 0;
const LAST = 1;
const FIRST_ROW = 2;
const LAST_ROW = 3;
const HEAD_TIME = 4;
const TAIL_TIME = 5;

/**
 * The streams of a whole dump, joined stretch by stretch. Of most devices the numbers go on from stretch to stretch:
 * these are a few numbers in an array, and a Stream is made only where there is more to be told.
 */
export class JoinedStreams {
  readonly #ids = new BytesTable(MOST_STREAMS, Number.POSITIVE_INFINITY);
  /** PLAIN numbers of each stream, by the number of its id. */
  #plain = new Float64Array(PLAIN << 8);
  readonly #told = new Map<number, Stream>();

  /** Joins the streams of the stretch that follows. False: there are more than are kept. */
  add({ ids, idEnds, numbers }: packed.PackedStreams, toleranceMs: number): boolean {
    let isAll = true;
    let start = 0;
    let at = 0;
    for (let i = 0; i < idEnds.length; i++) {
      const end = idEnds[i] as number;
      const known = this.#ids.count;
      const id = this.#ids.find(ids, start, end);
      if (id < 0) isAll = false;
      else if (id === known) this.#begin(id, numbers, at);
      else if (!this.#goesOn(id, { numbers, at, toleranceMs }))
        joinPacked(this.#tell(id), { numbers, at, toleranceMs });
      start = end;
      at += packed.HEAD + packed.RUN * (numbers[at + packed.RUNS] as number);
    }
    return isAll;
  }

  /** Those that are more than one run by a clock that goes forward. */
  get told(): Iterable<Stream> {
    return this.#told.values();
  }

  *[Symbol.iterator](): Generator<Stream> {
    for (let id = 0; id < this.#ids.count; id++) yield this.#told.get(id) ?? this.#stream(id);
  }

  #begin(id: number, numbers: Float64Array, at: number): void {
    if ((id + 1) * PLAIN > this.#plain.length) {
      const bigger = new Float64Array(this.#plain.length * 2);
      bigger.set(this.#plain);
      this.#plain = bigger;
    }
    if (!isPlain(numbers, at)) {
      this.#told.set(id, packed.unpackStream(this.#ids.text(id), numbers, at));
      return;
    }
    const to = id * PLAIN;
    for (let i = 0; i < packed.RUN; i++) this.#plain[to + i] = numbers[at + packed.HEAD + i] as number;
    this.#plain[to + HEAD_TIME] = numbers[at + packed.HEAD_TIME] as number;
    this.#plain[to + TAIL_TIME] = numbers[at + packed.TAIL_TIME] as number;
  }

  /** A run that begins where this one ends, by a clock that does not go back: false where there is more to it. */
  #goesOn(
    id: number,
    { numbers, at, toleranceMs }: { numbers: Float64Array; at: number; toleranceMs: number },
  ): boolean {
    const plain = this.#plain;
    const to = id * PLAIN;
    const run = at + packed.HEAD;
    if ((this.#told.size > 0 && this.#told.has(id)) || !isPlain(numbers, at)) return false;
    if (numbers[run + FIRST] !== (plain[to + LAST] as number) + 1) return false;
    // NaN, a time that is not known, is never beyond the tolerance.
    if ((plain[to + TAIL_TIME] as number) - (numbers[at + packed.HEAD_TIME] as number) > toleranceMs) return false;
    plain[to + LAST] = numbers[run + LAST] as number;
    plain[to + LAST_ROW] = numbers[run + LAST_ROW] as number;
    plain[to + TAIL_TIME] = numbers[at + packed.TAIL_TIME] as number;
    return true;
  }

  #tell(id: number): Stream {
    const known = this.#told.get(id);
    if (known !== undefined) return known;
    const made = this.#stream(id);
    this.#told.set(id, made);
    return made;
  }

  #stream(id: number): Stream {
    const number = (i: number) => this.#plain[id * PLAIN + i] as number;
    const time = (i: number) => (Number.isNaN(number(i)) ? null : number(i));
    const [first, last, firstRow, lastRow] = [number(FIRST), number(LAST), number(FIRST_ROW), number(LAST_ROW)];
    return {
      ...emptyStream(this.#ids.text(id)),
      runs: [{ first, last, firstRow, lastRow }],
      head: { number: first, time: time(HEAD_TIME), row: firstRow },
      tail: { number: last, time: time(TAIL_TIME) },
    };
  }
}

/** One run in its order: its first number came first and its last one last. */
function isPlain(numbers: Float64Array, at: number): boolean {
  const run = at + packed.HEAD;
  return (
    packed.isOneRun(numbers, at) &&
    numbers[at + packed.HEAD_NUMBER] === numbers[run + FIRST] &&
    numbers[at + packed.HEAD_ROW] === numbers[run + FIRST_ROW] &&
    numbers[at + packed.TAIL_NUMBER] === numbers[run + LAST]
  );
}
