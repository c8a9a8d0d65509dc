import type { Authentication, BatchWriter, Direction, ItemKind, Locator, PartyId } from '@custody/evidence';
import type { ChatHead, ExportPlan } from './export-plan.ts';
import { instantOf } from './instants.ts';
import { fieldOf, isObject, type JsonObject, peerOf, textOf, wholeOf } from './json-object.ts';
import { namedFiles } from './message-media.ts';
import { messageText } from './message-text.ts';

export const PLAIN_JSON: Authentication = {
  mechanism: 'none: a JSON file in clear',
  result: 'none',
  proves:
    'Nothing: anybody can write or change such a file. Only the hash taken at intake shows that it did not change since.',
};

export interface FoundFile {
  readonly size: number;
  readonly sha256: string;
}

export interface WriteContext {
  readonly out: BatchWriter;
  readonly plan: ExportPlan;
  readonly file: (path: string) => FoundFile | null;
}

export interface RecordPlace {
  readonly locator: Locator;
  readonly raw: Uint8Array;
}

/** Names that stand elsewhere in the item. */
const PLACED: ReadonlySet<string> = new Set([
  ...['type', 'date', 'date_unixtime', 'edited', 'edited_unixtime', 'from', 'from_id', 'actor', 'actor_id'],
  ...['text', 'text_entities', 'reply_to_message_id', 'photo', 'photo_file_size', 'file', 'file_name', 'file_size'],
  ...['mime_type', 'location_information', 'forwarded_from_id'],
]);
const MEMBERSHIP = new Set([
  ...[
    'invite_members',
    'remove_members',
    'join_group_by_link',
    'join_group_by_request',
    'create_group',
    'create_channel',
  ],
  ...['migrate_to_supergroup', 'migrate_from_group', 'joined_telegram'],
]);

/** Writes a message or service message, and its reactions. Returns how many files it names that are not there. */
export function writeMessage(context: WriteContext, message: JsonObject, chat: ChatHead, place: RecordPlace): number {
  const { out, plan } = context;
  const sender = peerOf(message.from_id) ?? peerOf(message.actor_id);
  const kind = kindOf(message);
  const conversation = conversationOf(chat);
  const direction = directionOf(message, { sender, chat, plan, kind });
  out.begin(kind, 'telegram', direction);
  begin(context, place);
  const number = textOf(message.id);
  const id = number === null ? null : idIn(conversation, number);
  if (id !== null) out.messageId(id);
  if (conversation !== null) out.conversation(conversation);
  writeEnds(context, message, { sender, chat, conversation, direction });
  writeTimes(out, message, kind);
  const { text, entities } = messageText(message.text, message.text_entities);
  const said = text ?? questionOf(message);
  if (said !== null) out.body(said);
  if (entities !== null) out.field('entities', entities);
  writeRefs(out, message, conversation);
  const absent = writeFiles(context, message);
  if (isObject(message.location_information)) {
    for (const name of ['latitude', 'longitude']) out.field(name, textOf(message.location_information[name]));
  }
  if (textOf(message.date) !== null) out.field('local_date', textOf(message.date));
  for (const [name, value] of Object.entries(message)) {
    if (!PLACED.has(name) && value !== null && value !== '') out.field(name, fieldOf(value));
  }
  out.end();
  writeReactions(context, message, { id, conversation, place });
  return absent;
}

function kindOf(message: JsonObject): ItemKind {
  if (message.type === 'service') {
    const action = textOf(message.action) ?? '';
    if (action === 'phone_call' || action === 'group_call') return 'call';
    return MEMBERSHIP.has(action) ? 'membership' : 'note';
  }
  if (isObject(message.location_information)) return 'location';
  return message.type === 'message' ? 'message' : 'note';
}

/** A chat's id as `from_id` writes it: user, chat (a small group) or channel (a large group or a channel). */
export function conversationOf({ type, id, name }: ChatHead): string | null {
  if (id === null) return name;
  if (type === 'personal_chat' || type === 'bot_chat') return `user${id}`;
  if (type === 'private_group') return `chat${id}`;
  if (type === 'saved_messages') return `saved${id}`;
  return type !== null && /supergroup|channel/.test(type) ? `channel${id}` : id;
}

function directionOf(
  message: JsonObject,
  { sender, chat, plan, kind }: { sender: string | null; chat: ChatHead; plan: ExportPlan; kind: ItemKind },
): Direction {
  if (message.type === 'service' && kind !== 'call') return 'system';
  if (sender === null) return null;
  if (plan.owner !== null) return sender === plan.owner ? 'outgoing' : 'incoming';
  if (chat.type === 'personal_chat' || chat.type === 'bot_chat') {
    return sender === `user${chat.id}` ? 'incoming' : 'outgoing';
  }
  return null;
}

