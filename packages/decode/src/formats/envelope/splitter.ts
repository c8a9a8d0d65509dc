import type { CsvDialect } from './csv-scanner.ts';

/** A longer record is not decoded: LIMIT_EXCEEDED. */
export const LONGEST_RECORD: number = 16 * 1024 * 1024;
/** Bytes that may be read again after rows whose quotes lead nowhere; then the rest of such a stretch is given up. */
const RESCAN_BUDGET = 256 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** Finds where records end. The same bytes give the same records whether they come in one piece or in windows. */
export interface Splitter {
  /** The end of the record that begins at `from`, its line end included; -1: it ends beyond `bytes`. */
  next(bytes: Buffer, from: number): number;
  /** `bytes` reach to the end of the dump, or of the unit: what is not closed there never closes. */
  complete: boolean;
  /** The record found last is a stretch of which nothing can be told, not even how many rows it holds. */
  readonly gaveUp: boolean;
}

/** Records that end at each line feed. */
export class LineSplitter implements Splitter {
  complete = false;
  readonly gaveUp = false;

  next(bytes: Buffer, from: number): number {
    const lf = bytes.indexOf(LF, from);
    if (lf >= 0) return lf + 1;
    return this.complete ? bytes.length : -1;
  }
}

/**
 * Rows of a CSV, where a line feed inside quotes belongs to its field. A quote that is not closed as RFC 4180 says
 * costs its own row: that row ends at its first line feed (and will not scan), and the next line is a row again.
 */
export class RowSplitter implements Splitter {
  complete = false;
  gaveUp = false;
  readonly #dialect: CsvDialect;
  #budget: number;
  #bytes: Buffer | null = null;
  #quote = -1;

  /** `budget`: for those who decode what was split before; rows are then known to end. */
  constructor(dialect: CsvDialect, budget: number = RESCAN_BUDGET) {
    this.#dialect = dialect;
    this.#budget = budget;
  }

  next(bytes: Buffer, from: number): number {
    this.gaveUp = false;
    const lf = bytes.indexOf(LF, from);
    const lineEnd = lf >= 0 ? lf + 1 : this.complete ? bytes.length : -1;
    const quote = this.#nextQuote(bytes, from);
    if (quote < 0 || (lf >= 0 && quote > lf)) return lineEnd;
    return this.#quotedRow(bytes, from, lineEnd);
  }

  /** The first quote from `from` on, found once for all the rows before it. */
  #nextQuote(bytes: Buffer, from: number): number {
    if (this.#bytes !== bytes || (this.#quote >= 0 && this.#quote < from)) {
      this.#bytes = bytes;
      this.#quote = bytes.indexOf(this.#dialect.quote, from);
    }
    return this.#quote;
  }

  #quotedRow(bytes: Buffer, from: number, lineEnd: number): number {
    const { delimiter, quote } = this.#dialect;
    let atFieldStart = true;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote && atFieldStart) {
        const close = this.#closing(bytes, from, at + 1);
        if (close === NOT_YET) return -1;
        if (close < 0) return this.#broken(bytes, -close, lineEnd);
        at = close;
        atFieldStart = false;
        continue;
      }
      if (byte === LF) return at + 1;
      atFieldStart = byte === delimiter;
    }
    return this.complete ? bytes.length : -1;
  }

  /** Place of the quote that closes a field; NOT_YET; or minus the place where it became clear that none does. */
  #closing(bytes: Buffer, from: number, start: number): number {
    const { delimiter, quote } = this.#dialect;
    for (let at = start; ; at += 2) {
      at = bytes.indexOf(quote, at);
      if (at < 0) return this.complete || bytes.length - from > LONGEST_RECORD ? -bytes.length : NOT_YET;
      if (at - from > LONGEST_RECORD) return -at;
      const after = bytes[at + 1];
      if (after === undefined) return this.complete ? at : NOT_YET;
      if (after === quote) continue;
      return after === delimiter || after === LF || after === CR ? at : -at;
    }
  }

  #broken(bytes: Buffer, reached: number, lineEnd: number): number {
    if (lineEnd < 0) return -1;
    this.#budget -= Math.max(0, reached - lineEnd);
    if (this.#budget >= 0) return lineEnd;
    this.gaveUp = true;
    const lf = bytes.indexOf(LF, reached);
    return lf >= 0 ? lf + 1 : this.complete ? bytes.length : -1;
  }
}

const NOT_YET = 0;

/** True for a line with nothing on it: no record, in a dump of either kind. */
export function isBlank(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length > 2) return false;
  for (let i = start; i < end; i++) if (bytes[i] !== LF && bytes[i] !== CR) return false;
  return true;
}
