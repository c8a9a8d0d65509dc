import { type ByteColumn, u32be } from '@custody/bytes';
import { malformed } from './errors.ts';

/** Room that the longest form of a column takes. */
export function columnRoom(column: ByteColumn): number {
  return 8 + column.ends.length * 5 + column.bytes.length;
}

/**
 * A column as stored: `rows u32 || bytes u32 || lengths || bytes`, each length a varint (LEB128) of length + 1,
 * 0 for absent. Written to `into` from `at`; returns the offset after it.
 */
export function writeColumn(column: ByteColumn, into: Uint8Array, at: number): number {
  const { bytes, ends, absent } = column;
  const rows = ends.length;
  into.set(u32be(rows), at);
  into.set(u32be(bytes.length), at + 4);
  let to = at + 8;
  let start = 0;
  for (let i = 0; i < rows; i++) {
    const end = ends[i] as number;
    let value = absent[i] === 1 ? 0 : end - start + 1;
    start = end;
    while (value > 0x7f) {
      into[to++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    into[to++] = value;
  }
  into.set(bytes, to);
  return to + bytes.length;
}

/** Reads columns one after the other from untrusted bytes; every length is checked against what is there. */
export class ColumnReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Throws FormatError OBJECT_MALFORMED. */
  take(length: number): Uint8Array {
    if (length < 0 || this.#at + length > this.#bytes.length) throw malformed('a stored part ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  u32(): number {
    const [a, b, c, d] = this.take(4) as unknown as [number, number, number, number];
    return a * 0x1000000 + (b << 16) + (c << 8) + d;
  }

  column(rows: number): ByteColumn {
    if (this.u32() !== rows) throw malformed('a stored column has another number of rows than its part');
    const size = this.u32();
    const ends = new Uint32Array(rows);
    const absent = new Uint8Array(rows);
    let end = 0;
    for (let i = 0; i < rows; i++) {
      const value = this.#varint();
      if (value === 0) absent[i] = 1;
      else end += value - 1;
      ends[i] = end;
    }
    if (end !== size) throw malformed('the lengths of a stored column do not add up');
    return { bytes: this.take(size), ends, absent };
  }

  finish(): void {
    if (this.#at !== this.#bytes.length) throw malformed('a stored part has bytes after its end');
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.take(1)[0] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed('a length in a stored column is too long');
  }
}
