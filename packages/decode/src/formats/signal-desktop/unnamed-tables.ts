import { plainRowWriter } from '../../row-store/plain-row.ts';
import type { StoreApp } from '../../row-store/store-app.ts';
import type { SqliteFile, SqliteTable } from '../../sqlite/index.ts';

/** As `openWithoutSchema` calls tables whose name is lost. */
const UNNAMED = /^page \d+$/;
/** Rows that are looked at for what their table is. */
const LOOKED_AT = 50;
const NAMED = new Set(['messages', 'conversations', 'message_attachments', 'reactions', 'callshistory']);

/**
 * A database of Signal Desktop that lost the page with the names of its tables. Rows of tables whose values are those of
 * messages or conversations are notes; all others are counted only: among them are settings, identity keys and sessions,
 * which are live credentials.
 */
export const unnamedSignalDesktop: StoreApp = {
  name: 'signal-desktop-unnamed',
  isOwn: ({ tables }: SqliteFile) => tables.some((table) => UNNAMED.test(table.name) && kindOf(table) === 'messages'),
  covers: (table) =>
    table.columns.length > 0 &&
    (UNNAMED.test(table.name) ? kindOf(table) !== null : NAMED.has(table.name.toLowerCase())),
  open: (scope) => (table) => plainRowWriter(table, 'signal', scope.authentication),
};

/** By values that both apps' schemas have had since 2018: a direction beside a time, a kind of chat beside an id. */
function kindOf(table: SqliteTable): 'messages' | 'conversations' | null {
  const rows = table.scan();
  let [messages, conversations, seen] = [0, 0, 0];
  while (seen < LOOKED_AT && rows.next()) {
    seen++;
    const texts = table.columns.map((_, at) => rows.text(at));
    const hasTime = table.columns.some((_, at) => isTime(rows.int(at)));
    const isMessage = texts.some((text) => text === 'incoming' || text === 'outgoing');
    if (isMessage && (hasTime || texts.some((text) => text?.includes('"conversationId"')))) messages++;
    if (texts.some((text) => text === 'private' || text === 'group')) conversations++;
  }
  if (messages * 2 > seen) return 'messages';
  return conversations * 2 > seen ? 'conversations' : null;
}

/** Milliseconds of 2014 to 2100. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && value > 1.388e12 && value < 4.1e12;
}
