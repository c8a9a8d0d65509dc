import type { SourceRange } from '@custody/bytes';

const MILLION = 1_000_000;
const LONGEST = 24;
const encoder = new TextEncoder();

/** Whole numbers as ASCII digits, written into the same bytes again and again: the digits are `source[0..end)`. */
export class DecimalText implements SourceRange {
  readonly source: Uint8Array = new Uint8Array(LONGEST);
  readonly start = 0;
  #end = 0;

  get end(): number {
    return this.#end;
  }

  /** Writes a safe integer. */
  write(value: number): this {
    // Times in ms since 2001 have 13 digits, until 2286: two halves that fit into 32 bits.
    if (value < 1e12 || value >= 1e13) {
      this.#end = encoder.encodeInto(String(value), this.source).written;
      return this;
    }
    const high = Math.floor(value / MILLION);
    this.#digits(high, 7, 7);
    this.#digits(value - high * MILLION, 13, 6);
    this.#end = 13;
    return this;
  }

  #digits(value: number, end: number, count: number): void {
    let rest = value | 0;
    for (let i = end - 1; i >= end - count; i--) {
      const next = (rest / 10) | 0;
      this.source[i] = 0x30 + rest - next * 10;
      rest = next;
    }
  }
}
