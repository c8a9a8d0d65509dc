import { type ByteColumn, selectRows } from '@custody/bytes';

/** The columns of the rows named; the columns themselves where that is all of them in order. */
export function selectColumns(columns: readonly ByteColumn[], rows: Uint32Array): readonly ByteColumn[] {
  const whole = columns[0] !== undefined && rows.length === columns[0].ends.length && rows.every((row, i) => row === i);
  return whole ? columns : columns.map((column) => selectRows(column, rows));
}
