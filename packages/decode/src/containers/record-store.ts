import type { ByteSource } from '../byte-source.ts';
import type { ScratchFile } from '../scratch.ts';

/** Numbers kept for a record: row, place and length in the file, line and its length, raw bytes and theirs, problem. */
export const PLACE_NUMBERS = 8;
const MOST_RECORDS = 4000;
const MOST_BYTES = 48 * 1024 * 1024;

/** Records of a unit as they were put into a scratch file: lines, raw bytes, places, one behind the other. */
export interface StoredBlock {
  readonly at: number;
  readonly lines: number;
  readonly raws: number;
  readonly count: number;
  /** What locators name: the file, and the member inside it. */
  readonly path: string;
  readonly firstRow: number;
}

export interface RecordBlock {
  readonly lines: Buffer;
  readonly raws: Buffer;
  readonly places: Float64Array;
}

/** Where a record stands. Rows from 1; offset and length in bytes of what `path` names. */
export interface RecordPlace {
  readonly row: number;
  readonly offset: number;
  readonly length: number;
}

/** Takes the records of a container in their order, and cuts them into units. */
export class RecordStore {
  readonly blocks: StoredBlock[] = [];
  readonly #scratch: ScratchFile;
  readonly #lines: Uint8Array[] = [];
  readonly #raws: Uint8Array[] = [];
  readonly #places: number[] = [];
  #path: string;
  #lineBytes = 0;
  #rawBytes = 0;
  #count = 0;

  constructor(scratch: ScratchFile, path: string) {
    this.#scratch = scratch;
    this.#path = path;
  }

  /** Records from here on stand in another part of the file. */
  within(path: string): void {
    if (path !== this.#path) this.flush();
    this.#path = path;
  }

  /** A record: its fields as a JSON object, and its bytes as found; `raw` null: the JSON is what was found. */
  add(json: Uint8Array, place: RecordPlace, raw: Uint8Array | null): void {
    this.#append(json, place, raw, 0);
  }

  /** A record that gives no fields, and why. */
  problem(why: string, place: RecordPlace): void {
    this.#append(Buffer.from(why), place, new Uint8Array(0), 1);
  }

  flush(): void {
    if (this.#count === 0) return;
    const at = this.#scratch.length;
    const places = Float64Array.from(this.#places);
    for (const part of [...this.#lines, ...this.#raws]) this.#scratch.append(part);
    this.#scratch.append(new Uint8Array(places.buffer));
    const [lines, raws, count, path] = [this.#lineBytes, this.#rawBytes, this.#count, this.#path];
    this.blocks.push({ at, lines, raws, count, path, firstRow: places[0] as number });
    for (const list of [this.#lines, this.#raws, this.#places]) list.length = 0;
    this.#lineBytes = 0;
    this.#rawBytes = 0;
    this.#count = 0;
  }

  #append(line: Uint8Array, { row, offset, length }: RecordPlace, raw: Uint8Array | null, problem: 0 | 1): void {
    this.#places.push(row, offset, length, this.#lineBytes, line.length, this.#rawBytes, raw?.length ?? -1, problem);
    this.#lines.push(new Uint8Array(line));
    this.#lineBytes += line.length;
    if (raw !== null) this.#raws.push(new Uint8Array(raw));
    this.#rawBytes += raw?.length ?? 0;
    this.#count++;
    if (this.#count === MOST_RECORDS || this.#lineBytes + this.#rawBytes >= MOST_BYTES) this.flush();
  }
}

export function readBlock(store: ByteSource, { at, lines, raws, count }: StoredBlock): RecordBlock {
  // `slice` of a Buffer is no copy, and a view need not begin where a Float64Array may.
  const places = new Uint8Array(store.read(at + lines + raws, count * PLACE_NUMBERS * 8));
  return {
    lines: asBuffer(store.read(at, lines)),
    raws: asBuffer(store.read(at + lines, raws)),
    places: new Float64Array(places.buffer, 0, count * PLACE_NUMBERS),
  };
}

/** A copy: what a source gives may be overwritten by its next read. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}
