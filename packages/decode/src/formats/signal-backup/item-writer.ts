import { isUtf8 } from 'node:buffer';
import type { CborValue } from '@custody/bytes';
import type { BatchWriter, Instant, Locator } from '@custody/evidence';
import { FRAME_VERIFIED } from './authentication.ts';
import { messageType } from './message-type.ts';
import { type OldReaction, readOldReactions } from './old-reactions.ts';
import { conversationOf, type People, personIn, writeParty } from './people.ts';
import { type SentLists, sentOf } from './sent-times.ts';
import type { SqlValue } from './statement.ts';
import type { Row } from './tables.ts';

/** What an attachment row says, and what its blob turned out to be. */
export interface StoredAttachment {
  readonly name: string | null;
  readonly mime: string | null;
  /** Of the blob; of the row where there is no blob that authenticates. */
  readonly size: number | null;
  readonly sha256: string | null;
  readonly present: boolean;
  /** There is content, but its MAC does not verify or it is cut off. */
  readonly damaged: boolean;
  /** What was written under it, until 2020. */
  readonly caption: string | null;
  readonly locator: Locator;
}

/** What rows refer to: gathered before the first item is written. */
export interface Directory extends People {
  /** By table and row id of the message. */
  readonly attachments: ReadonlyMap<string, readonly StoredAttachment[]>;
  /** Sent time of messages by table and row id: Signal's own id of a message is sender and sent time. */
  readonly sent: SentLists;
  /** Columns with live credentials that were met and not taken over, by name; counted while items are written. */
  readonly withheld?: Map<string, number>;
}

/** Live credentials: they open profiles, groups, calls and sticker packs on the servers. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  ...[
    'profile_key',
    'expiring_profile_key_credential',
    'profile_key_credential',
    'master_key',
    'root_key',
    'admin_key',
  ],
  ...['pack_key', 'sealed_sender_access', 'storage_proto'],
]);

export interface RowPlace {
  readonly locator: Locator;
  /** The decrypted frame is `raw[start..end)`. */
  readonly raw: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Tables of messages over the years; their row ids are counted apart. */
export const MESSAGE_TABLES: ReadonlySet<string> = new Set(['message', 'mms', 'sms']);
/** Columns that stand elsewhere in the item. */
const PLACED: ReadonlySet<string> = new Set([
  ...['_id', 'date_sent', 'date', 'date_received', 'date_server', 'thread_id', 'from_recipient_id', 'to_recipient_id'],
  ...['recipient_id', 'address', 'body', 'message_id', 'author_id', 'emoji', 'reaction', 'recipient_ids'],
]);

const PLACED_WITH_REACTIONS: ReadonlySet<string> = new Set([...PLACED, 'reactions']);

/** Writes an item for a row of messages. */
export function writeMessage(out: BatchWriter, row: Row, place: RowPlace, directory: Directory): void {
  const type = messageType(row.number('type', 'msg_box') ?? -1);
  const original = row.number('original_message_id');
  const kind = type.kind === 'message' && original !== null ? 'edit' : type.kind;
  out.begin(kind, 'signal', type.direction);
  begin(out, place);
  const sent = row.number('date_sent', 'date');
  if (sent !== null) out.messageId(String(sent));
  writeConversation(out, row, directory);
  writeEnds(out, row, { direction: type.direction, directory });
  writeTimes(out, row, { sent, direction: type.direction });
  writeBody(out, row);
  const quoted = row.number('quote_id');
  if (quoted !== null && quoted > 0) out.ref('reply-to', String(quoted));
  if (original !== null) out.ref('edits', String(sentOf(directory.sent, row.table, original) ?? `row:${original}`));
  const captions: string[] = [];
  for (const one of directory.attachments.get(`${row.table}:${row.number('_id')}`) ?? []) {
    const { locator, damaged: _damaged, caption, ...attachment } = one;
    out.source(locator);
    out.attachment(attachment);
    if (caption !== null) captions.push(caption);
  }
  if (captions.length > 0) out.field('captions', captions);
  if (type.words !== null) out.field('type_in_words', type.words);
  const list = row.value('reactions');
  const reactions = list instanceof Uint8Array ? readOldReactions(list) : null;
  writeOthers(out, row, directory, reactions === null ? PLACED : PLACED_WITH_REACTIONS);
  out.end();
  for (const one of reactions ?? []) writeOldReaction(out, one, place, { directory, sent });
  const isDeleted = row.number('remote_deleted') === 1 || (row.number('deleted_by') ?? 0) > 0;
  if (isDeleted && type.kind === 'message') writeDeletion(out, row, place, { directory, direction: type.direction });
}

