import { keptColumns, keptValue } from '../../row-store/columns.ts';
import type { RowWriter } from '../../row-store/row-decoder.ts';
import type { SqliteTable } from '../../sqlite/index.ts';
import { attachmentRow, beginPart, beginRow, instantAt, type MessageParts } from './message-writer.ts';
import { partnerOf, writeParty } from './people.ts';
import { openStatedFile } from './stored-files.ts';
import { listOf, StoredRow, textOf } from './stored-row.ts';

/** A group has 1,000 members; a hostile row may name any number. */
const MOST_MEMBERS = 10_000;

/** Rows of `conversations`: people are contacts (the owner an account), groups a note with a membership for each member. */
export function conversationWriter(table: SqliteTable, { scope, people }: MessageParts): RowWriter {
  const kept = keptColumns(table, ['json', 'name', 'e164', 'groupid', 'members']);
  return (cursor, { out }) => {
    const row = new StoredRow(cursor, table);
    const { party, isGroup } = partnerOf(row);
    const isOwn = people.self !== null && people.self.value === party.value && !isGroup;
    out.begin(isGroup ? 'note' : isOwn ? 'account' : 'contact', 'signal', null);
    beginRow(out, cursor, scope);
    if (people.self !== null) out.owner(writeParty(out, people.self));
    if (isGroup) out.conversation(party.value);
    if (!isOwn) out.recipient(writeParty(out, party));
    if (party.display !== undefined) out.body(party.display);
    for (const { name, at } of kept) {
      const value = keptValue(cursor, at);
      if (value !== null) out.field(name, value);
    }
    out.end();
    if (!isGroup) return;
    const members = listOf(row.json.membersV2).flatMap(({ aci, uuid, conversationId }) => {
      return textOf(aci) ?? textOf(uuid) ?? textOf(conversationId) ?? [];
    });
    const older = members.length > 0 ? members : (row.text('members')?.split(/\s+/).filter(Boolean) ?? []);
    for (const member of older.slice(0, MOST_MEMBERS)) {
      out.begin('membership', 'signal', null);
      beginPart(out, cursor, scope);
      out.sender(writeParty(out, people.person(member)));
      out.conversation(party.value);
      out.recipient(writeParty(out, party));
      out.ref('member-of', party.value);
      if (people.self !== null) out.owner(writeParty(out, people.self));
      out.end();
    }
  };
}

/** Rows of `callsHistory`. `peerId` is a conversation, a service id, or the id of a group. */
export function callWriter(table: SqliteTable, { scope, people }: MessageParts): RowWriter {
  const kept = keptColumns(table, ['callid', 'peerid', 'timestamp', 'endedtimestamp', 'direction']);
  return (cursor, { out }) => {
    const row = new StoredRow(cursor, table);
    const isOutgoing = row.text('direction') === 'Outgoing';
    out.begin('call', 'signal', isOutgoing ? 'outgoing' : row.text('direction') === 'Incoming' ? 'incoming' : null);
    beginRow(out, cursor, scope);
    const id = row.text('callId');
    if (id !== null) out.messageId(id);
    const peer = row.text('peerId');
    const party = peer === null ? null : (people.conversation(peer)?.party ?? people.person(peer));
    const other = party === null ? null : writeParty(out, party);
    const self = people.self === null ? null : writeParty(out, people.self);
    if (party !== null) out.conversation(party.value);
    if (self !== null) out.owner(self);
    const [from, to] = isOutgoing ? [self, other] : [other, self];
    if (from !== null) out.sender(from);
    if (to !== null) out.recipient(to);
    const start = row.number('timestamp');
    if (start !== null) out.sentAt(instantAt(start, 'device'));
    const end = row.number('endedTimestamp');
    if (end !== null && end > 0) out.time('until', instantAt(end, 'device'));
    for (const { name, at } of kept) {
      const value = keptValue(cursor, at);
      if (value !== null) out.field(name, value);
    }
    out.end();
  };
}

/** Rows of `reactions`, a list of what is to be marked as read: those that their message holds are items already. */
export function reactionWriter(table: SqliteTable, { scope, people, sides }: MessageParts): RowWriter {
  return (cursor, { out, tally }) => {
    const row = new StoredRow(cursor, table);
    const message = row.text('messageId');
    const from = row.text('fromId');
    const emoji = row.text('emoji');
    if (message !== null && sides.isInMessage(message, from, emoji)) return;
    if (message !== null && !sides.hasMessage(message)) tally.unresolved++;
    out.begin('reaction', 'signal', null);
    beginRow(out, cursor, scope);
    if (from !== null) out.sender(writeParty(out, people.person(from)));
    if (people.self !== null) out.owner(writeParty(out, people.self));
    const conversation = people.conversation(row.text('conversationId'));
    if (conversation !== null) out.conversation(conversation.party.value);
    if (emoji !== null) out.body(emoji);
    const target =
      row.text('targetTimestamp') ?? (message === null ? null : (sides.sentAt(message)?.toString() ?? null));
    if (target !== null) out.ref('reacts-to', target);
    const time = row.number('timestamp');
    if (time !== null && time > 0) out.sentAt(instantAt(time, 'sender'));
    out.end();
  };
}

/** Rows of `message_attachments` are part of their message; one without a message is an item of its own. */
export function attachmentWriter(table: SqliteTable, { scope, people, sides }: MessageParts): RowWriter {
  return (cursor, { out, tally }) => {
    const row = new StoredRow(cursor, table);
    const message = row.text('messageId');
    if (message !== null && sides.hasMessage(message)) return;
    tally.unresolved++;
    out.begin('attachment', 'signal', null);
    beginRow(out, cursor, scope);
    if (people.self !== null) out.owner(writeParty(out, people.self));
    const conversation = people.conversation(row.text('conversationId'));
    if (conversation !== null) out.conversation(conversation.party.value);
    const sent = row.number('sentAt');
    if (sent !== null && sent > 0) out.sentAt(instantAt(sent, 'unknown'));
    out.attachment(openStatedFile(attachmentRow(cursor, table).stated, scope.attached, tally));
    out.end();
  };
}
