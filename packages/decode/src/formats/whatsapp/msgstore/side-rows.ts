import type { CborValue } from '@custody/bytes';
import type { BatchWriter } from '@custody/evidence';
import { type KeptColumn, keptColumns, keptValue } from '../../../row-store/columns.ts';
import type { RowCursor, Rowid, SqliteTable } from '../../../sqlite/index.ts';
import { RowWalk, type WalkRuns } from './row-walk.ts';

/** A table whose rows belong to the row of another table with the same rowid; both are read forward side by side. */
export class SideRows {
  readonly name: string;
  readonly table: SqliteTable;
  readonly #walk: RowWalk;
  readonly #kept: readonly KeptColumn[];

  /** `used` columns are said in the model; all others are kept by name. */
  constructor(table: SqliteTable, runs: WalkRuns, used: readonly string[]) {
    this.name = table.name.toLowerCase();
    this.table = table;
    this.#walk = new RowWalk(table, runs);
    this.#kept = keptColumns(table, ['chat_row_id', ...used]);
  }

  /** The row that was found last. */
  get cursor(): RowCursor {
    return this.#walk.cursor;
  }

  /** Goes to the row with this rowid; rowids asked for ascend. False where there is none. */
  find(rowid: Rowid): boolean {
    return this.#walk.find(rowid);
  }

  /** The present row becomes part of the open item: its place, its bytes, and its columns as one named field. */
  attach(out: BatchWriter): void {
    const { cursor } = this;
    out.source(cursor.locator());
    out.raw(cursor.record());
    const values = new Map<string, CborValue>();
    for (const { name, at } of this.#kept) {
      const value = keptValue(cursor, at);
      if (value !== null) values.set(name, value);
    }
    if (values.size > 0) out.field(this.name, values);
  }
}
