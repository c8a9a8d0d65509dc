import type { SqliteFile, SqliteTable } from '../../../sqlite/index.ts';
import { columnsOf } from './columns.ts';
import { Lookup } from './lookup.ts';

export interface ChatName {
  readonly jid: string | null;
  readonly subject: string | null;
}

/** Names that rows of other tables stand for. */
export class Directory {
  readonly jids: Lookup<string>;
  readonly chats: Lookup<ChatName>;
  /** Key id of a message of the new or old table. */
  readonly messageKeys: Lookup<string | null>;
  readonly legacyKeys: Lookup<string | null>;
  readonly quotedKeys: Lookup<string | null>;
  readonly calls: Lookup<string | null>;

  constructor(file: SqliteFile) {
    this.jids = jidLookup(file.table('jid'));
    this.chats = this.#chatLookup(file.table('chat'));
    this.messageKeys = textLookup(file.table('message'), 'key_id');
    this.legacyKeys = textLookup(file.table('messages'), 'key_id');
    this.quotedKeys = textLookup(file.table('messages_quotes'), 'key_id');
    this.calls = textLookup(file.table('call_log'), 'call_id');
  }

  #chatLookup(table: SqliteTable | null): Lookup<ChatName> {
    if (table === null) return new Lookup<ChatName>(null, () => ({ jid: null, subject: null }));
    const at = columnsOf(table, ['jid_row_id', 'subject']);
    return new Lookup(table, (row) => ({
      jid: this.jids.get(row.int(at.jid_row_id)),
      subject: row.text(at.subject),
    }));
  }
}

function jidLookup(table: SqliteTable | null): Lookup<string> {
  if (table === null) return new Lookup<string>(null, () => '');
  const at = columnsOf(table, ['raw_string', 'user', 'server']);
  return new Lookup(
    table,
    (row) => row.text(at.raw_string) ?? `${row.text(at.user) ?? ''}@${row.text(at.server) ?? ''}`,
  );
}

function textLookup(table: SqliteTable | null, column: string): Lookup<string | null> {
  if (table === null) return new Lookup<string | null>(null, () => null);
  const at = table.column(column) ?? -1;
  return new Lookup(table, (row) => row.text(at));
}
