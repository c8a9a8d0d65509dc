import type { Direction } from '@custody/evidence';
import { listOf } from './attachments.ts';
import { type ItemContext, instant, person, writeTime } from './item-context.ts';
import { type Id, partyOf, writeParty } from './people.ts';
import type { Message, Value } from './schema/read-message.ts';

/** Ends of a chat item, as every item made of it has them. */
export interface ChatItem {
  readonly message: Message;
  readonly author: Id;
  readonly chat: Id;
  readonly sent: Value;
  readonly direction: Direction;
}

export function readChatItem(context: ItemContext, message: Message): ChatItem {
  const direction = message.incoming !== undefined ? 'incoming' : message.outgoing !== undefined ? 'outgoing' : null;
  const [author, chat] = [(message.authorId ?? 0) as Id, (message.chatId ?? 0) as Id];
  if (!context.people.chats.has(chat)) context.tally.unresolved++;
  const said = direction ?? (message.directionless === undefined ? null : 'system');
  return { message, author, chat, sent: message.dateSent ?? 0, direction: said };
}

/** A conversation is named by whom the chat is with. Returns that recipient. */
export function writeConversation({ out, people }: ItemContext, chat: Id): Id | undefined {
  const other = people.chats.get(chat);
  out.conversation(other === undefined ? `chat:${chat}` : partyOf(people, other).value);
  return other;
}

/** Conversation, sender, recipients, id and time: the same for all items of a chat item. */
export function writeEnds(context: ItemContext, item: ChatItem, author: Id = item.author): void {
  const { out, people } = context;
  out.messageId(String(item.sent));
  const other = writeConversation(context, item.chat);
  const sender = person(context, author);
  out.sender(writeParty(out, partyOf(people, author)));
  const isGroup = other !== undefined && people.persons.get(other)?.kind === 'group';
  const receiver = isGroup || author === people.self ? other : people.self;
  if (receiver != null) out.recipient(writeParty(out, partyOf(people, receiver)));
  if (sender?.aci != null) out.field('author_aci', sender.aci);
  const receiverAci = receiver == null ? null : people.persons.get(receiver)?.aci;
  if (receiverAci != null) out.field('recipient_aci', receiverAci);
}

export function writeTimes(context: ItemContext, { message, sent, direction }: ChatItem): void {
  const at = instant(sent, direction === 'incoming' ? 'sender' : 'device');
  if (at !== null) context.out.sentAt(at);
  const { dateReceived, dateServerSent } = (message.incoming ?? message.outgoing ?? {}) as Message;
  writeTime(context, 'received', dateReceived, 'device');
  writeTime(context, 'server', dateServerSent, 'server');
  const statuses = listOf((message.outgoing as Message | undefined)?.sendStatus);
  const [only] = statuses.length === 1 ? statuses : [];
  for (const name of ['delivered', 'read', 'viewed'])
    if (only?.[name] !== undefined) writeTime(context, name, only.timestamp, 'device');
}
