import { unescapeCsv, unescapeJson } from './unescape.ts';

/** What stands in a slot after a scan. */
export const ABSENT = 0;
export const TEXT = 1;
export const NUMBER = 2;
export const TRUE = 3;
export const FALSE = 4;
export const NULL = 5;
export const OBJECT = 6;
export const ARRAY = 7;

/**
 * The values that a profile wants of one record, as ranges of bytes: nothing is copied and no text is made until
 * somebody asks. Overwritten by the next scan.
 */
export class RecordValues {
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where the range is text with escapes; `unescape` turns it into plain bytes. */
  readonly escaped: Uint8Array;
  /** Text held something that UTF-8 cannot carry (half of a surrogate pair); it became U+FFFD. */
  coerced = false;
  readonly #csvQuote: number;
  #source: Buffer = Buffer.alloc(0);
  #spill: Buffer = Buffer.alloc(0);
  #spilled = 0;

  /** `csvQuote`: the byte that stands for itself when doubled, or -1 for the escapes of JSON. */
  constructor(count: number, csvQuote = -1) {
    this.kinds = new Uint8Array(count);
    this.starts = new Int32Array(count);
    this.ends = new Int32Array(count);
    this.escaped = new Uint8Array(count);
    this.#csvQuote = csvQuote;
  }

  /** Room for another record with the same slots. */
  another(): RecordValues {
    return new RecordValues(this.kinds.length, this.#csvQuote);
  }

  reset(source: Buffer): void {
    this.#source = source;
    this.#spilled = 0;
    this.coerced = false;
    this.kinds.fill(ABSENT);
  }

  set(slot: number, kind: number, start: number, end: number): void {
    this.kinds[slot] = kind;
    this.starts[slot] = start;
    this.ends[slot] = end;
    this.escaped[slot] = 0;
  }

  has(slot: number): boolean {
    return slot >= 0 && this.kinds[slot] !== ABSENT && this.kinds[slot] !== NULL;
  }

  /** The array that `starts[slot]` and `ends[slot]` count in. Resolves escapes first: read the ends after this call. */
  bytes(slot: number): Buffer {
    const escaped = this.escaped[slot];
    if (escaped === 0) return this.#source;
    if (escaped === 1) this.#unescape(slot);
    return this.#spill;
  }

  /** The value as text; for values that are few or kept (names of parties). */
  text(slot: number): string {
    return this.bytes(slot).toString('utf8', this.starts[slot], this.ends[slot]);
  }

  equals(slot: number, value: Uint8Array): boolean {
    if (!this.has(slot)) return value.length === 0;
    const bytes = this.bytes(slot);
    const start = this.starts[slot] as number;
    if ((this.ends[slot] as number) - start !== value.length) return false;
    for (let i = 0; i < value.length; i++) if (bytes[start + i] !== value[i]) return false;
    return true;
  }

  /** Unescaped text is never longer than escaped text, so a record's own length is room enough for all its slots. */
  #unescape(slot: number): void {
    const start = this.starts[slot] as number;
    const end = this.ends[slot] as number;
    const need = this.#spilled + (end - start);
    if (need > this.#spill.length) {
      const bigger = Buffer.alloc(Math.max(256, need * 2));
      bigger.set(this.#spill.subarray(0, this.#spilled));
      this.#spill = bigger;
    }
    const at = this.#spilled;
    if (this.#csvQuote < 0) {
      const out = unescapeJson(this.#source, { start, end, into: this.#spill, at });
      this.#spilled = out.end;
      this.coerced ||= out.coerced;
    } else {
      this.#spilled = unescapeCsv(this.#source, { start, end, into: this.#spill, at }, this.#csvQuote);
    }
    this.starts[slot] = at;
    this.ends[slot] = this.#spilled;
    this.escaped[slot] = 2;
  }
}
