import type { Direction, ItemKind } from '@custody/evidence';

/** Low five bits of `type` (`msg_box` before): Signal's MessageTypes. */
const BASE = 0x1f;
const INBOX = 20;
/** Outbox, sending, sent, failed, two kinds of waiting for a person. */
const OUTGOING: ReadonlySet<number> = new Set([21, 22, 23, 24, 25, 26]);
const INCOMING_CALLS: ReadonlySet<number> = new Set([1, 3, 8, 10]);
const OUTGOING_CALLS: ReadonlySet<number> = new Set([2, 11]);
const GROUP_CALL = 12;
/** A change of the group, of a group of the second kind, of the timer: written by the app, not by a person. */
const UPDATES = 0x10000 | 0x80000 | 0x40000;

export interface MessageType {
  readonly kind: ItemKind;
  readonly direction: Direction;
  /** In words, for calls and what the app wrote. */
  readonly words: string | null;
}

const CALLS: Readonly<Record<number, string>> = {
  1: 'incoming audio call',
  2: 'outgoing audio call',
  3: 'missed audio call',
  8: 'missed video call',
  10: 'incoming video call',
  11: 'outgoing video call',
  12: 'group call',
};

/** What a row of messages is. Bits beyond 32 exist (special types), so the number is split without shifting. */
export function messageType(type: number): MessageType {
  const known = types.get(type);
  if (known !== undefined) return known;
  const read = readType(type);
  // Whoever made the file chose the numbers: there are few that an app writes.
  if (types.size < 1000) types.set(type, read);
  return read;
}

const types = new Map<number, MessageType>();

function readType(type: number): MessageType {
  const low = type % 2 ** 32;
  const base = low & BASE;
  const updates = (low & UPDATES) !== 0;
  if (OUTGOING.has(base)) return sent('outgoing', updates);
  if (base === INBOX) return sent('incoming', updates);
  const words = CALLS[base] ?? `message of the app, base type ${base}`;
  if (INCOMING_CALLS.has(base)) return { kind: 'call', direction: 'incoming', words };
  if (OUTGOING_CALLS.has(base)) return { kind: 'call', direction: 'outgoing', words };
  if (base === GROUP_CALL) return { kind: 'call', direction: null, words };
  return { kind: 'note', direction: 'system', words };
}

function sent(direction: 'incoming' | 'outgoing', updates: boolean): MessageType {
  return updates
    ? { kind: 'note', direction, words: 'change of group or timer' }
    : { kind: 'message', direction, words: null };
}
