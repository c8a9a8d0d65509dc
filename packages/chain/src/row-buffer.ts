import { digestMany } from '@custody/bytes';

/** Up to this many bytes a loop beats making a view and calling `set`: pieces of bodies and lists of them are shorter. */
const SHORT = 200;

/** Hash inputs laid end to end for one batch digest. Memory is kept from batch to batch; reserve before writing. */
export class RowBuffer {
  #bytes: Uint8Array = new Uint8Array(1 << 16);
  #view: DataView = new DataView(this.#bytes.buffer);
  #ends: Uint32Array = new Uint32Array(4096);
  #at = 0;
  #rows = 0;

  /** Forgets what was there and makes room for `rows` rows of `bytes` bytes in all. */
  start(rows: number, bytes: number): void {
    if (bytes > this.#bytes.length) {
      this.#bytes = new Uint8Array(Math.ceil(bytes * 1.25));
      this.#view = new DataView(this.#bytes.buffer);
    }
    if (rows > this.#ends.length) this.#ends = new Uint32Array(Math.ceil(rows * 1.25));
    this.#at = 0;
    this.#rows = 0;
  }

  /** Writes `prefix u8 || number u8 || length u32`, how openings, pieces and lists of pieces all begin. */
  head(prefix: number, number: number, length: number): void {
    const at = this.#at;
    this.#bytes[at] = prefix;
    this.#bytes[at + 1] = number;
    this.#view.setUint32(at + 2, length);
    this.#at = at + 6;
  }

  /** Copies the 16 bytes at `at` of `source`: word by word, since this is done for every field of every item. */
  salt(source: DataView, at: number): void {
    const view = this.#view;
    const to = this.#at;
    view.setInt32(to, source.getInt32(at, true), true);
    view.setInt32(to + 4, source.getInt32(at + 4, true), true);
    view.setInt32(to + 8, source.getInt32(at + 8, true), true);
    view.setInt32(to + 12, source.getInt32(at + 12, true), true);
    this.#at = to + 16;
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
