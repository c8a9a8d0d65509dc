import { isEmptyMark } from './empty-mark.ts';
import type { Column } from './read-shape.ts';
import type { ColumnRole } from './roles.ts';

/** The cells of one row, by column and by role. Used again for the next row. */
export class TableRow {
  readonly columns: readonly Column[];
  readonly cells: string[];
  readonly #byRole = new Map<ColumnRole, readonly number[]>();
  /** Columns whose cell is no value of its role: coerced beyond use. */
  readonly unusable: Set<number> = new Set();
  /** What coerced cells still say, by column: their digits. */
  readonly readings: Map<number, string> = new Map();

  constructor(columns: readonly Column[]) {
    this.columns = columns;
    this.cells = columns.map(() => '');
    for (const [i, { role }] of columns.entries()) {
      if (role !== null) this.#byRole.set(role, [...(this.#byRole.get(role) ?? []), i]);
    }
  }

  /** The first cell of that role that holds something; null: there is none. */
  text(role: ColumnRole): string | null {
    const column = this.column(role);
    return column < 0 ? null : this.#reading(column);
  }

  /** The column of that role that holds something, or -1. */
  column(role: ColumnRole): number {
    for (const column of this.#byRole.get(role) ?? []) {
      if (this.cellText(column) !== '' && !this.unusable.has(column)) return column;
    }
    return -1;
  }

  /** Every cell of that role that holds something. */
  texts(role: ColumnRole): string[] {
    const out: string[] = [];
    for (const column of this.#byRole.get(role) ?? []) {
      const text = this.#reading(column);
      if (text !== '' && !this.unusable.has(column)) out.push(text);
    }
    return out;
  }

  /** What a cell holds; empty where it only says that it holds nothing. */
  cellText(column: number): string {
    const text = (this.cells[column] as string).trim();
    return isEmptyMark(text) ? '' : text;
  }

  #reading(column: number): string {
    return this.readings.get(column) ?? this.cellText(column);
  }
}
