import type { CborValue } from '@custody/bytes';
import type { RowCursor, SqliteTable } from '../../sqlite/index.ts';

/** Longer binary values are not kept as fields: they stand in the raw record. */
const LONGEST_FIELD = 64;

/** A row of a table by the names of its columns. */
export class NamedRow {
  readonly cursor: RowCursor;
  readonly #table: SqliteTable;

  constructor(table: SqliteTable, cursor: RowCursor) {
    this.#table = table;
    this.cursor = cursor;
  }

  get table(): string {
    return this.#table.name;
  }

  /** A text that is not empty; null for anything else. */
  text(name: string): string | null {
    const at = this.#table.column(name);
    const value = at === null ? null : this.cursor.text(at);
    return value === '' ? null : value;
  }

  whole(name: string): number | null {
    const at = this.#table.column(name);
    const value = at === null ? null : this.cursor.int(at);
    return typeof value === 'number' ? value : null;
  }

  blob(name: string): Uint8Array | null {
    const at = this.#table.column(name);
    return at === null ? null : this.cursor.blob(at);
  }

  /** All other columns that say something: NULL, 0 and the empty text are what the app writes for nothing. */
  *others(placed: ReadonlySet<string>): Generator<readonly [name: string, value: CborValue]> {
    for (const [at, { name }] of this.#table.columns.entries()) {
      if (placed.has(name)) continue;
      const value = this.cursor.value(at);
      if (value === null || value === 0 || value === '') continue;
      if (value instanceof Uint8Array) {
        if (value.length <= LONGEST_FIELD) yield [name, value.slice()];
      } else yield [name, typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value];
    }
  }
}
