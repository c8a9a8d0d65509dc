import type { RowCursor, Rowid, SqliteTable } from '../sqlite/index.ts';

/** Rows that are remembered; hostile files may have any number. */
const MOST_KEPT = 50_000;

/** One value a row of a table, found by rowid and remembered within bounds. */
export class Lookup<T> {
  readonly #cursor: RowCursor | null;
  readonly #read: (cursor: RowCursor) => T;
  readonly #kept = new Map<Rowid, T | null>();

  /** Without a table every row is unknown. */
  constructor(table: SqliteTable | null, read: (cursor: RowCursor) => T) {
    this.#cursor = table?.scan() ?? null;
    this.#read = read;
  }

  get(rowid: Rowid | null): T | null {
    if (rowid === null || this.#cursor === null || rowid <= 0) return null;
    const known = this.#kept.get(rowid);
    if (known !== undefined) return known;
    const value = this.#cursor.seek(rowid) ? this.#read(this.#cursor) : null;
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(rowid, value);
    return value;
  }
}
