import type { RowWriter } from '../../row-store/row-decoder.ts';
import type { StoreApp } from '../../row-store/store-app.ts';
import { textsOf } from '../../row-store/texts-of.ts';
import type { SqliteTable } from '../../sqlite/index.ts';
import { indexLinks, LINK_INDEXES, MessageLinks } from './message-links.ts';
import type { MessageParts } from './message-parts.ts';
import { messageWriter } from './message-writer.ts';
import { isOldMessages, oldMessageWriter } from './old-message-writer.ts';
import { attachmentWriter, chatWriter, deletedWriter, handleWriter, joinWriter, memberWriter } from './side-writers.ts';

/** Domain of a backup in which files of messages stand. */
export const MESSAGE_FILES = 'MediaDomain';

const WRITERS: Readonly<Record<string, (table: SqliteTable, parts: MessageParts) => RowWriter>> = {
  handle: handleWriter,
  chat: chatWriter,
  chat_handle_join: memberWriter,
  message: (table, parts) => (isOldMessages(table) ? oldMessageWriter : messageWriter)(table, parts),
  attachment: attachmentWriter,
  chat_message_join: joinWriter,
  chat_recoverable_message_join: joinWriter,
  message_attachment_join: joinWriter,
  deleted_messages: deletedWriter,
};

/** Messages of iOS and macOS: sms.db, chat.db. Any version: columns are told by their names. */
export const imessageApp: StoreApp = {
  name: 'imessage',
  isOwn: (file) => {
    const message = file.table('message');
    if (isOldMessages(message) && (file.table('msg_group') !== null || file.table('msg_pieces') !== null)) return true;
    return message?.column('guid') != null && message.column('handle_id') !== null && file.table('handle') !== null;
  },
  covers: (table) =>
    Object.hasOwn(WRITERS, table.name.toLowerCase()) && table.columns.length > 0 && !table.withoutRowid,
  filesNamed: (file) => textsOf(file.table('attachment'), 'filename'),
  indexes: LINK_INDEXES,
  index: indexLinks,
  open: (scope) => {
    const parts: MessageParts = { scope, links: new MessageLinks(scope) };
    return (table) => {
      const writer = WRITERS[table.name.toLowerCase()];
      if (writer === undefined) throw new Error(`table ${table.name} is not covered`);
      return writer(table, parts);
    };
  },
};
