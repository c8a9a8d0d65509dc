import type { BatchWriter, PartyId } from '@custody/evidence';

/** A telephone number as the user part of a JID, with the number of a device or agent behind it. */
const USER = /^(\d{5,20})(?:[.:_]\d+)*@(?:s\.whatsapp\.net|c\.us)$/;

/** The party that a JID names: a telephone number, a group, or the JID itself (lid, broadcast, newsletter, status). */
export function partyOf(out: BatchWriter, jid: string, display?: string): PartyId {
  const number = USER.exec(jid)?.[1];
  if (number !== undefined) return out.party('phone', `+${number}`, display);
  return out.party(isGroup(jid) ? 'group' : 'whatsapp', jid, display);
}

export function isGroup(jid: string): boolean {
  return jid.endsWith('@g.us');
}

/** Where many people write and each message names its sender. */
export function isShared(jid: string): boolean {
  return isGroup(jid) || jid.endsWith('@broadcast') || jid.endsWith('@newsletter');
}
