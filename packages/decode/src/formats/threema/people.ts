import type { BatchWriter, PartyId } from '@custody/evidence';

/** Threema IDs have eight characters; those of gateways begin with an asterisk. */
const IDENTITY = /^[A-Z0-9*][A-Z0-9]{7}$/;

export interface Group {
  /** Creator and id together name a group: ids are unique with their creator only. */
  readonly value: string;
  readonly name: string | null;
}

/** Who is who: gathered before the first item is written. Survives structured cloning. */
export interface People {
  /** Names by Threema ID. */
  readonly names: Map<string, string>;
  /** Threema IDs by the random id that stands in file names since version 19 of the backup. */
  readonly identities: Map<string, string>;
  /** Groups by the id in file names. */
  readonly groups: Map<string, Group>;
  /** Distribution lists by id. */
  readonly lists: Map<string, string>;
  /** Threema ID of the account; null where it is not known. */
  owner: string | null;
}

export function noPeople(): People {
  return { names: new Map(), identities: new Map(), groups: new Map(), lists: new Map(), owner: null };
}

export function isIdentity(text: string | null): text is string {
  return text !== null && IDENTITY.test(text);
}

/** The Threema ID that a file of messages is about: by the table of contacts, or the name itself (before version 19). */
export function identityOf(people: People, key: string): string | null {
  return people.identities.get(key) ?? (isIdentity(key) ? key : null);
}

export function personParty(out: BatchWriter, people: People, identity: string): PartyId {
  return out.party('threema', identity, people.names.get(identity));
}

export function groupParty(out: BatchWriter, group: Group): PartyId {
  return out.party('threema-group', group.value, group.name ?? undefined);
}
