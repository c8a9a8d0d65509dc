import type { LeafRun, PageProblem, RowCursor, Rowid, SqliteTable } from '../../../sqlite/index.ts';

/** Rows in a run of leaves: with the last leaf's rows it stays within a segment of 4,096 leaves. */
const ROWS_A_RUN = 3900;

/** Reads a whole table once, run by run, and keeps count. */
export class RunScan {
  readonly table: SqliteTable;
  readonly runs: readonly LeafRun[];
  /** Rows that could be read, for each run. */
  readonly runRows: number[] = [];
  /** First readable rowid of each run; Infinity where there is none. */
  readonly runFirst: number[] = [];
  readonly problems: PageProblem[] = [];
  rows = 0;
  /** Whether rowids ascended and were all exact numbers: what tables can be read side by side by. */
  ascending = true;
  rowid: Rowid = Number.NEGATIVE_INFINITY;
  cursor: RowCursor;
  #run = 0;
  #inRun = 0;

  constructor(table: SqliteTable) {
    this.table = table;
    const { runs, problems } = table.leafRuns(ROWS_A_RUN);
    this.runs = runs;
    this.problems.push(...problems);
    this.cursor = this.#open();
  }

  next(): boolean {
    while (!this.cursor.next()) {
      this.runRows.push(this.#inRun);
      this.runFirst[this.#run] ??= Number.POSITIVE_INFINITY;
      this.#inRun = 0;
      this.problems.push(...this.cursor.problems);
      if (++this.#run >= this.runs.length) return false;
      this.cursor = this.#open();
    }
    const { rowid } = this.cursor;
    if (this.#inRun === 0) this.runFirst[this.#run] = Number(rowid);
    this.rows++;
    this.#inRun++;
    if (typeof rowid !== 'number' || rowid <= this.rowid) this.ascending = false;
    this.rowid = rowid;
    return true;
  }

  /** Run of the present row, and which readable row of the run it is. */
  get place(): { readonly run: number; readonly index: number } {
    return { run: this.#run, index: this.#inRun - 1 };
  }

  finish(): this {
    while (this.next());
    return this;
  }

  #open(): RowCursor {
    const run = this.runs[this.#run];
    return run === undefined ? this.table.scan() : this.table.scan({ leaves: run.pages });
  }
}
