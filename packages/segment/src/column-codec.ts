import { type ByteColumn, u32be } from '@custody/bytes';
import { malformed } from './errors.ts';

/** What the fifth and last byte of a length counts in. */
const LARGEST_SCALE = 0x80 ** 4;

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
    if (length < 0 || this.#at + length > this.#bytes.length) throw tooEarly();
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
    // A row takes one byte at least: memory is taken only for rows that can be there.
    if (rows > this.#bytes.length - this.#at) throw tooEarly();
    const ends = new Uint32Array(rows);
    const absent = new Uint8Array(rows);
    this.#at = readLengths(this.#bytes, this.#at, { ends, absent });
    if ((rows === 0 ? 0 : ends[rows - 1]) !== size) throw malformed('the lengths of a stored column do not add up');
    return { bytes: this.take(size), ends, absent };
  }

  finish(): void {
    if (this.#at !== this.#bytes.length) throw malformed('a stored part has bytes after its end');
  }
}

/** Reads the lengths at `from` into ends and marks of absence; returns the offset after them. Nothing is made a row. */
function readLengths(
  bytes: Uint8Array,
  from: number,
  { ends, absent }: { readonly ends: Uint32Array; readonly absent: Uint8Array },
): number {
  let at = from;
  let end = 0;
  for (let i = 0; i < ends.length; i++) {
    let value = 0;
    let scale = 1;
    for (;;) {
      if (at >= bytes.length) throw tooEarly();
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 0x80;
      if (scale > LARGEST_SCALE) throw malformed('a length in a stored column is too long');
    }
    if (value === 0) absent[i] = 1;
    else end += value - 1;
    ends[i] = end;
  }
  // No column is longer than the part it stands in, so nothing above was cut off to 32 bits.
  if (end > bytes.length) throw malformed('the lengths of a stored column do not add up');
  return at;
}

function tooEarly(): Error {
  return malformed('a stored part ends too early');
}
