import type { Direction, ItemKind, Party } from '@custody/evidence';
import { listOf } from './attachments.ts';
import { type ChatItem, writeEnds, writeTimes } from './chat-item-ends.ts';
import { begin, type ItemContext, instant, type Place, writeTime } from './item-context.ts';
import { type Id, partyOfServiceId, phoneOf, serviceId, writeParty } from './people.ts';
import type { Message, Value } from './schema/read-message.ts';

/** Changes of a group that are about who is in it. */
const MEMBERSHIP =
  /Member(?:Left|Removed|Joined|Added)|Invit(?:ed|ee|ation)|JoinRequest|RequestsAndCancels|AdminStatus/;
/** Service ids of those whom a change concerns. */
const CONCERNED = ['newMemberAci', 'removedAci', 'memberAci', 'aci', 'inviteeAci', 'inviteePni', 'inviteeServiceId'];
const PLACED: ReadonlySet<string> = new Set(['chatId', 'authorId', 'dateSent', 'updateMessage', 'directionless']);

interface Update {
  readonly kind: ItemKind;
  readonly direction: Direction;
  readonly name: string;
  readonly inner: Message;
  readonly body?: Value | undefined;
  readonly refs?: readonly (readonly [rel: string, id: string])[];
  readonly concerned?: readonly Party[];
}

/** Writes what the app itself put into a chat: calls, changes of groups and people. False where it is nothing known. */
export function writeUpdate(context: ItemContext, item: ChatItem, place: Place): boolean {
  const update = item.message.updateMessage as Message;
  const [name] = Object.keys(update);
  if (name === undefined) return false;
  const inner = update[name] as Message;
  const changes = name === 'groupChange' ? listOf(inner.updates) : [];
  if (changes.length === 0) writeOne(context, item, updateOf(context, name, inner), place);
  for (const [i, change] of changes.entries())
    writeOne(context, item, groupChange(context, change), i === 0 ? place : { ...place, raw: null });
  return true;
}

function updateOf(context: ItemContext, name: string, inner: Message): Update {
  const note = { kind: 'note', direction: 'system', name, inner } as const;
  switch (name) {
    case 'individualCall':
      return { ...note, kind: 'call', direction: CALL_DIRECTIONS.get(inner.direction as string) ?? null };
    case 'groupCall':
      return { ...note, kind: 'call', direction: groupCallDirection(context, inner) };
    case 'pollTerminate':
      return { ...note, body: inner.question, refs: target(inner, 'ends') };
    case 'pinMessage':
      return { ...note, refs: target(inner, 'pins') };
    default: {
      const phone = phoneOf(inner.previousE164 ?? inner.e164);
      return phone === null ? note : { ...note, concerned: [{ type: 'phone', value: phone }] };
    }
  }
}

const CALL_DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ['INCOMING', 'incoming'],
  ['OUTGOING', 'outgoing'],
]);

function groupCallDirection({ people }: ItemContext, call: Message): Direction {
  if (call.state === 'OUTGOING_RING') return 'outgoing';
  const by = (call.ringerRecipientId ?? call.startedCallRecipientId) as Id | undefined;
  if (by === undefined) return null;
  return by === people.self ? 'outgoing' : 'incoming';
}

function target(inner: Message, rel: string): (readonly [string, string])[] {
  return inner.targetSentTimestamp === undefined ? [] : [[rel, String(inner.targetSentTimestamp)]];
}

function groupChange({ people }: ItemContext, change: Message): Update {
  const name = Object.keys(change)[0] ?? 'genericGroupUpdate';
  const inner = (change[name] ?? {}) as Message;
  const named = [inner, ...listOf(inner.invitees)].flatMap((one) => CONCERNED.map((field) => one[field]));
  const ids = [...named, inner.requestorAci].map(serviceId).filter((id) => id !== null);
  const concerned = [...new Set(ids)].map((id) => partyOfServiceId(people, id));
  const kind = MEMBERSHIP.test(name) ? 'membership' : 'note';
  return { kind, direction: 'system', name, inner, body: inner.newGroupName ?? inner.newDescription, concerned };
}

function writeOne(context: ItemContext, item: ChatItem, update: Update, place: Place): void {
  const { out, fields } = context;
  begin(context, update.kind, update.direction, place);
  writeEnds(context, item);
  for (const party of update.concerned ?? []) out.recipient(writeParty(out, party));
  writeTimes(context, item);
  writeTime(context, 'started', update.inner.startedCallTimestamp, 'device');
  writeTime(context, 'until', update.inner.endedCallTimestamp, 'device');
  if (typeof update.body === 'string' && update.body !== '') out.body(update.body);
  for (const [rel, id] of update.refs ?? []) out.ref(rel, id);
  if (update.kind === 'membership') out.ref('member-of', conversationOf(context, item));
  out.field('content', 'updateMessage');
  out.field('update', update.name);
  out.field(update.name, fields.map(update.inner));
  for (const [name, value] of fields.of(item.message, PLACED)) out.field(name, value);
  out.end();
}

function conversationOf({ people }: ItemContext, { chat }: ChatItem): string {
  const other = people.chats.get(chat);
  return (other === undefined ? undefined : people.persons.get(other)?.party.value) ?? `chat:${chat}`;
}

/** A call on a link, which is in no chat. */
export function writeAdHocCall(context: ItemContext, call: Message, place: Place): void {
  const { out, people, fields } = context;
  begin(context, 'call', null, place);
  if (call.callId !== undefined) out.messageId(String(call.callId));
  const link = people.persons.get((call.recipientId ?? 0) as Id);
  if (link === undefined) context.tally.unresolved++;
  else {
    out.conversation(link.party.value);
    out.recipient(writeParty(out, link.party));
  }
  const at = instant(call.callTimestamp, 'device');
  if (at !== null) out.sentAt(at);
  out.field('content', 'adHocCall');
  for (const [name, value] of fields.of(call)) out.field(name, value);
  out.end();
}
