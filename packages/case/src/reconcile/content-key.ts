import { encodeCbor, hexEncode, sha256Hex } from '@custody/bytes';
import type { Instant, Item, Party } from '@custody/evidence';
import { pairKey } from './pair-key.ts';
import { isBare } from './text-pairs.ts';

/** Everything an item says, without where it stands: equal in two deliveries of the same record. */
export function contentKey(item: Item): string {
  const parts = contentParts(item).map(([name, value]) => `${name}=${value}`);
  return sha256Hex(new TextEncoder().encode(parts.join('\n'))).slice(0, 32);
}

/** Names of what differs between two items; `own`: what each side's own view adds is left out. */
export function differingFields(a: Item, b: Item, { own }: { readonly own: boolean }): string[] {
  const [left, right] = [new Map(contentParts(a)), new Map(contentParts(b))];
  const names = new Set([...left.keys(), ...right.keys()]);
  const out = [...names]
    .filter((name) => left.get(name) !== right.get(name) && !(own && isOwnView(name)))
    .filter((name) => !(own && PARTIES.has(name) && isOtherNaming(left.get(name) ?? '', right.get(name) ?? '')))
    .sort();
  return out.filter((name) => !isSameTime(timeOf(a, name), timeOf(b, name)));
}

const PARTIES: ReadonlySet<string> = new Set(['sender', 'recipients']);

/** One side does not name its own owner, or names people by number and the other by service id or address book. */
function isOtherNaming(one: string, other: string): boolean {
  const types = (text: string) => text.split(';').map((party) => party.slice(0, party.indexOf(':')));
  const known = new Set(types(one));
  return one === '' || other === '' || types(other).every((type) => !known.has(type));
}

function timeOf(item: Item, name: string): Instant | null {
  return name === 'sentAt' ? item.sentAt : (item.times?.get(name.replace(/^times\./, '')) ?? null);
}

/** One instant, written to the second here and to the millisecond there. */
function isSameTime(a: Instant | null, b: Instant | null): boolean {
  if (a?.utc == null || b?.utc == null || a.precision === b.precision) return false;
  const coarser = Math.max(stepOf(a), stepOf(b));
  return Math.floor(a.utc / coarser) === Math.floor(b.utc / coarser);
}

/** Milliseconds that the precision of an instant leaves open, at least one. */
function stepOf({ precision }: Instant): number {
  return STEP[precision] ?? 1;
}

const STEP: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000, day: 86_400_000 };

/** Depends on whose device or server the copy is from, not on the message. */
function isOwnView(name: string): boolean {
  const [first] = name.split('.');
  return OWN.has(first as string);
}

const OWN = new Set([
  'platform',
  'direction',
  'conversation',
  'owner',
  'sentAt',
  'times',
  'messageId',
  'refs',
  'authentication',
  'fields',
  'cells',
]);

function contentParts(item: Item): [string, string][] {
  const out: [string, string][] = [
    ['kind', item.kind],
    ['platform', item.platform],
    ['direction', String(item.direction)],
    ['messageId', String(item.messageId)],
    ['conversation', String(item.conversation)],
    ['sender', partyText(item.sender)],
    ['recipients', item.recipients === null ? '' : item.recipients.map(partyText).join(';')],
    ['owner', partyText(item.owner)],
    ['sentAt', instantText(item.sentAt)],
    ['body', item.body === null ? '' : sha256Hex(item.body)],
    ['refs', JSON.stringify(item.refs)],
    ['attachments', JSON.stringify(item.attachments.map(({ mime, size, sha256 }) => [mime, size, sha256]))],
    [
      'authentication',
      item.authentication === null ? '' : `${item.authentication.mechanism} ${item.authentication.result}`,
    ],
  ];
  for (const [name, time] of item.times ?? []) out.push([`times.${name}`, instantText(time)]);
  for (const [name, value] of item.fields ?? []) {
    if (name === 'cells' && value instanceof Map) {
      for (const [column, cell] of value) out.push([`cells.${String(column)}`, String(cell)]);
    } else out.push([`fields.${name}`, hexEncode(encodeCbor(value))]);
  }
  return out;
}

/**
 * Ways to recognise the same record in two deliveries, the surest first; each null where the item has none. Where neither
 * ids nor numbers name it, its text decides before its sender and place do: exports of two phones number their lines alike.
 */
export function identityKeys(item: Item): (string | null)[] {
  const file = item.locator.path.slice(item.locator.path.lastIndexOf('/') + 1);
  const sequence = item.fields?.get('sequence');
  const sent = item.sentAt?.utc ?? null;
  const isByText = isBare(item);
  const bySender = item.sender === null || sent === null ? null : `${item.kind}\n${partyText(item.sender)}\n${sent}`;
  const when = sent ?? item.sentAt?.raw;
  const said = item.sender === null || when === undefined ? null : `${partyText(item.sender)}\n${when}`;
  return [
    idKey(item),
    pairKey(item),
    typeof sequence === 'string' ? `${item.kind}\n${file}\n${sequence}` : null,
    isByText ? null : bySender,
    isByText || item.locator.row === null ? null : `${item.kind}\n${file}\n${item.locator.row}`,
    isByText ? said : null,
  ];
}

/** Telegram numbers the messages of each account; those of channels and supergroups alone have one number for all. */
function idKey({ kind, platform, messageId, conversation, owner }: Item): string | null {
  if (messageId === null) return null;
  const isOwn = platform === 'telegram' && conversation?.startsWith('channel') !== true;
  return `${kind}\n${messageId}${isOwn ? `\n${partyText(owner)}` : ''}`;
}

function partyText(party: Party | null): string {
  return party === null ? '' : `${party.type}:${party.value}`;
}

/** One instant written in two ways is one; where UTC cannot be told, the text decides. */
function instantText(instant: Instant | null): string {
  return instant === null ? '' : String(instant.utc ?? instant.raw);
}
