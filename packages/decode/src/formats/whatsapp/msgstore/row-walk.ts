import type { RunScan } from '../../../row-store/run-scan.ts';
import type { RowCursor, Rowid, SqliteTable } from '../../../sqlite/index.ts';

/** The leaves of a table whose rowids ascend, by stretch. Survives structured cloning. */
export interface WalkRuns {
  readonly table: string;
  /** First readable rowid of each stretch; Infinity where it has none. */
  readonly first: Float64Array;
  readonly pages: readonly Uint32Array[];
}

export function walkRunsOf(scan: RunScan): WalkRuns {
  return {
    table: scan.table.name.toLowerCase(),
    first: Float64Array.from(scan.stretches, ({ first }) => first),
    pages: scan.stretches.map(({ pages }) => pages),
  };
}

/**
 * Finds rows by ascending rowid, reading forward leaf by leaf. It meets exactly the rows that the census met: descending
 * the tree would not where keys on the way are damaged, and a row would be counted twice or never.
 */
export class RowWalk {
  readonly #table: SqliteTable;
  readonly #runs: WalkRuns;
  #run = -1;
  #cursor: RowCursor | null = null;
  #live = true;

  constructor(table: SqliteTable, runs: WalkRuns) {
    this.#table = table;
    this.#runs = runs;
  }

  /** The row that was found last. */
  get cursor(): RowCursor {
    if (this.#cursor === null) throw new Error('nothing was found yet');
    return this.#cursor;
  }

  /** Goes to the row with this rowid. False where there is none. */
  find(rowid: Rowid): boolean {
    if (this.#cursor === null) this.#begin(rowid);
    while (this.#live && (this.#cursor as RowCursor).rowid < rowid) this.#next();
    return this.#live && (this.#cursor as RowCursor).rowid === rowid;
  }

  /** Goes to the last run that begins at or before the rowid. */
  #begin(rowid: Rowid): void {
    const { first } = this.#runs;
    let at = 0;
    for (let i = 0; i < first.length && (first[i] as number) <= rowid; i++) at = i;
    this.#run = at - 1;
    this.#nextRun();
    this.#next();
  }

  #next(): void {
    while (this.#live && !(this.#cursor as RowCursor).next()) this.#nextRun();
  }

  #nextRun(): void {
    const pages = this.#runs.pages[++this.#run];
    if (pages === undefined) this.#live = false;
    this.#cursor = this.#table.scan({ leaves: pages ?? new Uint32Array(0) });
  }
}
