import type { SqliteTable } from '../sqlite/index.ts';

/** The texts of one column, row by row; none where the table or column is not there. */
export function* textsOf(table: SqliteTable | null, name: string): Generator<string> {
  const at = table?.column(name) ?? null;
  if (table === null || at === null) return;
  const row = table.scan();
  while (row.next()) {
    const text = row.text(at);
    if (text !== null && text !== '') yield text;
  }
}
