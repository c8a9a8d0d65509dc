import { digestMany } from '@custody/bytes';

/** Below this many bytes a loop beats the call into `set`. */
const SHORT = 48;

/** Hash inputs laid end to end for one batch digest. Memory is kept from batch to batch; reserve before writing. */
export class RowBuffer {
  #bytes: Uint8Array = new Uint8Array(1 << 16);
  #ends: Uint32Array = new Uint32Array(4096);
  #at = 0;
  #rows = 0;

  /** Forgets what was there and makes room for `rows` rows of `bytes` bytes in all. */
  start(rows: number, bytes: number): void {
    if (bytes > this.#bytes.length) this.#bytes = new Uint8Array(Math.ceil(bytes * 1.25));
    if (rows > this.#ends.length) this.#ends = new Uint32Array(Math.ceil(rows * 1.25));
    this.#at = 0;
    this.#rows = 0;
  }

  /** Writes `prefix u8 || number u8 || length u32`, how openings, pieces and lists of pieces all begin. */
  head(prefix: number, number: number, length: number): void {
    const bytes = this.#bytes;
    const at = this.#at;
    bytes[at] = prefix;
    bytes[at + 1] = number;
    bytes[at + 2] = length >>> 24;
    bytes[at + 3] = length >>> 16;
    bytes[at + 4] = length >>> 8;
    bytes[at + 5] = length;
    this.#at = at + 6;
  }

  /** Copies `source[start..end)`. */
  copy(source: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes;
    const at = this.#at;
    const size = end - start;
    if (size <= SHORT) {
      for (let i = 0; i < size; i++) bytes[at + i] = source[start + i] as number;
    } else {
      bytes.set(source.subarray(start, end), at);
    }
    this.#at = at + size;
  }

  /** Ends the row: what was written since the last end is one hash input. */
  endRow(): void {
    this.#ends[this.#rows++] = this.#at;
  }

  /** SHA-256 of every row into `out`, 32 bytes each. */
  digestInto(out: Uint8Array): void {
    digestMany(this.#bytes, this.#ends, out, this.#rows);
  }
}
