import { readVarint, varintSize } from './varint.ts';

/**
 * The fields of one record: serial types and where their bytes stand, https://www.sqlite.org/fileformat2.html#record_format
 * One instance serves all rows of a cursor; nothing is allocated per row.
 */
export class RecordFields {
  /** Fields in the record; columns added to the table later have none. */
  count = 0;
  types: Int32Array = new Int32Array(64);
  starts: Int32Array = new Int32Array(64);

  /**
   * Reads the header of the record at `[start, start + length)`. False where it is no record: its parts must fill the
   * payload exactly.
   */
  read(bytes: Uint8Array, start: number, length: number): boolean {
    const end = start + length;
    let pos = start;
    let headerLength = bytes[pos]!;
    if (headerLength >= 0x80) {
      headerLength = readVarint(bytes, pos);
      pos += varintSize(bytes, pos);
    } else {
      pos++;
    }
    if (headerLength > length) return false;
    const headerEnd = start + headerLength;
    let body = headerEnd;
    let count = 0;
    while (pos < headerEnd) {
      let type = bytes[pos]!;
      if (type >= 0x80) {
        type = readVarint(bytes, pos);
        pos += varintSize(bytes, pos);
        if (type > LARGEST_TYPE) return false;
      } else {
        pos++;
      }
      // 10 and 11 are reserved for expansion: never in a file.
      const size = type >= 12 ? (type - 12) >>> 1 : FIXED_SIZES[type]!;
      if (size < 0) return false;
      if (count === this.types.length) this.#grow();
      this.types[count] = type;
      this.starts[count] = body;
      count++;
      body += size;
      if (body > end) return false;
    }
    this.count = count;
    return pos === headerEnd && body === end;
  }

  #grow(): void {
    const wider = (old: Int32Array): Int32Array => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    this.types = wider(this.types);
    this.starts = wider(this.starts);
  }
}

/** Content sizes of serial types 0 to 11 (section 2.1). */
const FIXED_SIZES = new Int8Array([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, -1, -1]);

/** A value of 2^30 bytes is longer than any payload that passes: keeps serial types within 32 bits. */
const LARGEST_TYPE = 2 ** 31 - 1;

export function contentSize(type: number): number {
  return type >= 12 ? (type - 12) >>> 1 : FIXED_SIZES[type]!;
}
