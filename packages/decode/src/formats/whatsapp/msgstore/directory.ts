import { columnsOf } from '../../../row-store/columns.ts';
import { Lookup } from '../../../row-store/lookup.ts';
import type { RowCursor, Rowid, SqliteFile, SqliteTable } from '../../../sqlite/index.ts';

export interface ChatName {
  readonly jid: string | null;
  readonly subject: string | null;
}

/** What a row of another table takes from the message or call that it belongs to. */
export interface Parent {
  /** Key id of a message, call id of a call. */
  readonly id: string | null;
  readonly fromMe: boolean;
  readonly chat: string | null;
  readonly subject: string | null;
  readonly sender: string | null;
  readonly at: Rowid | null;
}

/** Names that rows of other tables stand for. */
export class Directory {
  readonly jids: Lookup<string>;
  readonly chats: Lookup<ChatName>;
  readonly messages: Lookup<Parent>;
  readonly legacyMessages: Lookup<Parent>;
  readonly calls: Lookup<Parent>;
  /** Reactions, votes and their like. */
  readonly addOns: Lookup<Parent>;
  /** Words of the options of polls. */
  readonly pollOptions: Lookup<string | null>;
  /** Key ids of the copies that old replies keep. */
  readonly quotedKeys: Lookup<string | null>;

  constructor(file: SqliteFile) {
    this.jids = lookupIn(file, 'jid', jidReader);
    this.chats = lookupIn(file, 'chat', (table) => this.#chatReader(table));
    this.messages = lookupIn(file, 'message', (table) => this.#messageReader(table));
    this.legacyMessages = lookupIn(file, 'messages', legacyReader);
    this.calls = lookupIn(file, 'call_log', (table) => this.#callReader(table));
    this.addOns = lookupIn(file, 'message_add_on', (table) => this.#messageReader(table));
    this.pollOptions = lookupIn(file, 'message_poll_option', (table) => {
      const at = table.column('option_name') ?? -1;
      return (row) => row.text(at);
    });
    this.quotedKeys = lookupIn(file, 'messages_quotes', (table) => {
      const at = table.column('key_id') ?? -1;
      return (row) => row.text(at);
    });
  }

  #chatReader(table: SqliteTable): (row: RowCursor) => ChatName {
    const at = columnsOf(table, ['jid_row_id', 'subject']);
    return (row) => ({ jid: this.jids.get(row.int(at.jid_row_id)), subject: row.text(at.subject) });
  }

  #messageReader(table: SqliteTable): (row: RowCursor) => Parent {
    const at = columnsOf(table, ['key_id', 'from_me', 'chat_row_id', 'sender_jid_row_id', 'timestamp']);
    return (row) => {
      const chat = this.chats.get(row.int(at.chat_row_id));
      return {
        id: row.text(at.key_id),
        fromMe: row.int(at.from_me) === 1,
        chat: chat?.jid ?? null,
        subject: chat?.subject ?? null,
        sender: this.jids.get(row.int(at.sender_jid_row_id)),
        at: row.int(at.timestamp),
      };
    };
  }

  #callReader(table: SqliteTable): (row: RowCursor) => Parent {
    const at = columnsOf(table, ['call_id', 'from_me', 'jid_row_id', 'group_jid_row_id', 'timestamp']);
    return (row) => {
      const peer = this.jids.get(row.int(at.jid_row_id));
      const fromMe = row.int(at.from_me) === 1;
      return {
        id: row.text(at.call_id),
        fromMe,
        chat: this.jids.get(row.int(at.group_jid_row_id)) ?? peer,
        subject: null,
        sender: fromMe ? null : peer,
        at: row.int(at.timestamp),
      };
    };
  }
}

/** A lookup in a table; without the table it finds nothing. */
function lookupIn<T>(file: SqliteFile, name: string, reader: (table: SqliteTable) => (row: RowCursor) => T): Lookup<T> {
  const table = file.table(name);
  return table === null ? new Lookup<T>(null, notCalled) : new Lookup<T>(table, reader(table));
}

function notCalled(): never {
  throw new Error('a lookup without a table reads no rows');
}

function jidReader(table: SqliteTable): (row: RowCursor) => string {
  const at = columnsOf(table, ['raw_string', 'user', 'server']);
  return (row) => row.text(at.raw_string) ?? `${row.text(at.user) ?? ''}@${row.text(at.server) ?? ''}`;
}

function legacyReader(table: SqliteTable): (row: RowCursor) => Parent {
  const at = columnsOf(table, ['key_id', 'key_from_me', 'key_remote_jid', 'remote_resource', 'timestamp']);
  return (row) => {
    const fromMe = row.int(at.key_from_me) === 1;
    return {
      id: row.text(at.key_id),
      fromMe,
      chat: row.text(at.key_remote_jid),
      subject: null,
      sender: fromMe ? null : row.text(at.remote_resource) || null,
      at: row.int(at.timestamp),
    };
  };
}