/** Deleted for everyone: the row stays, without what it said. When that was is not said: the time is the message's. */
function writeDeletion(out: BatchWriter, row: Row, place: RowPlace, { direction, directory }: Ends): void {
  const sent = row.number('date_sent', 'date');
  out.begin('deletion', 'signal', direction);
  begin(out, place);
  writeConversation(out, row, directory);
  writeEnds(out, row, { direction, directory });
  writeTimes(out, row, { sent, direction });
  if (sent !== null) out.ref('deletes', String(sent));
  out.end();
}

/** Until 2021 the reactions to a message stood in its own row. */
function writeOldReaction(
  out: BatchWriter,
  { emoji, author, sent, received }: OldReaction,
  place: RowPlace,
  message: { readonly directory: Directory; readonly sent: number | null },
): void {
  const { directory } = message;
  const isOwn = author === directory.self;
  out.begin('reaction', 'signal', directory.self === null ? null : isOwn ? 'outgoing' : 'incoming');
  begin(out, place);
  out.sender(writeParty(out, directory, author));
  writeAuthor(out, directory, author);
  if (directory.self !== null) out.owner(writeParty(out, directory, directory.self));
  out.body(emoji);
  if (message.sent !== null) out.ref('reacts-to', String(message.sent));
  if (sent > 0) out.sentAt(instant(sent, isOwn ? 'device' : 'sender'));
  if (received > 0) out.time('received', instant(received, 'device'));
  out.end();
}

/** Writes an item for a row of reactions. */
export function writeReaction(out: BatchWriter, row: Row, place: RowPlace, directory: Directory): void {
  const author = row.number('author_id');
  const isOwn = author !== null && author === directory.self;
  out.begin('reaction', 'signal', author === null || directory.self === null ? null : isOwn ? 'outgoing' : 'incoming');
  begin(out, place);
  if (author !== null) out.sender(writeParty(out, directory, author));
  writeAuthor(out, directory, author);
  if (directory.self !== null) out.owner(writeParty(out, directory, directory.self));
  const emoji = row.text('emoji', 'reaction');
  if (emoji !== null) out.body(emoji);
  const message = row.number('message_id');
  const table = row.has('is_mms') ? (row.number('is_mms') === 1 ? 'mms' : 'sms') : 'message';
  const sent = message === null ? undefined : sentOf(directory.sent, table, message);
  if (message !== null) out.ref('reacts-to', sent === undefined ? `row:${message}` : String(sent));
  writeTimes(out, row, { sent: row.number('date_sent'), direction: isOwn ? 'outgoing' : 'incoming' });
  writeOthers(out, row, directory);
  out.end();
}

/** Writes an item for a row of the address book. */
export function writeContact(out: BatchWriter, row: Row, place: RowPlace, directory: Directory): void {
  const id = (row.has('recipient_ids') ? personIn(directory, row, 'recipient_ids') : row.number('_id')) ?? -1;
  out.begin(id === directory.self ? 'account' : 'contact', 'signal', null);
  begin(out, place);
  if (id === directory.self) out.owner(writeParty(out, directory, id));
  else {
    if (directory.self !== null) out.owner(writeParty(out, directory, directory.self));
    out.recipient(writeParty(out, directory, id));
  }
  writeOthers(out, row, directory);
  out.end();
}

/** Writes an item for a row that says who is in a group. */
export function writeMembership(out: BatchWriter, row: Row, place: RowPlace, directory: Directory): void {
  out.begin('membership', 'signal', null);
  begin(out, place);
  const group = row.text('group_id');
  if (group !== null) {
    out.conversation(group);
    out.ref('member-of', group);
  }
  const member = row.number('recipient_id');
  if (member !== null) out.sender(writeParty(out, directory, member));
  if (directory.self !== null) out.owner(writeParty(out, directory, directory.self));
  out.end();
}

