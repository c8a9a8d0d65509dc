import type { LeafRun, PageProblem, RowCursor, Rowid, SqliteTable } from '../sqlite/index.ts';

/** Rows in a run of leaves: with the last leaf's rows it stays within a segment of 4,096 leaves. */
const ROWS_A_RUN = 3900;
/** A unit is held in memory while it is written: rows of many bytes make shorter stretches. */
export const BYTES_A_STRETCH: number = 16 * 2 ** 20;

/** Neighbouring leaves of a table that one unit decodes. */
export interface Stretch {
  readonly pages: Uint32Array;
  /** Rows that could be read. */
  readonly rows: number;
  /** First readable rowid; Infinity where there is none. */
  readonly first: number;
  /** Bytes of the records, side rows included. */
  readonly bytes: number;
}

/** Reads a whole table once, leaf by leaf, keeps count, and divides it into stretches. */
export class RunScan {
  readonly table: SqliteTable;
  readonly stretches: Stretch[] = [];
  readonly problems: PageProblem[] = [];
  rows = 0;
  /** Whether rowids ascended and were all exact numbers: what tables can be read side by side by. */
  ascending = true;
  rowid: Rowid = Number.NEGATIVE_INFINITY;
  cursor: RowCursor;
  readonly #runs: readonly LeafRun[];
  #run = 0;
  /** The stretch begins at this leaf of the run. */
  #fromLeaf = 0;
  #page = 0;
  #count = 0;
  #bytes = 0;
  #first = Number.POSITIVE_INFINITY;

  constructor(table: SqliteTable) {
    this.table = table;
    const { runs, problems } = table.leafRuns(ROWS_A_RUN);
    this.#runs = runs;
    this.problems.push(...problems);
    this.cursor = this.#open();
  }

  next(): boolean {
    while (!this.cursor.next()) {
      this.#close(this.#runs[this.#run]?.pages.length ?? 0);
      this.problems.push(...this.cursor.problems);
      this.#fromLeaf = 0;
      if (++this.#run >= this.#runs.length) return false;
      this.cursor = this.#open();
    }
    const { rowid, page } = this.cursor;
    if (page !== this.#page && this.#bytes > BYTES_A_STRETCH) this.#cutBefore(page);
    this.#page = page;
    if (this.#count === 0) this.#first = Number(rowid);
    this.rows++;
    this.#count++;
    this.weigh(this.cursor.record().length);
    if (typeof rowid !== 'number' || rowid <= this.rowid) this.ascending = false;
    this.rowid = rowid;
    return true;
  }

  /** Bytes that will be written with the present row. */
  weigh(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Stretch of the present row, and which readable row of it the row is. */
  get place(): { readonly stretch: number; readonly index: number } {
    return { stretch: this.stretches.length, index: this.#count - 1 };
  }

  finish(): this {
    while (this.next());
    return this;
  }

  #cutBefore(page: number): void {
    const at = this.#runs[this.#run]?.pages.indexOf(page, this.#fromLeaf) ?? -1;
    if (at <= this.#fromLeaf) return;
    this.#close(at);
    this.#fromLeaf = at;
  }

  #close(toLeaf: number): void {
    const pages = this.#runs[this.#run]?.pages.slice(this.#fromLeaf, toLeaf) ?? new Uint32Array(0);
    this.stretches.push({ pages, rows: this.#count, first: this.#first, bytes: this.#bytes });
    this.#count = 0;
    this.#bytes = 0;
    this.#first = Number.POSITIVE_INFINITY;
  }

  #open(): RowCursor {
    const run = this.#runs[this.#run];
    return run === undefined ? this.table.scan() : this.table.scan({ leaves: run.pages });
  }
}
