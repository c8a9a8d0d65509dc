import { BytesTable } from './bytes-table.ts';
import { type PackedStreams, StreamPacker } from './packed-streams.ts';
import { addNumber, emptyStream, type NumberedRecord, type Stream } from './stream.ts';

/** Devices whose names are kept from unit to unit, and the longest name that is. */
const MOST_KEPT = 1 << 16;
const LONGEST = 256;
/** Numbers of a stream that is one run without anything to be said of it. */
const RUN = 6;
const FIRST = 0;
const LAST = 1;
const FIRST_ROW = 2;
const LAST_ROW = 3;
const HEAD_TIME = 4;
const TAIL_TIME = 5;

/**
 * The sequence numbers of the devices of one unit. Most devices of a unit have a number or two, in order: these are a
 * few numbers in an array, and only where there is more to be told a Stream is made.
 */
export class UnitStreams {
  readonly #names = new BytesTable(MOST_KEPT, LONGEST);
  /** Of each name its stream in this unit + 1; 0: none. */
  #streamOf = new Int32Array(1 << 10);
  /** Of each stream its name, or -1. */
  #nameOf = new Int32Array(1 << 10);
  #runs = new Float64Array(RUN << 10);
  #count = 0;
  /** Streams that are more than a run, and those whose names are not kept. */
  readonly #told = new Map<number, Stream>();
  readonly #byText = new Map<string, number>();

  /** Begins a unit. */
  renew(): void {
    for (let i = 0; i < this.#count; i++) {
      const name = this.#nameOf[i] as number;
      if (name >= 0) this.#streamOf[name] = 0;
    }
    this.#count = 0;
    this.#told.clear();
    this.#byText.clear();
    if (this.#names.full) this.#names.clear();
  }

  /** A record of the device `ids[start..end)`. `record` is not kept. */
  add(ids: Buffer, start: number, end: number, record: NumberedRecord, toleranceMs: number): void {
    const name = this.#names.find(ids, start, end);
    if (name >= this.#streamOf.length) this.#streamOf = grownInts(this.#streamOf, name * 2);
    const known = name < 0 ? this.#longNamed(ids.toString('utf8', start, end)) : (this.#streamOf[name] as number) - 1;
    if (known < 0) {
      const stream = this.#begin(name);
      this.#streamOf[name] = stream + 1;
      this.#start(stream, record);
    } else if (!this.#goesOn(known, record, toleranceMs)) {
      addNumber(this.#toTell(known), record, toleranceMs);
    }
  }

  pack(): PackedStreams {
    const packer = new StreamPacker(this.#count);
    const runs = this.#runs;
    for (let i = 0; i < this.#count; i++) {
      const told = this.#told.get(i);
      if (told !== undefined) {
        packer.stream(told);
        continue;
      }
      const name = this.#nameOf[i] as number;
      packer.id(this.#names.pool, this.#names.start(name), this.#names.end(name));
      const at = i * RUN;
      packer.run(runs, at);
    }
    return packer.packed();
  }

  #longNamed(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const stream = this.#begin(-1);
    this.#byText.set(text, stream);
    this.#told.set(stream, emptyStream(text));
    return stream;
  }

  #begin(name: number): number {
    const stream = this.#count++;
    if (stream === this.#nameOf.length) {
      this.#nameOf = grownInts(this.#nameOf, stream * 2);
      const runs = new Float64Array(this.#runs.length * 2);
      runs.set(this.#runs);
      this.#runs = runs;
    }
    this.#nameOf[stream] = name;
    return stream;
  }

  #start(stream: number, { number, time, row }: NumberedRecord): void {
    const at = stream * RUN;
    const runs = this.#runs;
    runs[at + FIRST] = number;
    runs[at + LAST] = number;
    runs[at + FIRST_ROW] = row;
    runs[at + LAST_ROW] = row;
    runs[at + HEAD_TIME] = time ?? Number.NaN;
    runs[at + TAIL_TIME] = time ?? Number.NaN;
  }

  /** The record has the next number, and its clock does not go back: false where there is more to it. */
  #goesOn(stream: number, { number, time, row }: NumberedRecord, toleranceMs: number): boolean {
    const at = stream * RUN;
    const runs = this.#runs;
    if (runs[at + LAST] !== number - 1 || (this.#told.size > 0 && this.#told.has(stream))) return false;
    if (time !== null && (runs[at + TAIL_TIME] as number) - time > toleranceMs) return false;
    runs[at + LAST] = number;
    runs[at + LAST_ROW] = row;
    runs[at + TAIL_TIME] = time ?? Number.NaN;
    return true;
  }

  #toTell(stream: number): Stream {
    const told = this.#told.get(stream);
    if (told !== undefined) return told;
    const made = streamOfRun(this.#names.text(this.#nameOf[stream] as number), this.#runs, stream * RUN);
    this.#told.set(stream, made);
    return made;
  }
}

function streamOfRun(id: string, runs: Float64Array, at: number): Stream {
  const number = (i: number) => runs[at + i] as number;
  const time = (i: number) => (Number.isNaN(number(i)) ? null : number(i));
  return {
    ...emptyStream(id),
    runs: [{ first: number(FIRST), last: number(LAST), firstRow: number(FIRST_ROW), lastRow: number(LAST_ROW) }],
    head: { number: number(FIRST), time: time(HEAD_TIME), row: number(FIRST_ROW) },
    tail: { number: number(LAST), time: time(TAIL_TIME) },
  };
}

function grownInts(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(Math.max(length, numbers.length * 2));
  bigger.set(numbers);
  return bigger;
}
