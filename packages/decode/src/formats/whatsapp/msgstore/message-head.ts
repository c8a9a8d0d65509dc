import type { Clock } from '@custody/evidence';
import type { Rowid } from '../../../sqlite/index.ts';
import { instantOf } from './instant.ts';
import type { ItemContext } from './item-context.ts';
import { isShared } from './jid.ts';

/** Who wrote to whom, of a message, reaction or call. */
export interface Talk {
  readonly fromMe: boolean;
  /** JID of the conversation; null where it cannot be told. */
  readonly chat: string | null;
  readonly subject: string | null;
  /** JID that the row names as sender; null where it names none. */
  readonly sender: string | null;
}

/** Writes owner, sender, recipients and conversation. */
export function writeTalk(context: ItemContext, talk: Talk): void {
  const { out, owner } = context;
  const { chat } = talk;
  if (owner !== null) out.owner(owner);
  if (chat !== null) out.conversation(chat);
  const shared = chat !== null && isShared(chat);
  const party = chat === null ? null : context.party(chat, talk.subject);
  if (talk.fromMe) {
    if (talk.sender !== null) out.sender(context.party(talk.sender));
    else if (owner !== null) out.sender(owner);
    if (party !== null) out.recipient(party);
    return;
  }
  if (talk.sender !== null) out.sender(context.party(talk.sender));
  else if (party !== null && !shared) out.sender(party);
  if (shared && party !== null) out.recipient(party);
  else if (owner !== null) out.recipient(owner);
}

/** `timestamp`: of what the owner sent by the device, of what came in by the server (README.md, Clocks). */
export function writeSentAt(context: ItemContext, value: Rowid | null, fromMe: boolean): void {
  const instant = instantOf(value, fromMe ? 'device' : 'server');
  if (instant !== null) context.out.sentAt(instant);
}

export function writeTime(
  context: ItemContext,
  name: string,
  time: { readonly value: Rowid | null; readonly clock: Clock },
): void {
  const instant = instantOf(time.value, time.clock);
  if (instant !== null) context.out.time(name, instant);
}
