import type { BatchWriter, Clock, Direction, Instant, ItemKind } from '@custody/evidence';
import { STREAM_VERIFIED } from './authentication.ts';
import type { NamedRow } from './column-reader.ts';
import { readGenericMessage } from './generic-message.ts';
import { type Conversation, type People, userParty } from './people.ts';

export interface WriteContext {
  readonly out: BatchWriter;
  readonly people: People;
  /** Path of the database, for locators. */
  readonly path: string;
}

export type RowWriter = (context: WriteContext, row: NamedRow) => void;

/** Tables whose rows are items, in the order in which they are decoded. */
export const rowWriters: ReadonlyMap<string, RowWriter> = new Map<string, RowWriter>([
  ['Users', writeUser],
  ['Conversations', writeConversation],
  ['ConversationMembers', writeMember],
  ['Messages', writeMessage],
  ['Likings', writeLiking],
  ['EditHistory', writeEdit],
  ['MsgDeletion', writeDeletion],
  ['ReadReceipts', writeReceipt],
  ['Buttons', writePlain],
  ['Assets2', writePlain],
]);

/** `msg_type` of Wire for Android. */
const MEMBERSHIP: ReadonlySet<string> = new Set(['MemberJoin', 'MemberLeave', 'ConnectRequest', 'ConnectAccepted']);
const CALLS: ReadonlySet<string> = new Set(['MissedCall', 'SuccessfulCall', 'OutgoingCall']);
const FROM_PEOPLE: ReadonlySet<string> = new Set([
  ...['Text', 'TextEmojiOnly', 'RichMedia', 'Asset', 'ImageAsset', 'AnyAsset', 'VideoAsset', 'AudioAsset'],
  ...['Location', 'Knock', 'Recalled', 'Composite'],
]);
const PLACED_MESSAGE: ReadonlySet<string> = new Set([
  ...['_id', 'conv_id', 'user_id', 'content', 'protos', 'time', 'local_time', 'edit_time', 'expiry_time', 'quote'],
]);

function writeMessage({ out, people, path }: WriteContext, row: NamedRow): void {
  const type = row.text('msg_type') ?? '';
  const protos = row.blob('protos');
  const said = protos === null ? null : readGenericMessage(protos);
  const kind = kindOf(type, said?.place != null);
  const sender = row.text('user_id');
  const direction = directionOf(type, sender, people);
  begin({ out, people, path }, row, { kind, direction });
  const id = row.text('_id');
  if (id !== null) out.messageId(id);
  const conversation = conversationOf(people, row.text('conv_id'));
  if (conversation !== null) out.conversation(conversation.id);
  if (sender !== null) out.sender(userParty(out, people, sender));
  writeRecipient(out, people, { conversation, direction });
  writeTimes(out, row, direction);
  const text = said?.text ?? contentText(row.text('content')) ?? said?.place?.name ?? null;
  if (text !== null) out.body(text);
  const quote = row.text('quote') ?? said?.quote ?? null;
  if (quote !== null) out.ref('reply-to', quote);
  if (kind === 'deletion' && id !== null) out.ref('deletes', id);
  if (said?.asset != null) out.attachment({ ...said.asset, sha256: null, present: false });
  if (said?.place != null) {
    out.field('latitude', String(said.place.latitude));
    out.field('longitude', String(said.place.longitude));
  }
  for (const [name, value] of row.others(PLACED_MESSAGE)) out.field(name, value);
  out.end();
}

function kindOf(type: string, isPlace: boolean): ItemKind {
  if (isPlace || type === 'Location') return 'location';
  if (type === 'Recalled') return 'deletion';
  if (CALLS.has(type)) return 'call';
  if (MEMBERSHIP.has(type)) return 'membership';
  return FROM_PEOPLE.has(type) ? 'message' : 'note';
}

function directionOf(type: string, sender: string | null, { owner }: People): Direction {
  if (!FROM_PEOPLE.has(type) && !CALLS.has(type)) return 'system';
  if (sender === null || owner === null) return null;
  return sender === owner ? 'outgoing' : 'incoming';
}

function conversationOf({ conversations }: People, id: string | null): Conversation | null {
  if (id === null) return null;
  return conversations.get(id) ?? { id, name: null, peer: null };
}

function writeRecipient(
  out: BatchWriter,
  people: People,
  { conversation, direction }: { readonly conversation: Conversation | null; readonly direction: Direction },
): void {
  if (conversation === null || direction === 'system') return;
  if (conversation.peer === null) out.recipient(groupParty(out, conversation));
  else if (direction === 'outgoing') out.recipient(userParty(out, people, conversation.peer));
  else if (people.owner !== null) out.recipient(userParty(out, people, people.owner));
}

function groupParty(out: BatchWriter, { id, name }: Conversation) {
  return out.party('wire-conversation', id, name ?? undefined);
}

/** `time` is the server's once the message reached it; `local_time` is the device's. */
function writeTimes(out: BatchWriter, row: NamedRow, direction: Direction): void {
  const local = instantOf(row.whole('local_time'), 'device');
  const sent = instantOf(row.whole('time'), 'server') ?? local;
  if (sent !== null) out.sentAt(sent);
  if (local !== null && sent !== local) out.time(direction === 'outgoing' ? 'composed' : 'received', local);
  const edited = instantOf(row.whole('edit_time'), 'server');
  if (edited !== null) out.time('edited', edited);
  const expires = instantOf(row.whole('expiry_time'), 'device');
  if (expires !== null) out.time('expires', expires);
}

