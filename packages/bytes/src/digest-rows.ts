import { DIGEST_LENGTH } from './digest-batch.ts';
import { type BytesErrorCode, UsageError } from './errors.ts';
import { sha256Into } from './sha256.ts';
import { type WasmRows, wasmDigests } from './sha256-wasm.ts';

/** Prefix, number, length and salt before a value. */
const BEFORE_VALUE = 22;
const HEAD = 6;
const SALT = 16;
const ABSENT = 1;
const PASSED = 2;
/** Before the digests of a row: prefix and their number. */
const ROW_HEAD = 3;

/** Values `data[starts[i] .. ends[i])` in ascending order, each to be hashed as `prefix, number, length u32, salt, value`. */
export interface SaltedValues {
  readonly prefix: number;
  readonly number: number;
  readonly data: Uint8Array;
  /** Null: each begins where the one before ends, the first at `first`. */
  readonly starts: Uint32Array | null;
  readonly first: number;
  readonly ends: Uint32Array;
  /** A byte a value, 1: absent, hashed with the length 0xFFFFFFFF and no value; 2: passed over. Null: all are there. */
  readonly marks: Uint8Array | null;
  /** 16 bytes a value. */
  readonly salts: Uint8Array;
}

/**
 * Digests over rows of digests, `SHA-256(prefix, columns u16, digest 1 ... digest n)`, for which the columns are filled
 * one after the other. Values go into the module's memory in whole stretches, and nothing is made or called a value.
 * One at a time in a thread: the rows are those of the module.
 */
export class DigestRows {
  readonly #wasm: WasmRows;
  #columns = 0;
  #count = 0;

  private constructor(wasm: WasmRows) {
    this.#wasm = wasm;
  }

  /** Null where the platform has no WebAssembly. */
  static create(): DigestRows | null {
    return wasmDigests === null ? null : new DigestRows(wasmDigests.rows);
  }

  /** Most rows at one time. */
  get mostRows(): number {
    return this.#wasm.mostRows;
  }

  /** Most parts at one time. */
  get mostParts(): number {
    return this.#wasm.mostParts;
  }

  /** Begins `count` rows of `columns` digests. Throws UsageError DIGEST_SHAPE for more than there is room for. */
  start(prefix: number, columns: number, count: number): void {
    const { mostRows, stride } = this.#wasm;
    if (count > mostRows || ROW_HEAD + columns * DIGEST_LENGTH + 9 > stride)
      throw shape('more rows or columns than fit');
    this.#columns = columns;
    this.#count = count;
    this.#wasm.startRows(prefix, columns, count);
  }

