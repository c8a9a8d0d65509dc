import type { ItemKind } from '@custody/evidence';
import { listOf, longTextOf, pointersOf, tellDamaged, writeAttachments } from './attachments.ts';
import { type ChatItem, readChatItem, writeConversation, writeEnds, writeTimes } from './chat-item-ends.ts';
import { begin, type ItemContext, instant, type Place, person } from './item-context.ts';
import { type Id, partyOf, writeParty } from './people.ts';
import type { Message, Value } from './schema/read-message.ts';
import { writeUpdate } from './update-writer.ts';

/** Contents of a chat item: one of them stands in each. */
const CONTENTS = [
  ...['standardMessage', 'contactMessage', 'stickerMessage', 'remoteDeletedMessage', 'updateMessage'],
  ...['paymentNotification', 'giftBadge', 'viewOnceMessage', 'directStoryReplyMessage', 'poll', 'adminDeletedMessage'],
] as const;
const DELETIONS: ReadonlySet<string> = new Set(['remoteDeletedMessage', 'adminDeletedMessage']);
/** Names of a chat item that stand elsewhere in the item, or in items of their own. */
const PLACED: ReadonlySet<string> = new Set(['chatId', 'authorId', 'dateSent', 'revisions', 'directionless']);
const PLACED_IN_CONTENT: ReadonlySet<string> = new Set(['reactions']);

/** Writes the items of a chat item: its versions, what people answered to it. False where nothing in it is known. */
export function writeChatItem(context: ItemContext, message: Message, place: Place): boolean {
  const item = readChatItem(context, message);
  const content = contentOf(message);
  if (content === null) return false;
  if (content === 'updateMessage') return writeUpdate(context, item, place);
  const versions = [...listOf(message.revisions).map((one) => readChatItem(context, one)), item];
  const first = versions[0] as ChatItem;
  for (const [i, version] of versions.entries()) {
    const raw = version === item ? place.raw : null;
    writeVersion(context, version, { ...place, raw }, i === 0 ? null : String(first.sent));
  }
  writeAnswers(context, item, message[content] as Message, { ...place, raw: null });
  return true;
}

function contentOf(message: Message): (typeof CONTENTS)[number] | null {
  return CONTENTS.find((name) => message[name] !== undefined) ?? null;
}

function writeVersion(context: ItemContext, item: ChatItem, place: Place, edits: string | null): void {
  const { out, fields } = context;
  const { message, direction, sent } = item;
  const content = contentOf(message);
  const kind: ItemKind = content !== null && DELETIONS.has(content) ? 'deletion' : edits === null ? 'message' : 'edit';
  begin(context, kind, direction, place);
  writeEnds(context, item);
  writeTimes(context, item);
  if (edits !== null) out.ref('edits', edits);
  if (kind === 'deletion') out.ref('deletes', String(sent));
  const inner = content === null ? {} : (message[content] as Message);
  const quoted = (inner.quote as Message | undefined)?.targetSentTimestamp;
  if (quoted !== undefined && quoted !== 0) out.ref('reply-to', String(quoted));
  writeBody(context, inner);
  const damaged = writeAttachments(context, filesOf(inner));
  if (content !== null) {
    out.field('content', content);
    out.field(content, fields.map(withoutText(inner), PLACED_IN_CONTENT));
  }
  for (const [name, value] of fields.of(message, content === null ? PLACED : new Set([...PLACED, content])))
    out.field(name, value);
  out.end();
  tellDamaged(context, place, damaged);
}

function filesOf(content: Message): Message[] {
  const longText = content.longText ?? (content.textReply as Message | undefined)?.longText;
  return longText === undefined ? pointersOf(content) : [...pointersOf(content), longText as Message];
}

/** The text of a message stands in the body; what formats it stays. */
function withoutText(content: Message): Message {
  const bare = (text: Value | undefined) => {
    const { body: _body, ...rest } = text as Message;
    return rest;
  };
  if (content.text !== undefined) return { ...content, text: bare(content.text) };
  const reply = content.textReply as Message | undefined;
  return reply?.text === undefined ? content : { ...content, textReply: { ...reply, text: bare(reply.text) } };
}

function writeBody(context: ItemContext, content: Message): void {
  const { out } = context;
  const reply = content.textReply as Message | undefined;
  const whole = longTextOf(context, content.longText ?? reply?.longText);
  if (whole !== null) {
    out.bodyBytes(whole);
    return;
  }
  const text = ((content.text ?? reply?.text) as Message | undefined)?.body;
  const body = text ?? content.question ?? content.note ?? content.emoji;
  if (typeof body === 'string' && body !== '') out.body(body);
}

/** Reactions and votes: each is an item of its own, by whoever gave it. */
function writeAnswers(context: ItemContext, item: ChatItem, content: Message, place: Place): void {
  for (const reaction of listOf(content.reactions)) {
    writeAnswer(context, item, { by: (reaction.authorId ?? 0) as Id, body: reaction.emoji, rel: 'reacts-to' }, place, {
      sent: reaction.sentTimestamp,
      fields: reaction,
    });
  }
  for (const option of listOf(content.options)) {
    for (const vote of listOf(option.votes)) {
      const answer = { by: (vote.voterId ?? 0) as Id, body: option.option, rel: 'votes-in' };
      writeAnswer(context, item, answer, place, { sent: undefined, fields: vote });
    }
  }
}

const PLACED_IN_ANSWER: ReadonlySet<string> = new Set(['emoji', 'authorId', 'sentTimestamp', 'voterId']);

function writeAnswer(
  context: ItemContext,
  item: ChatItem,
  answer: { readonly by: Id; readonly body: Value | undefined; readonly rel: string },
  place: Place,
  more: { readonly sent: Value | undefined; readonly fields: Message },
): void {
  const { out, people, fields } = context;
  const isOwn = answer.by === people.self;
  begin(context, 'reaction', isOwn ? 'outgoing' : 'incoming', place);
  writeConversation(context, item.chat);
  const by = person(context, answer.by);
  out.sender(writeParty(out, partyOf(people, answer.by)));
  if (by?.aci != null) out.field('author_aci', by.aci);
  const author = people.persons.get(item.author);
  if (author?.aci != null) out.field('target_author_aci', author.aci);
  const at = instant(more.sent, isOwn ? 'device' : 'sender');
  if (at !== null) out.sentAt(at);
  if (typeof answer.body === 'string') out.body(answer.body);
  out.ref(answer.rel, String(item.sent));
  for (const [name, value] of fields.of(more.fields, PLACED_IN_ANSWER)) out.field(name, value);
  out.end();
}
