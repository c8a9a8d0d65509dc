const MILLION = 1_000_000;
const LONGEST = 24;
const encoder = new TextEncoder();

/** Whole numbers as ASCII digits, written into the same bytes again and again. */
export class DecimalText {
  readonly bytes: Uint8Array = new Uint8Array(LONGEST);

  /** Writes a safe integer; the digits are `bytes[0..end)` with the end returned. */
  write(value: number): number {
    // Times in ms since 2001 have 13 digits, until 2286: two halves that fit into 32 bits.
    if (value < 1e12 || value >= 1e13) return encoder.encodeInto(String(value), this.bytes).written;
    const high = Math.floor(value / MILLION);
    this.#digits(high, 7, 7);
    this.#digits(value - high * MILLION, 13, 6);
    return 13;
  }

  #digits(value: number, end: number, count: number): void {
    let rest = value | 0;
    for (let i = end - 1; i >= end - count; i--) {
      const next = (rest / 10) | 0;
      this.bytes[i] = 0x30 + rest - next * 10;
      rest = next;
    }
  }
}
