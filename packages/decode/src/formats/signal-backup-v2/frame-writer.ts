import type { ItemKind } from '@custody/evidence';
import { listOf } from './attachments.ts';
import { writeChatItem } from './chat-item-writer.ts';
import { begin, type ItemContext, instant, type Place, person } from './item-context.ts';
import { type Id, partyOf, partyOfServiceId, serviceId, writeParty } from './people.ts';
import type { Message } from './schema/read-message.ts';
import { writeAdHocCall } from './update-writer.ts';

/** Writes the items of one frame. The word says what it is where this build makes no item of it. */
export function writeFrame(context: ItemContext, frame: Message, place: Place): string | null {
  const [name] = Object.keys(frame);
  const inner = (name === undefined ? {} : frame[name]) as Message;
  switch (name) {
    case 'account':
      writeAccount(context, inner, place);
      return null;
    case 'recipient':
      return writeRecipient(context, inner, place);
    case 'chat':
      writeChat(context, inner, place);
      return null;
    case 'chatItem':
      return writeChatItem(context, inner, place) ? null : 'chat items without a content that this build knows';
    case 'adHocCall':
      writeAdHocCall(context, inner, place);
      return null;
    case 'stickerPack':
    case 'notificationProfile':
    case 'chatFolder':
      writeNote(context, name, inner, place);
      return null;
    default:
      return 'frames of a kind that this build does not know';
  }
}

/** What the backup says of itself: when it was made and by which version of the app. */
export function writeInfo(context: ItemContext, info: Message, place: Place): void {
  begin(context, 'note', 'system', place);
  const at = instant(info.backupTimeMs, 'device');
  if (at !== null) context.out.sentAt(at);
  writeFields(context, 'backupInfo', info);
  context.out.end();
}

function writeAccount(context: ItemContext, account: Message, place: Place): void {
  begin(context, 'account', null, place);
  if (typeof account.username === 'string' && account.username !== '')
    context.out.recipient(context.out.party('signal-username', account.username));
  writeFields(context, 'account', account);
  context.out.end();
}

const KINDS: ReadonlyMap<string, ItemKind> = new Map([['self', 'account']]);
const RECIPIENTS = ['contact', 'group', 'distributionList', 'self', 'releaseNotes', 'callLink'];
const PLACED: ReadonlySet<string> = new Set(['members']);

function writeRecipient(context: ItemContext, recipient: Message, place: Place): string | null {
  const name = RECIPIENTS.find((one) => recipient[one] !== undefined);
  if (name === undefined) return 'recipients of a kind that this build does not know';
  const { out, people, fields } = context;
  const id = (recipient.id ?? 0) as Id;
  const inner = recipient[name] as Message;
  begin(context, KINDS.get(name) ?? 'contact', null, place);
  const known = people.persons.get(id);
  if (name !== 'self') out.recipient(writeParty(out, partyOf(people, id)));
  if (name === 'group') out.conversation(partyOf(people, id).value);
  const listed = (inner.distributionList as Message | undefined)?.memberRecipientIds;
  for (const member of (listed ?? []) as readonly Id[]) {
    person(context, member);
    out.recipient(writeParty(out, partyOf(people, member)));
  }
  out.field('content', name);
  out.field('recipient', id);
  if (known?.aci != null) out.field('aci', known.aci);
  const snapshot = inner.snapshot as Message | undefined;
  const shown = snapshot === undefined ? inner : { ...inner, snapshot: pick(snapshot) };
  for (const [field, value] of fields.of(shown)) if (field !== 'aci') out.field(field, value);
  out.end();
  if (snapshot !== undefined) writeMembers(context, partyOf(people, id).value, snapshot, { ...place, raw: null });
  return null;
}

/** Members are items of their own. */
function pick(snapshot: Message): Message {
  return Object.fromEntries(
    Object.entries(snapshot).filter(([name]) => !PLACED.has(name) && !name.startsWith('members')),
  );
}

/** Lists of people in a group, and what being in one means. */
const LISTS = [
  ['members', 'member'],
  ['membersPendingProfileKey', 'invited'],
  ['membersPendingAdminApproval', 'asks to join'],
  ['membersBanned', 'banned'],
] as const;

function writeMembers(context: ItemContext, group: string, snapshot: Message, place: Place): void {
  const { out, people, fields } = context;
  for (const [list, standing] of LISTS) {
    for (const entry of listOf(snapshot[list])) {
      const member = (entry.member ?? entry) as Message;
      const aci = serviceId(member.userId);
      begin(context, 'membership', null, place);
      out.conversation(group);
      out.ref('member-of', group);
      if (aci !== null) {
        out.sender(writeParty(out, partyOfServiceId(people, aci)));
        out.field('member_aci', aci);
      }
      const added = serviceId(entry.addedByUserId);
      if (added !== null) out.field('added_by_aci', added);
      const at = instant(entry.timestamp, 'server');
      if (at !== null) out.sentAt(at);
      out.field('standing', standing);
      for (const [name, value] of fields.of(member, new Set(['userId', 'timestamp']))) out.field(name, value);
      out.end();
    }
  }
}

/** A conversation: with whom, and how the owner set it up. */
function writeChat(context: ItemContext, chat: Message, place: Place): void {
  const { out, people } = context;
  begin(context, 'note', null, place);
  const other = (chat.recipientId ?? 0) as Id;
  person(context, other);
  out.conversation(partyOf(people, other).value);
  out.recipient(writeParty(out, partyOf(people, other)));
  writeFields(context, 'chat', chat);
  out.end();
}

function writeNote(context: ItemContext, name: string, inner: Message, place: Place): void {
  begin(context, 'note', null, place);
  const at = instant(inner.createdAtMs, 'device');
  if (at !== null) context.out.sentAt(at);
  writeFields(context, name, inner);
  context.out.end();
}

function writeFields({ out, fields }: ItemContext, content: string, message: Message): void {
  out.field('content', content);
  for (const [name, value] of fields.of(message)) out.field(name, value);
}
