/** The content of one data page, before its header is known. Integers are little-endian (Parquet, "PLAIN"). */
export class PageBytes {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  u8(value: number): void {
    this.#room(1);
    this.#bytes[this.length++] = value;
  }

  i32(value: number): void {
    this.#room(4);
    this.#view.setInt32(this.length, value, true);
    this.length += 4;
  }

  /** A whole number within ±2^53. */
  i64(value: number): void {
    this.#room(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.#view.setUint32(this.length, value - high * 0x1_0000_0000, true);
    this.#view.setInt32(this.length + 4, high, true);
    this.length += 8;
  }

  varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  /** Length and bytes of a BYTE_ARRAY. */
  byteArray(source: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.#room(size + 4);
    const into = this.#bytes;
    let at = this.length;
    into[at] = size;
    into[at + 1] = size >>> 8;
    into[at + 2] = size >>> 16;
    into[at + 3] = size >>> 24;
    at += 4;
    if (size > 32) into.set(source.subarray(start, end), at);
    else for (let i = 0; i < size; i++) into[at + i] = source[start + i] as number;
    this.length = at + size;
  }

  zeros(count: number): void {
    this.#room(count);
    this.#bytes.fill(0, this.length, this.length + count);
    this.length += count;
  }

  #room(size: number): void {
    if (this.length + size <= this.#bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.length + size, this.#bytes.length * 2));
    bigger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }
}