  /** The digests of one value a row, column from 0. */
  column(column: number, values: SaltedValues): void {
    const { rows, stride } = this.#wasm;
    const { prefix, number } = values;
    const into = (row: number) => row * stride + ROW_HEAD + column * DIGEST_LENGTH;
    this.#each(values, {
      many: (base, count, row) => this.#wasm.digestColumn(prefix, number, base, count, column, row),
      one: (message, row) => sha256Into(message, rows, into(row)),
    });
  }

  /** The digests of values as parts from 0 on, for `lists` or `placeParts`. */
  parts(values: SaltedValues): void {
    const { parts, mostParts } = this.#wasm;
    const { prefix, number } = values;
    if (values.ends.length > mostParts) throw shape('more parts than fit');
    this.#each(values, {
      many: (base, count, part) => this.#wasm.digestParts(prefix, number, base, count, part),
      one: (message, part) => sha256Into(message, parts, part * DIGEST_LENGTH),
    });
  }

  /** For each row that has parts, `first[row]` to `first[row + 1]`, the digest of `prefix, number, how many u32` and them. */
  lists(column: number, head: { readonly prefix: number; readonly number: number; readonly first: Uint32Array }): void {
    const { partsFirst, parts, rows, stride, longestFrame } = this.#wasm;
    const { prefix, number, first } = head;
    partsFirst.set(first);
    if (this.#wasm.digestLists(prefix, number, this.#count, column) === 0) return;
    for (let row = 0; row < this.#count; row++) {
      const from = first[row] as number;
      const count = (first[row + 1] as number) - from;
      const size = HEAD + count * DIGEST_LENGTH;
      if (size <= longestFrame) continue;
      const message = new Uint8Array(size);
      writeHead(message, prefix, number, count);
      message.set(parts.subarray(from * DIGEST_LENGTH, (from + count) * DIGEST_LENGTH), HEAD);
      sha256Into(message, rows, row * stride + ROW_HEAD + column * DIGEST_LENGTH);
    }
  }

  /** Parts as they are, 32 bytes a row, into a column. */
  placeParts(column: number): void {
    this.#wasm.placeParts(this.#count, column);
  }

  /** What was made as parts; written to by whoever has digests from elsewhere. */
  get partDigests(): Uint8Array {
    return this.#wasm.parts;
  }

  /** The digests over all rows, as a view until the next use. */
  finish(): Uint8Array {
    this.#wasm.digestRows(this.#columns, this.#count);
    return this.#wasm.rowDigests.subarray(0, this.#count * DIGEST_LENGTH);
  }

  /** Copies values in stretches that fit; what is too long for that is hashed alone. */
  #each(
    values: SaltedValues,
    how: {
      readonly many: (base: number, count: number, from: number) => number;
      readonly one: (message: Uint8Array, i: number) => void;
    },
  ): void {
    const { longestFrame, mostFrames, values: room } = this.#wasm;
    const { ends } = values;
    for (let from = 0; from < ends.length; ) {
      const base = startOf(values, from);
      let to = from;
      const last = Math.min(ends.length, from + mostFrames);
      // Nearly always all of them fit.
      if ((ends[last - 1] as number) - base <= room.length) to = last;
      else while ((ends[to] as number) - base <= room.length) to++;
      if (to === from) how.one(messageOf(values, to++), from);
      else if (this.#load(values, from, to) && how.many(base, to - from, from) > 0) {
        for (let i = from; i < to; i++) {
          const long = BEFORE_VALUE + (ends[i] as number) - startOf(values, i) > longestFrame;
          if (long && values.marks?.[i] !== PASSED) how.one(messageOf(values, i), i);
        }
      }
      from = to;
    }
  }

  #load(values: SaltedValues, from: number, to: number): boolean {
    const wasm = this.#wasm;
    const { data, starts, ends, marks, salts } = values;
    const base = startOf(values, from);
    wasm.values.set(data.subarray(base, ends[to - 1]));
    wasm.ends.set(ends.subarray(from, to));
    if (starts === null) {
      wasm.starts[0] = base;
      wasm.starts.set(ends.subarray(from, to - 1), 1);
    } else {
      wasm.starts.set(starts.subarray(from, to));
    }
    if (marks === null) wasm.marks.fill(0, 0, to - from);
    else wasm.marks.set(marks.subarray(from, to));
    wasm.salts.set(salts.subarray(from * SALT, to * SALT));
    return true;
  }
}

function startOf({ starts, first, ends }: SaltedValues, i: number): number {
  if (starts !== null) return starts[i] as number;
  return i === 0 ? first : (ends[i - 1] as number);
}

function messageOf(values: SaltedValues, i: number): Uint8Array {
  const { prefix, number, data, ends, marks, salts } = values;
  const start = startOf(values, i);
  const end = ends[i] as number;
  const message = new Uint8Array(BEFORE_VALUE + end - start);
  writeHead(message, prefix, number, marks?.[i] === ABSENT ? 0xffffffff : end - start);
  message.set(salts.subarray(i * SALT, (i + 1) * SALT), HEAD);
  message.set(data.subarray(start, end), BEFORE_VALUE);
  return message;
}

function writeHead(message: Uint8Array, prefix: number, number: number, length: number): void {
  message[0] = prefix;
  message[1] = number;
  new DataView(message.buffer).setUint32(2, length);
}

function shape(what: string): UsageError<BytesErrorCode> {
  return new UsageError('DIGEST_SHAPE', `digests were asked for with ${what}`);
}
