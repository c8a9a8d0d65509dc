import { columnsOf, keptColumns, keptValue } from '../../row-store/columns.ts';
import type { RowWriter } from '../../row-store/row-decoder.ts';
import type { RowCursor, SqliteTable } from '../../sqlite/index.ts';
import { writeFileOf } from './attachment-file.ts';
import { messageTime } from './cocoa-time.ts';
import type { MessageParts } from './message-parts.ts';
import { partyOf } from './party.ts';

type Begin = (row: RowCursor, kind: 'contact' | 'note' | 'membership' | 'attachment') => void;

function beginner({ scope }: MessageParts, out: Parameters<RowWriter>[1]['out']): Begin {
  return (row, kind) => {
    out.begin(kind, 'imessage', null);
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(scope.authentication);
  };
}

/** Rows of `handle`: somebody the owner exchanged messages with. */
export function handleWriter(table: SqliteTable, parts: MessageParts): RowWriter {
  const at = columnsOf(table, ['id', 'service', 'country']);
  return (row, { out }) => {
    beginner(parts, out)(row, 'contact');
    const id = row.text(at.id);
    if (id !== null) out.recipient(partyOf(out, id));
    const service = row.text(at.service);
    if (service !== null) out.field('service', service);
    const country = row.text(at.country);
    if (country !== null) out.field('country', country);
    out.end();
  };
}

/** Rows of `chat`. */
export function chatWriter(table: SqliteTable, parts: MessageParts): RowWriter {
  const kept = keptColumns(table, ['chat_identifier', 'display_name', 'account_login', 'properties']);
  return (row, { out }) => {
    beginner(parts, out)(row, 'note');
    const chat = parts.links.chats.get(row.rowid);
    if (chat !== null) {
      out.conversation(chat.identifier);
      if (chat.login !== null) out.owner(partyOf(out, chat.login));
      if (chat.isGroup) out.recipient(out.party('group', chat.identifier, chat.display ?? undefined));
      else out.recipient(partyOf(out, chat.identifier));
      if (chat.display !== null) out.body(chat.display);
    }
    for (const { name, at } of kept) {
      const value = keptValue(row, at);
      if (value !== null) out.field(name, value);
    }
    out.end();
  };
}

/** Rows of `chat_handle_join`: who is in which chat. */
export function memberWriter(table: SqliteTable, parts: MessageParts): RowWriter {
  const at = columnsOf(table, ['chat_id', 'handle_id']);
  return (row, { out, tally }) => {
    beginner(parts, out)(row, 'membership');
    const chat = parts.links.chats.get(row.int(at.chat_id));
    const handle = parts.links.handles.get(row.int(at.handle_id));
    if (chat === null || handle === null) tally.unresolved++;
    if (handle !== null) out.sender(partyOf(out, handle));
    if (chat !== null) {
      out.conversation(chat.identifier);
      if (chat.login !== null) out.owner(partyOf(out, chat.login));
      if (chat.isGroup) out.recipient(out.party('group', chat.identifier, chat.display ?? undefined));
      out.ref('member-of', chat.identifier);
    }
    out.end();
  };
}

/** Rows of `attachment` are part of their message; one without a message is an item of its own. */
export function attachmentWriter(table: SqliteTable, parts: MessageParts): RowWriter {
  const at = columnsOf(table, ['guid', 'created_date']);
  return (row, sink) => {
    if (parts.links.isAttached(row.rowid)) return;
    const { out, tally } = sink;
    tally.unresolved++;
    beginner(parts, out)(row, 'attachment');
    const guid = row.text(at.guid);
    if (guid !== null) out.messageId(guid);
    const created = messageTime(row.int(at.created_date), 'device');
    if (created !== null) out.sentAt(created);
    writeFileOf(row, parts, sink);
    out.end();
  };
}

/** Rows that only join a message to its chat or file; one whose message is not there is counted. */
export function joinWriter(table: SqliteTable, { links }: MessageParts): RowWriter {
  const at = table.column('message_id') ?? -1;
  return (row, { tally }) => {
    const message = row.int(at);
    if (message === null || !links.hasMessage(message)) tally.unresolved++;
  };
}

/** Rows of `deleted_messages`: only the id of what was deleted is left. */
export function deletedWriter(table: SqliteTable, parts: MessageParts): RowWriter {
  const at = table.column('guid') ?? -1;
  return (row, { out }) => {
    out.begin('deletion', 'imessage', null);
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(parts.scope.authentication);
    const guid = row.text(at);
    if (guid !== null) out.ref('deletes', guid);
    out.end();
  };
}