function writeEnds(
  { out, plan }: WriteContext,
  message: JsonObject,
  {
    sender,
    chat,
    conversation,
    direction,
  }: {
    sender: string | null;
    chat: ChatHead;
    conversation: string | null;
    direction: Direction;
  },
): void {
  const owner = ownerParty(out, plan);
  if (owner !== null) out.owner(owner);
  if (sender !== null) out.sender(partyOf(out, sender, textOf(message.from) ?? textOf(message.actor)));
  const isPair = chat.type === 'personal_chat' || chat.type === 'bot_chat';
  if (isPair && direction === 'incoming') {
    if (owner !== null) out.recipient(owner);
  } else if (conversation !== null && chat.id !== null) out.recipient(partyOf(out, conversation, chat.name));
}

export function partyOf(out: BatchWriter, id: string, name: string | null): PartyId {
  return out.party(id.startsWith('user') ? 'telegram' : 'telegram-group', id, name ?? undefined);
}

export function ownerParty(out: BatchWriter, { owner, ownerName }: ExportPlan): PartyId | null {
  return owner === null ? null : partyOf(out, owner, ownerName);
}

function writeTimes(out: BatchWriter, message: JsonObject, kind: ItemKind): void {
  const sent = instantOf(message.date_unixtime, message.date);
  if (sent !== null) out.sentAt(sent);
  const edited = instantOf(message.edited_unixtime, message.edited);
  if (edited !== null && edited.raw !== '0' && edited.raw !== '1970-01-01T00:00:00') out.time('edited', edited);
  const seconds = wholeOf(message.duration_seconds);
  if (kind !== 'call' || seconds === null || seconds <= 0 || seconds > 1e7 || sent === null || sent.utc === null)
    return;
  out.time('until', { ...sent, utc: sent.utc + seconds * 1000, raw: `${sent.raw} + ${seconds} s` });
}

/** Messages are numbered within their chat: only with it is a number an id. */
function idIn(conversation: string | null, number: string): string {
  return conversation === null ? number : `${conversation}/${number}`;
}

function writeRefs(out: BatchWriter, message: JsonObject, conversation: string | null): void {
  const reply = textOf(message.reply_to_message_id);
  if (reply !== null) out.ref('reply-to', idIn(peerOf(message.reply_to_peer_id) ?? conversation, reply));
  const forwarded = peerOf(message.forwarded_from_id) ?? textOf(message.forwarded_from);
  if (forwarded !== null) out.ref('forwarded-from', forwarded);
  const pinned = textOf(message.message_id);
  if (pinned !== null && message.action === 'pin_message') out.ref('pins', idIn(conversation, pinned));
}

function writeFiles({ out, file }: WriteContext, message: JsonObject): number {
  let absent = 0;
  for (const { path, name, mime, size } of namedFiles(message)) {
    const found = path === null ? null : file(path);
    if (found === null) absent++;
    out.attachment({ name, mime, size: found?.size ?? size, sha256: found?.sha256 ?? null, present: found !== null });
  }
  return absent;
}

function questionOf(message: JsonObject): string | null {
  return isObject(message.poll) ? textOf(message.poll.question) : null;
}

/** Reactions that name who reacted are items; the counts of all stand with the message. */
function writeReactions(
  context: WriteContext,
  message: JsonObject,
  { id, conversation, place }: { id: string | null; conversation: string | null; place: RecordPlace },
): void {
  const { out, plan } = context;
  const reactions = Array.isArray(message.reactions) ? message.reactions : [];
  for (const reaction of reactions.filter(isObject)) {
    const recent = Array.isArray(reaction.recent) ? reaction.recent : [];
    for (const one of recent.filter(isObject)) {
      const sender = peerOf(one.from_id);
      out.begin(
        'reaction',
        'telegram',
        sender === null || plan.owner === null ? null : sender === plan.owner ? 'outgoing' : 'incoming',
      );
      begin(context, place);
      if (conversation !== null) out.conversation(conversation);
      const owner = ownerParty(out, plan);
      if (owner !== null) out.owner(owner);
      if (sender !== null) out.sender(partyOf(out, sender, textOf(one.from)));
      const at = instantOf(one.date_unixtime, one.date);
      if (at !== null) out.sentAt(at);
      const emoji = textOf(reaction.emoji) ?? textOf(reaction.document_id) ?? textOf(reaction.type);
      if (emoji !== null) out.body(emoji);
      if (id !== null) out.ref('reacts-to', id);
      out.end();
    }
  }
}

export function begin({ out }: WriteContext, { locator, raw }: RecordPlace): void {
  out.locator(locator);
  out.raw(raw);
  out.authentication(PLAIN_JSON);
}
