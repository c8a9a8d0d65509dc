import type { BatchWriter, Party, PartyId } from '@custody/evidence';
import type { Row } from './tables.ts';

/** A recipient row as a party: phone number, else service id, else group, else its row. */
export function partyOfRecipient(row: Row): Party {
  const id = row.number('_id') ?? -1;
  const phone = row.text('e164', 'phone');
  const aci = row.text('aci', 'uuid') ?? row.text('pni');
  const group = row.text('group_id');
  const name = displayOf(row);
  const display = name === null ? {} : { display: name };
  if (phone !== null && phone !== '') return { type: 'phone', value: phone, ...display };
  if (group !== null && group !== '') return { type: 'signal-group', value: group, ...display };
  if (aci !== null && aci !== '') return { type: 'signal-aci', value: aci, ...display };
  return { type: 'signal-recipient', value: String(id), ...display };
}

/** An address of before 2019, when no table of recipients stood behind it: a number, a group, an e-mail address or a short code. */
export function partyOfAddress(address: string): Party {
  if (/^\+\d{5,15}$/.test(address)) return { type: 'phone', value: address };
  if (address.startsWith('__')) return { type: 'signal-group', value: address };
  return { type: address.includes('@') ? 'email' : 'signal-address', value: address };
}

/**
 * Whom a column names, by the number they have here: the row id of a recipient, or where the database has no table of
 * recipients a number below zero for each address.
 */
export function personIn(
  { addresses }: Pick<People, 'addresses'>,
  row: Row,
  ...names: readonly string[]
): number | null {
  if (addresses === null) return row.number(...names);
  const address = row.text(...names);
  return address === null ? null : (addresses.get(address) ?? null);
}

/** Service id of a recipient row; null where it has none. */
export function aciOf(row: Row): string | null {
  const aci = row.text('aci', 'uuid');
  return aci === '' ? null : aci;
}

/** The name of the address book before the name that people gave themselves. */
export function displayOf(row: Row): string | null {
  const columns = [
    'system_joined_name',
    'system_display_name',
    'profile_joined_name',
    'signal_profile_name',
    'username',
  ];
  for (const column of columns) {
    const name = row.text(column);
    if (name !== null && name !== '') return name;
  }
  return null;
}

/** Recipients and threads by row id; survives structured cloning as its two maps. */
export interface People {
  readonly recipients: ReadonlyMap<number, Party>;
  /** Addresses by text, where the database has no table of recipients; null where it has. */
  readonly addresses: ReadonlyMap<string, number> | null;
  /** Recipient of a thread. */
  readonly threads: ReadonlyMap<number, number>;
  /** Service ids by recipient: with the sent time they name a message on every device. */
  readonly acis: ReadonlyMap<number, string>;
  /** Number of the recipient that the backup belongs to; null where it is not known. */
  readonly self: number | null;
  /** While items of one batch are written. */
  readonly parties?: PartyCache;
}

/** Parties of a batch by recipient: the same few people write everything. */
export class PartyCache {
  readonly #out: BatchWriter;
  readonly #known = new Map<number, PartyId>();
  #epoch: number;

  constructor(out: BatchWriter) {
    this.#out = out;
    this.#epoch = out.partyEpoch;
  }

  get(people: People, id: number): PartyId {
    if (this.#out.partyEpoch !== this.#epoch) {
      this.#known.clear();
      this.#epoch = this.#out.partyEpoch;
    }
    let known = this.#known.get(id);
    if (known === undefined) {
      const { type, value, display } = partyOf(people, id);
      known = this.#out.party(type, value, display);
      this.#known.set(id, known);
    }
    return known;
  }
}

export function partyOf(people: People, id: number): Party {
  return people.recipients.get(id) ?? { type: 'signal-recipient', value: String(id) };
}

export function writeParty(out: BatchWriter, people: People, id: number): PartyId {
  if (people.parties !== undefined) return people.parties.get(people, id);
  const { type, value, display } = partyOf(people, id);
  return out.party(type, value, display);
}

/** A conversation is named by whom the thread is with. */
export function conversationOf(people: People, thread: number | null): string | null {
  if (thread === null) return null;
  const recipient = people.threads.get(thread);
  return recipient === undefined ? `thread:${thread}` : partyOf(people, recipient).value;
}
