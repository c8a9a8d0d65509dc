import type { RowWriter } from '../../row-store/row-decoder.ts';
import type { StoreApp, StoreScope } from '../../row-store/store-app.ts';
import type { SqliteFile, SqliteTable } from '../../sqlite/index.ts';
import { type MessageParts, messageWriter } from './message-writer.ts';
import { People } from './people.ts';
import { indexSides, SIDE_INDEXES, SideTables } from './side-tables.ts';
import { attachmentWriter, callWriter, conversationWriter, reactionWriter } from './side-writers.ts';

const WRITERS: Readonly<Record<string, (table: SqliteTable, parts: MessageParts) => RowWriter>> = {
  conversations: conversationWriter,
  messages: messageWriter,
  message_attachments: attachmentWriter,
  reactions: reactionWriter,
  callshistory: callWriter,
};

/** Signal Desktop's database, in clear or from under SQLCipher. Any version: columns are told by their names. */
export const signalDesktopApp: StoreApp = {
  name: 'signal-desktop',
  isOwn: (file: SqliteFile) => {
    const messages = file.table('messages');
    const conversations = file.table('conversations');
    // Session Desktop grew out of the same app; its messages have what only its servers give.
    if (messages?.column('serverHash') != null || messages?.column('serverId') != null) return false;
    const hasJson = (table: SqliteTable | null) => table !== null && table.column('json') !== null;
    return messages?.column('conversationId') != null && (hasJson(messages) || hasJson(conversations));
  },
  covers: (table) => {
    return Object.hasOwn(WRITERS, table.name.toLowerCase()) && table.columns.length > 0 && !table.withoutRowid;
  },
  indexes: SIDE_INDEXES,
  index: indexSides,
  open: (scope: StoreScope) => {
    const parts: MessageParts = { scope, people: new People(scope.file), sides: new SideTables(scope) };
    return (table) => {
      const writer = WRITERS[table.name.toLowerCase()];
      if (writer === undefined) throw new Error(`table ${table.name} is not covered`);
      return writer(table, parts);
    };
  },
};
