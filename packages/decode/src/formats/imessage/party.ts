import type { BatchWriter, PartyId } from '@custody/evidence';

/** A handle or login as a party: `+31…`, an address, or what it is. */
export function partyOf(out: BatchWriter, id: string): PartyId {
  const bare = id.replace(/^(?:P|E|tel|mailto):/i, '');
  if (/^\+\d{5,20}$/.test(bare)) return out.party('phone', bare);
  if (/^[^@\s]+@[^@\s]+$/.test(bare)) return out.party('email', bare.toLowerCase());
  return out.party('imessage', bare);
}