/** Milliseconds since 1970; 0 is what the app writes for none. */
function instantOf(ms: number | null, clock: Clock): Instant | null {
  if (ms === null || ms <= 0) return null;
  return { utc: ms, raw: String(ms), zone: 'UTC', precision: 'ms', clock };
}

/** The column `content`: a JSON list of parts with `content`, for messages without their original bytes. */
function contentText(content: string | null): string | null {
  if (content === null) return null;
  try {
    const parts: unknown = JSON.parse(content);
    if (!Array.isArray(parts)) return content;
    const texts = parts.flatMap((part) => (typeof part?.content === 'string' ? [part.content as string] : []));
    return texts.length === 0 ? null : texts.join(' ');
  } catch {
    return content;
  }
}

function writeUser(context: WriteContext, row: NamedRow): void {
  const { out, people } = context;
  const id = row.text('_id');
  const isSelf = id !== null && id === people.owner;
  begin(context, row, { kind: isSelf ? 'account' : 'contact', direction: null });
  const name = row.text('name') ?? undefined;
  if (id !== null && !isSelf) out.recipient(userParty(out, people, id));
  const phone = row.text('phone');
  if (phone !== null && /^\+\d{7,15}$/.test(phone)) out.recipient(out.party('phone', phone, name));
  const email = row.text('email');
  if (email !== null) out.recipient(out.party('email', email.toLowerCase(), name));
  if (name !== undefined) out.body(name);
  for (const [column, value] of row.others(new Set(['_id', 'name']))) out.field(column, value);
  out.end();
}

function writeConversation(context: WriteContext, row: NamedRow): void {
  const { out, people } = context;
  begin(context, row, { kind: 'note', direction: null });
  const conversation = conversationOf(people, row.text('_id'));
  if (conversation !== null) {
    out.conversation(conversation.id);
    out.recipient(groupParty(out, conversation));
    if (conversation.name !== null) out.body(conversation.name);
  }
  for (const [name, value] of row.others(new Set(['remote_id']))) out.field(name, value);
  out.field('table', row.table);
  out.end();
}

function writeMember(context: WriteContext, row: NamedRow): void {
  const { out, people } = context;
  begin(context, row, { kind: 'membership', direction: null });
  const member = row.text('user_id');
  if (member !== null) out.sender(userParty(out, people, member));
  const conversation = conversationOf(people, row.text('conv_id'));
  if (conversation !== null) {
    out.conversation(conversation.id);
    out.ref('member-of', conversation.id);
    out.recipient(groupParty(out, conversation));
  }
  for (const [name, value] of row.others(new Set(['user_id', 'conv_id']))) out.field(name, value);
  out.end();
}

/** `action` 1 likes, 0 takes the like back. */
function writeLiking(context: WriteContext, row: NamedRow): void {
  const { out, people } = context;
  const sender = row.text('user_id');
  const direction = sender === null || people.owner === null ? null : sender === people.owner ? 'outgoing' : 'incoming';
  begin(context, row, { kind: 'reaction', direction });
  if (sender !== null) out.sender(userParty(out, people, sender));
  writeAbout(context, row, 'reacts-to');
  out.field('action', row.whole('action') ?? 0);
  out.end();
}

function writeEdit(context: WriteContext, row: NamedRow): void {
  begin(context, row, { kind: 'edit', direction: null });
  const updated = row.text('updated_id');
  if (updated !== null) context.out.messageId(updated);
  const original = row.text('original_id');
  if (original !== null) context.out.ref('edits', original);
  writeAbout(context, row, null);
  context.out.end();
}

function writeDeletion(context: WriteContext, row: NamedRow): void {
  begin(context, row, { kind: 'deletion', direction: null });
  writeAbout(context, row, 'deletes');
  context.out.end();
}

function writeReceipt(context: WriteContext, row: NamedRow): void {
  const { out, people } = context;
  begin(context, row, { kind: 'note', direction: null });
  const reader = row.text('user_id');
  if (reader !== null) out.sender(userParty(out, people, reader));
  writeAbout(context, row, 'read');
  out.field('table', row.table);
  out.end();
}

function writePlain(context: WriteContext, row: NamedRow): void {
  const { out } = context;
  begin(context, row, { kind: 'note', direction: null });
  // What opens a file on the server is a credential, not evidence; it stays in the raw record.
  for (const [name, value] of row.others(new Set(['encryption', 'token']))) out.field(name, value);
  out.field('table', row.table);
  out.end();
}

function writeAbout({ out }: WriteContext, row: NamedRow, rel: string | null): void {
  const message = row.text('message_id');
  if (rel !== null && message !== null) out.ref(rel, message);
  const at = instantOf(row.whole('timestamp'), 'server');
  if (at !== null) out.sentAt(at);
}

function begin(
  { out, people }: WriteContext,
  { cursor }: NamedRow,
  { kind, direction }: { readonly kind: ItemKind; readonly direction: Direction },
): void {
  out.begin(kind, 'wire', direction);
  out.locator(cursor.locator());
  out.raw(cursor.record());
  out.authentication(STREAM_VERIFIED);
  if (people.owner !== null) out.owner(userParty(out, people, people.owner));
}
