import type { BatchWriter, Instant, Locator } from '@custody/evidence';
import { FRAME_VERIFIED } from './authentication.ts';
import { CREDENTIALS } from './credentials.ts';
import { shown } from './field-map.ts';
import { PLACED } from './message-columns.ts';
import { conversationOf, type People, personIn, writeParty } from './people.ts';
import { type SentLists, sentOf } from './sent-times.ts';
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
  /** By row id of the message. */
  readonly attachments: ReadonlyMap<number, readonly StoredAttachment[]>;
  /** Table of the messages that attachments belong to. */
  readonly attachedTo: string;
  /** Sent time of messages by table and row id: Signal's own id of a message is sender and sent time. */
  readonly sent: SentLists;
  /** Columns with live credentials that were met and not taken over, by name; counted while items are written. */
  readonly withheld?: Map<string, number>;
}

export interface RowPlace {
  readonly locator: Locator;
  /** The decrypted frame is `raw[start..end)`. */
  readonly raw: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Tables of messages over the years; their row ids are counted apart. */
export const MESSAGE_TABLES: ReadonlySet<string> = new Set(['message', 'mms', 'sms']);
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
  const at = row.number('date_sent');
  if (at !== null) out.sentAt(instant(at, isOwn ? 'device' : 'sender'));
  const received = row.number('date_received');
  if (received !== null && received > 0) out.time('received', instant(received, 'device'));
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

export function writeConversation(out: BatchWriter, directory: Directory, thread: number | null): void {
  const conversation = conversationOf(directory, thread);
  if (conversation !== null) out.conversation(conversation);
}

/** Sent time and service id of the author name a message on every device that has it. */
export function writeAuthor(out: BatchWriter, { acis }: Directory, id: number | null): void {
  const aci = id === null ? undefined : acis.get(id);
  if (aci !== undefined) out.field('author_aci', aci);
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
    else out.field(name, shown(value));
  }
}
