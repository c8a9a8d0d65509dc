import type { ItemKind } from '@custody/evidence';
import { keptColumns, keptValue } from '../../../row-store/columns.ts';
import type { RowCursor, SqliteTable } from '../../../sqlite/index.ts';
import type { ItemContext } from './item-context.ts';
import type { RowWriter } from './own-rows.ts';

const KINDS: Readonly<Record<string, ItemKind>> = {
  message_media: 'attachment',
  message_location: 'location',
  message_add_on_reaction: 'reaction',
};
/** Text that can be read on its own, by the first of these columns that a table has. */
const TEXT_COLUMNS = ['text_data', 'reaction', 'description', 'place_name', 'content_text_data', 'file_path'];

/**
 * Rows of a side table that no message owns: what is left of messages that are gone or were lost with a page.
 * `only` says which rows of the stretch, in ascending order; null: all.
 */
export function orphanWriter(table: SqliteTable, only: Uint32Array | null): RowWriter {
  let index = 0;
  let next = 0;
  const kept = keptColumns(table, []);
  const name = table.name.toLowerCase();
  const body = TEXT_COLUMNS.map((column) => table.column(column)).find((at) => at !== null) ?? -1;
  return (row: RowCursor, context: ItemContext) => {
    if (only !== null && only[next] !== index++) return;
    next++;
    const { out } = context;
    out.begin(KINDS[name] ?? 'note', 'whatsapp', null);
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(context.authentication);
    if (context.owner !== null) out.owner(context.owner);
    const text = row.textBytes(body);
    if (text !== null) out.bodyBytes(text.bytes, text.start, text.end);
    for (const { name: column, at } of kept) {
      const value = keptValue(row, at);
      if (value !== null) out.field(column, value);
    }
    out.field('table', table.name);
    out.end();
    context.tally.decoded++;
  };
}
