import { coercionOf, hasCheckDigit, isDoubtful, isUsable, wholeDigits } from './cell-checks.ts';
import { isOdd } from './odd-cell.ts';
import type { Column } from './read-shape.ts';
import type { RowRemark } from './row-writer.ts';
import type { TableRow } from './table-row.ts';

const PHONES: ReadonlySet<string> = new Set(['phone', 'caller', 'called']);
/** As long as a national number without the zero before it, and longer than services have (ITU-T E.164, E.123). */
const SHORT_PHONE = /^[1-9]\d{6,9}$/;

/** What was done to the cells of rows on their way here; counts by column what the whole table is judged by. */
export class RowChecks {
  readonly #columns: readonly Column[];
  odd: number[] = [];
  filled: number[] = [];
  unchecked: number[] = [];
  /** Telephone numbers with a plus sign or a zero before them, and short ones with neither. */
  marked: number[] = [];
  bare: number[] = [];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.start();
  }

  start(): void {
    this.odd = this.#columns.map(() => 0);
    this.filled = this.#columns.map(() => 0);
    this.unchecked = this.#columns.map(() => 0);
    this.marked = this.#columns.map(() => 0);
    this.bare = this.#columns.map(() => 0);
  }

  /** Fills `unusable` and `readings` of the row. */
  check(row: TableRow): RowRemark[] {
    const remarks: RowRemark[] = [];
    row.unusable.clear();
    row.readings.clear();
    for (const [i, column] of this.#columns.entries()) {
      const cell = row.cellText(i);
      if (cell === '') continue;
      this.filled[i] = (this.filled[i] as number) + 1;
      remarks.push(...this.#cell(row, { column, i, cell }));
    }
    return remarks;
  }

  #prefix(i: number, cell: string): void {
    if (/^['\u2019`]?[+0]/.test(cell)) this.marked[i] = (this.marked[i] as number) + 1;
    else if (SHORT_PHONE.test(cell)) this.bare[i] = (this.bare[i] as number) + 1;
  }

  #cell(row: TableRow, { column, i, cell }: { column: Column; i: number; cell: string }): RowRemark[] {
    const { role, name, time } = column;
    const remarks: RowRemark[] = [];
    const coerced = time?.serial === undefined ? coercionOf(role, cell) : null;
    if (coerced !== null) {
      const note = isDoubtful(role, cell) ? { class: 'note' as const } : {};
      remarks.push({ code: 'FIELD_COERCED', detail: `column ${JSON.stringify(name)}: ${coerced}`, ...note });
    }
    if (role === null) return remarks;
    if (PHONES.has(role)) this.#prefix(i, cell);
    const reading = wholeDigits(role, cell);
    if (!isUsable(role, cell)) row.unusable.add(i);
    else if (reading !== null) row.readings.set(i, reading);
    else if (isOdd(role, cell)) {
      this.odd[i] = (this.odd[i] as number) + 1;
      if (coerced === null)
        remarks.push({ code: 'FIELD_COERCED', detail: `column ${JSON.stringify(name)}: the cell is no ${role}` });
    } else if (role === 'imei' && cell.length === 15 && !hasCheckDigit(cell)) {
      this.unchecked[i] = (this.unchecked[i] as number) + 1;
    }
    return remarks;
  }
}