export function begin(out: BatchWriter, { locator, raw, start, end }: RowPlace): void {
  out.locator(locator);
  out.raw(raw, start, end);
  out.authentication(FRAME_VERIFIED);
}

function writeConversation(out: BatchWriter, row: Row, directory: Directory): void {
  const conversation = conversationOf(directory, row.number('thread_id'));
  if (conversation !== null) out.conversation(conversation);
}

interface Ends {
  readonly direction: ReturnType<typeof messageType>['direction'];
  readonly directory: Directory;
}

/** Since version 185 of the database a row says from whom to whom; before it names the other one. */
function writeEnds(out: BatchWriter, row: Row, { direction, directory }: Ends): void {
  const { self } = directory;
  if (self !== null) out.owner(writeParty(out, directory, self));
  const from = row.number('from_recipient_id');
  const to = row.number('to_recipient_id');
  if (from !== null) {
    out.sender(writeParty(out, directory, from));
    writeAuthor(out, directory, from);
    writeRecipient(out, directory, to);
    return;
  }
  const other = personIn(directory, row, 'recipient_id', 'address');
  const thread = directory.threads.get(row.number('thread_id') ?? -1) ?? null;
  if (direction === 'outgoing') {
    if (self !== null) out.sender(writeParty(out, directory, self));
    writeAuthor(out, directory, self);
    writeRecipient(out, directory, other);
    return;
  }
  if (other !== null) out.sender(writeParty(out, directory, other));
  writeAuthor(out, directory, other);
  // In a group the thread is with the group; else it is with the one who wrote, and the owner received it.
  const receiver = thread !== null && thread !== other ? thread : self;
  if (direction === 'incoming') writeRecipient(out, directory, receiver);
}

/** Bytes as they stand; those that are no UTF-8 are replaced in the item, and kept in its raw record. */
function writeBody(out: BatchWriter, row: Row): void {
  const bytes = row.textBytes('body');
  if (bytes !== null && isUtf8(bytes)) out.bodyBytes(bytes);
  else {
    const body = row.text('body');
    if (body !== null) out.body(body);
  }
}

/** Sent time and service id of the author name a message on every device that has it. */
function writeAuthor(out: BatchWriter, { acis }: Directory, id: number | null): void {
  const aci = id === null ? undefined : acis.get(id);
  if (aci !== undefined) out.field('author_aci', aci);
}

function writeRecipient(out: BatchWriter, directory: Directory, id: number | null): void {
  if (id === null) return;
  out.recipient(writeParty(out, directory, id));
  const aci = directory.acis.get(id);
  if (aci !== undefined) out.field('recipient_aci', aci);
}

function writeTimes(
  out: BatchWriter,
  row: Row,
  { sent, direction }: { readonly sent: number | null; readonly direction: Ends['direction'] },
): void {
  if (sent !== null) out.sentAt(instant(sent, direction === 'outgoing' ? 'device' : 'sender'));
  const received = row.has('date_received')
    ? row.number('date_received')
    : row.has('date_sent')
      ? row.number('date')
      : null;
  if (received !== null && received > 0) out.time('received', instant(received, 'device'));
  const server = row.number('date_server');
  if (server !== null && server > 0) out.time('server', instant(server, 'server'));
}

export function instant(ms: number, clock: Instant['clock']): Instant {
  return { utc: ms, raw: String(ms), zone: 'UTC', precision: 'ms', clock };
}

/** Everything else that the row says. Zero, -1 and empty are what the app writes where there is nothing. */
export function writeOthers(
  out: BatchWriter,
  row: Row,
  { withheld }: Directory,
  placed: ReadonlySet<string> = PLACED,
): void {
  for (const i of row.others(placed)) {
    const value = row.valueAt(i);
    if (value === null || value === 0 || value === -1 || value === '') continue;
    const name = row.nameAt(i);
    if (CREDENTIALS.has(name)) withheld?.set(name, (withheld.get(name) ?? 0) + 1);
    else out.field(name, cbor(value));
  }
}

/** Numbers that are not whole keep their text: what is committed must not depend on how a number is written. */
function cbor(value: Exclude<SqlValue, null>): CborValue {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value;
}
