import { RecordValues, TEXT } from './record-values.ts';

const CR = 0x0d;
const LF = 0x0a;
/** More columns than a spreadsheet program writes names for are no header. */
export const MOST_COLUMNS = 4096;

export interface CsvDialect {
  readonly delimiter: number;
  readonly quote: number;
}

/**
 * Reads one row of a CSV (RFC 4180) and notes where the profile's columns stand. A quote opens a field only at its
 * beginning; after the closing one nothing may follow but the delimiter. NULs have no place in a table.
 */
export class CsvScanner {
  /** Where the next scan puts what it finds: its own, or `another` of the same kind. */
  values: RecordValues;
  problem = '';
  problemAt = 0;
  /** Fields of the last row; 0 where it is not well formed. */
  fields = 0;
  /** The last row has bytes beyond ASCII. */
  high = false;
  readonly #slots: Int16Array;
  readonly #dialect: CsvDialect;

  /** `slots`: for each column of the table its slot, or -1. */
  constructor(slots: readonly number[], count: number, dialect: CsvDialect) {
    this.values = new RecordValues(count, dialect.quote);
    this.#slots = Int16Array.from(slots);
    this.#dialect = dialect;
  }

  /** Scans the row in `bytes[start..end)`, its line end included or not. False: see `problem`. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    this.problem = '';
    this.high = false;
    this.fields = 0;
    this.values.reset(bytes);
    const last = withoutLineEnd(bytes, start, end);
    let column = 0;
    for (let at = start; ; column++) {
      const after =
        bytes[at] === this.#dialect.quote && at < last
          ? this.#quoted(bytes, at, { last, column })
          : this.#plain(bytes, at, { last, column });
      if (after < 0) return false;
      if (after === last) break;
      at = after + 1;
    }
    const columns = this.#slots.length;
    this.fields = column + 1;
    return (
      this.fields === columns || this.#fail(last, `${this.fields} fields where the table has ${columns} columns`) >= 0
    );
  }

  #fail(at: number, problem: string): -1 {
    this.problem = problem;
    this.problemAt = at;
    return -1;
  }

  #note(column: number, start: number, end: number, escaped: boolean): void {
    const slot = this.#slots[column];
    if (slot === undefined || slot < 0) return;
    this.values.set(slot, TEXT, start, end);
    if (escaped) this.values.escaped[slot] = 1;
  }

  #plain(bytes: Buffer, from: number, { last, column }: { last: number; column: number }): number {
    const { delimiter, quote } = this.#dialect;
    let at = from;
    let any = 0;
    for (; at < last; at++) {
      const byte = bytes[at] as number;
      if (byte === delimiter) break;
      any |= byte;
      if (byte === quote) return this.#fail(at, 'a quote inside a field that does not begin with one');
      if (byte === 0) return this.#fail(at, 'a NUL');
      if (byte === CR) return this.#fail(at, 'a carriage return outside quotes');
    }
    if (any > 0x7f) this.high = true;
    this.#note(column, from, at, false);
    return at;
  }

  #quoted(bytes: Buffer, from: number, { last, column }: { last: number; column: number }): number {
    const { delimiter, quote } = this.#dialect;
    let escaped = false;
    for (let at = from + 1; at < last; at++) {
      const byte = bytes[at] as number;
      if (byte > 0x7f) this.high = true;
      if (byte === 0) return this.#fail(at, 'a NUL');
      if (byte !== quote) continue;
      if (bytes[at + 1] === quote && at + 1 < last) {
        escaped = true;
        at++;
        continue;
      }
      if (at + 1 < last && bytes[at + 1] !== delimiter) return this.#fail(at, 'something after a closing quote');
      this.#note(column, from + 1, at, escaped);
      return at + 1;
    }
    return this.#fail(last, 'a quoted field has no end');
  }
}

/** The texts of one row, for a header; null where the row is not well formed. */
export function readRow(bytes: Buffer, dialect: CsvDialect): string[] | null {
  const counting = new CsvScanner([], 0, dialect);
  counting.scan(bytes, 0, bytes.length);
  if (counting.fields === 0 || counting.fields > MOST_COLUMNS) return null;
  const slots = Array.from({ length: counting.fields }, (_, i) => i);
  const scanner = new CsvScanner(slots, slots.length, dialect);
  return scanner.scan(bytes, 0, bytes.length) ? slots.map((slot) => scanner.values.text(slot)) : null;
}

function withoutLineEnd(bytes: Buffer, start: number, end: number): number {
  let last = end;
  if (last > start && bytes[last - 1] === LF) last--;
  if (last > start && bytes[last - 1] === CR) last--;
  return last;
}
