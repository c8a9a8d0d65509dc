import { sha256Hex } from '@custody/bytes';
import type { Item, Party } from '@custody/evidence';
import { canonicalIdentifier } from '../links/canonical-identifier.ts';

/** What two copies of one message or call have in common. */
export interface PairKey {
  readonly kind: string;
  readonly from: string;
  readonly to: readonly string[];
  /** SHA-256 of the text; the message's own id where it is closed; empty for calls. */
  readonly what: string;
}

/** Null for what has no two sides. */
export function pairKeyOf(item: Item): PairKey | null {
  const { kind, sender, recipients } = item;
  if ((kind !== 'message' && kind !== 'call') || sender === null || recipients === null || recipients.length === 0)
    return null;
  const what = kind === 'call' ? '' : whatOf(item);
  return what === null ? null : { kind, from: senderName(item, sender), to: recipientNames(item).sort(), what };
}

function whatOf({ body, messageId }: Item): string | null {
  if (body !== null) return sha256Hex(body);
  return messageId === null ? null : `id ${messageId}`;
}

export function pairKey(item: Item): string | null {
  const key = pairKeyOf(item);
  return key === null ? null : keyText(key);
}

export function keyText({ kind, from, to, what }: PairKey): string {
  return [kind, from, ...to, what].join('\n');
}

/** The key of the same message the other way; null where there are not two parties. */
export function turnedKey(key: PairKey): PairKey | null {
  const [to, ...more] = key.to;
  return to === undefined || more.length > 0 || to === key.from ? null : { ...key, from: to, to: [key.from] };
}

/**
 * Signal knows its owner by service id and others by number: where both devices' backups state service ids, these name
 * the same person on both.
 */
function senderName({ fields }: Item, sender: Party): string {
  const aci = fields?.get('author_aci');
  return typeof aci === 'string' ? `signal-aci ${aci}` : partyName(sender);
}

function recipientNames({ fields, recipients }: Item): string[] {
  const aci = fields?.get('recipient_aci');
  return typeof aci === 'string' ? [`signal-aci ${aci}`] : (recipients ?? []).map(partyName);
}

export function ownerName(item: Item, owner: Party): string {
  const name = partyName(owner);
  const { sender, recipients } = item;
  if (sender !== null && partyName(sender) === name) return senderName(item, sender);
  const [only] = recipients?.length === 1 ? recipients : [];
  return only !== undefined && partyName(only) === name ? (recipientNames(item)[0] ?? name) : name;
}

export function partyName({ type, value }: Party): string {
  const canonical = canonicalIdentifier(type, value);
  return `${canonical.type} ${canonical.value}`;
}
