import type { CborValue } from '@custody/bytes';
import type { BatchWriter } from '@custody/evidence';
import type { RowCursor, Rowid, SqliteTable } from '../../../sqlite/index.ts';
import { type KeptColumn, keptColumns, keptValue } from './columns.ts';

/**
 * A table whose rows belong to the row of another table with the same rowid. Both are read forward side by side, so a
 * match costs no descent into the tree.
 */
export class SideRows {
  readonly name: string;
  readonly table: SqliteTable;
  readonly cursor: RowCursor;
  readonly #kept: readonly KeptColumn[];
  #begun = false;
  #live = false;

  constructor(table: SqliteTable, used: readonly string[] = []) {
    this.name = table.name.toLowerCase();
    this.table = table;
    this.cursor = table.scan();
    this.#kept = keptColumns(table, ['chat_row_id', ...used]);
  }

  /** Goes to the row with this rowid; rowids asked for ascend. False where there is none. */
  find(rowid: Rowid): boolean {
    if (!this.#begun) {
      this.#begun = true;
      if (this.cursor.seek(rowid)) {
        this.#live = true;
        return true;
      }
      this.#live = this.cursor.next();
    }
    while (this.#live && this.cursor.rowid < rowid) this.#live = this.cursor.next();
    return this.#live && this.cursor.rowid === rowid;
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
