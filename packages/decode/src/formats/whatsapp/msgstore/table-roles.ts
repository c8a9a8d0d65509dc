import type { SqliteFile, SqliteTable } from '../../../sqlite/index.ts';
import { LINK_TABLES } from './link-rows.ts';

/**
 * What the rows of a table become (README.md, "What a row becomes").
 * main: a message each; side: part of the message whose rowid they bear; add-on side: part of a reaction or its like;
 * own: an item each.
 */
export type TableRole = 'main' | 'side' | 'add-on-side' | 'own';

export const MAIN_TABLES: readonly string[] = ['message', 'messages'];
export const ADD_ON_TABLE = 'message_add_on';

/** Tables whose rows are items of their own. */
export const OWN_TABLES: readonly string[] = [
  'jid',
  'chat',
  'chat_list',
  'wa_contacts',
  'group_participants',
  'group_participant_user',
  'group_participants_history',
  'call_log',
  'call_log_participant_v2',
  ADD_ON_TABLE,
  'message_vcard',
  'messages_vcards',
  'message_mentions',
  'message_system_chat_participant',
  'messages_quotes',
  'props',
  ...LINK_TABLES,
];

/** Side tables that hold binary data without a reading of their own here. */
const LEFT_OUT: ReadonlySet<string> = new Set(['audio_data', 'message_streaming_sidecar', 'mms_thumbnail_metadata']);

/** The role of a table; null: not covered. Decided by its name and, for side tables, by the name of its rowid. */
export function roleOf(table: SqliteTable): TableRole | null {
  const name = table.name.toLowerCase();
  if (table.withoutRowid || table.columns.length === 0 || LEFT_OUT.has(name)) return null;
  if (MAIN_TABLES.includes(name)) return table.column('key_id') === null ? null : 'main';
  if (OWN_TABLES.includes(name)) return 'own';
  const alias = table.rowidAlias === null ? undefined : table.columns[table.rowidAlias]?.name.toLowerCase();
  if (alias === 'message_row_id') return 'side';
  return alias === 'message_add_on_row_id' ? 'add-on-side' : null;
}

/** SQLite's own tables hold no records of the app. */
export function isUserTable(name: string): boolean {
  return !name.toLowerCase().startsWith('sqlite_');
}

/** A store of messages, or the address book beside it (`wa.db`). */
export function isMessageStore(file: SqliteFile): boolean {
  return file.tables.some((table) => roleOf(table) === 'main' || table.name === 'wa_contacts');
}
