import type { Attachment, Instant, Party } from '@custody/evidence';
import type { ExchangeItem } from './exchange-item.ts';

/** Largest time that ECMAScript can name (ECMA-262 21.4.1.1), in milliseconds. */
const LAST_TIME = 8.64e15;
const lossy = new TextDecoder();

/** Body as text; null where there is none or it is withheld. Bytes that are not UTF-8 read as U+FFFD. */
export function bodyText({ item }: ExchangeItem): string | null {
  return item.body === null ? null : lossy.decode(item.body);
}

/** Time of an item in milliseconds UTC; null where it cannot be told. */
export function sentMs({ item }: ExchangeItem): number | null {
  return msOf(item.sentAt);
}

/** ISO 8601 UTC with milliseconds; null where the time cannot be told. */
export function isoTime(instant: Instant | null): string | null {
  const ms = msOf(instant);
  return ms === null ? null : new Date(ms).toISOString();
}

/** What stands for a party everywhere: type and value, never a display name. */
export function partyKey(party: Party): string {
  return `${party.type}:${party.value}`;
}

export function partyLabel(party: Party): string {
  return party.display === undefined || party.display === '' ? party.value : party.display;
}

/** Conversation that an item belongs to, told apart by platform; null where the format names none or it is withheld. */
export function conversationOf({ item }: ExchangeItem): string | null {
  return item.conversation === null ? null : `${item.platform}:${item.conversation}`;
}

/** Whether the item is a message or something done to one: each is an item of its own. */
export function isMessage({ item }: ExchangeItem): boolean {
  return item.kind === 'message' || item.kind === 'edit' || item.kind === 'deletion' || item.kind === 'reaction';
}

/** Everybody an item names: sender, recipients, owner. */
export function partiesOf({ item }: ExchangeItem): Party[] {
  return [item.sender, ...(item.recipients ?? []), item.owner].filter((party) => party !== null);
}

/** An attachment in one line, for formats that have no place for one without its file. */
export function attachmentText({ name, mime, size, sha256, present }: Attachment): string {
  const parts = [name ?? 'no name', mime ?? 'type unknown', size === null ? 'size unknown' : `${size} bytes`];
  return [...parts, sha256 === null ? 'no hash' : `sha256 ${sha256}`, present ? 'present' : 'not present'].join('; ');
}

function msOf(instant: Instant | null): number | null {
  const utc = instant?.utc ?? null;
  return utc === null || Math.abs(utc) > LAST_TIME ? null : utc;
}
