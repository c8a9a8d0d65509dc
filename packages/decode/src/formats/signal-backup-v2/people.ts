import type { BatchWriter, Party, PartyId } from '@custody/evidence';
import { showServiceId } from './backup-keys.ts';
import { groupIdOf } from './group-id.ts';
import type { Message } from './schema/read-message.ts';

/** Ids that the backup gives to recipients and chats, for reference within it. */
export type Id = number | bigint;

export type PersonKind = 'self' | 'contact' | 'group' | 'list' | 'link' | 'notes';

export interface Person {
  readonly kind: PersonKind;
  readonly party: Party;
  /** Service id as text: with the sent time it names a message on every device. */
  readonly aci: string | null;
}

/** Who is who: gathered before the first item is written. Survives structured cloning. */
export interface People {
  readonly persons: ReadonlyMap<Id, Person>;
  /** Recipient of a chat. */
  readonly chats: ReadonlyMap<Id, Id>;
  readonly byServiceId: ReadonlyMap<string, Id>;
  /** Recipient that the backup belongs to. */
  readonly self: Id | null;
}

/** Of a plan with nothing to decode. */
export const NOBODY: People = { persons: new Map(), chats: new Map(), byServiceId: new Map(), self: null };

/** A recipient frame as a person: phone number before service id before user name. */
export function personOf(recipient: Message): Person {
  const id = String(recipient.id ?? 0);
  const { contact, group, distributionList, callLink } = recipient as Record<string, Message | undefined>;
  if (contact !== undefined) return contactOf(contact, id);
  if (group !== undefined) return { kind: 'group', party: groupParty(group, id), aci: null };
  if (distributionList !== undefined) {
    const name = (distributionList.distributionList as Message | undefined)?.name;
    const uuid = serviceId(distributionList.distributionId);
    return { kind: 'list', party: party('signal-list', uuid ?? id, textOf(name)), aci: null };
  }
  if (callLink !== undefined)
    return { kind: 'link', party: party('signal-call-link', id, textOf(callLink.name)), aci: null };
  if (recipient.self !== undefined) return { kind: 'self', party: { type: 'signal-recipient', value: id }, aci: null };
  return { kind: 'notes', party: { type: 'signal-recipient', value: id, display: 'Signal' }, aci: null };
}

function contactOf(contact: Message, id: string): Person {
  const aci = serviceId(contact.aci);
  const pni = serviceId(contact.pni);
  const name = nameOf(contact);
  const phone = phoneOf(contact.e164);
  if (phone !== null) return { kind: 'contact', party: party('phone', phone, name), aci };
  if (aci !== null) return { kind: 'contact', party: party('signal-aci', aci, name), aci };
  if (pni !== null) return { kind: 'contact', party: party('signal-pni', pni, name), aci };
  const username = textOf(contact.username);
  if (username !== null) return { kind: 'contact', party: party('signal-username', username, name), aci };
  return { kind: 'contact', party: party('signal-recipient', id, name), aci };
}

function groupParty(group: Message, id: string): Party {
  const title = ((group.snapshot as Message | undefined)?.title as Message | undefined)?.title;
  const key = group.masterKey;
  const value = key instanceof Uint8Array && key.length === 32 ? groupIdOf(key) : `group:${id}`;
  return party('signal-group', value, textOf(title));
}

/** What the owner calls them, before what they call themselves. */
function nameOf(contact: Message): string | null {
  const nickname = (contact.nickname ?? {}) as Message;
  return (
    joined(nickname.given, nickname.family) ??
    joined(contact.systemGivenName, contact.systemFamilyName) ??
    textOf(contact.systemNickname) ??
    joined(contact.profileGivenName, contact.profileFamilyName) ??
    textOf(contact.username)
  );
}

export function joined(...parts: readonly unknown[]): string | null {
  const text = parts.filter((part) => typeof part === 'string' && part !== '').join(' ');
  return text === '' ? null : text;
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A number as the backup has it, in E.164; null where there is none. */
export function phoneOf(value: unknown): string | null {
  return (typeof value === 'number' || typeof value === 'bigint') && value > 0 ? `+${value}` : null;
}

/** 16 bytes as a service id; 17 with a leading 1 are a PNI, with a leading 0 an ACI. */
export function serviceId(value: unknown): string | null {
  if (!(value instanceof Uint8Array)) return null;
  if (value.length === 16) return showServiceId(value);
  if (value.length !== 17) return null;
  return value[0] === 1 ? `PNI:${showServiceId(value.subarray(1))}` : showServiceId(value.subarray(1));
}

function party(type: string, value: string, display: string | null): Party {
  return display === null ? { type, value } : { type, value, display };
}

export function partyOf(people: People, id: Id): Party {
  return people.persons.get(id)?.party ?? { type: 'signal-recipient', value: String(id) };
}

export function writeParty(out: BatchWriter, { type, value, display }: Party): PartyId {
  return out.party(type, value, display);
}

/** Whoever has this service id: a contact of the backup, or the id alone. */
export function partyOfServiceId(people: People, id: string): Party {
  const known = people.byServiceId.get(id);
  if (known !== undefined) return partyOf(people, known);
  return id.startsWith('PNI:') ? { type: 'signal-pni', value: id.slice(4) } : { type: 'signal-aci', value: id };
}
