import type { BatchWriter, Party, PartyId } from '@custody/evidence';
import type { SqliteFile } from '../../sqlite/index.ts';
import { StoredRow } from './stored-row.ts';

/** A conversation: a person or a group. */
export interface Partner {
  readonly party: Party;
  readonly isGroup: boolean;
}

/** Conversations kept in memory; a hostile file may have any number. */
const MOST_KEPT = 500_000;

/** Who the ids of rows stand for. Names of columns: `serviceId` since 2023, `uuid` before. */
export class People {
  readonly #byId = new Map<string, Partner>();
  readonly #byService = new Map<string, Partner>();
  readonly #byPhone = new Map<string, Partner>();
  /** The account that the database belongs to; null where it does not say. */
  readonly self: Party | null;

  constructor(file: SqliteFile) {
    const table = file.table('conversations');
    const cursor = table?.scan();
    while (table != null && cursor?.next() === true && this.#byId.size < MOST_KEPT) {
      const row = new StoredRow(cursor, table);
      const id = row.text('id');
      const partner = partnerOf(row);
      if (id !== null) this.#byId.set(id, partner);
      const service = row.text('serviceId', 'uuid');
      if (service !== null) this.#byService.set(service.toLowerCase(), partner);
      const phone = row.text('e164');
      if (phone !== null) this.#byPhone.set(phone, partner);
    }
    this.self = this.#own(file);
  }

  conversation(id: string | null): Partner | null {
    return id === null ? null : (this.#byId.get(id) ?? null);
  }

  /** A person by conversation id, service id or telephone number, whichever a row gives. */
  person(id: string): Party {
    const known = this.#byId.get(id) ?? this.#byService.get(id.toLowerCase()) ?? this.#byPhone.get(id);
    if (known !== undefined) return known.party;
    return id.startsWith('+') ? { type: 'phone', value: id } : { type: 'signal-aci', value: id.toLowerCase() };
  }

  /** Settings hold keys as well; only the account's own number and service id are read. */
  #own(file: SqliteFile): Party | null {
    const table = file.table('items');
    const cursor = table?.scan();
    let own: Party | null = null;
    while (table != null && cursor?.next() === true) {
      const id = cursor.text(table.column('id') ?? -1);
      if (id !== 'uuid_id' && id !== 'number_id') continue;
      // `value` is the id, a dot and the number of the device.
      const value = new StoredRow(cursor, table).text('value')?.split('.')[0];
      if (value === undefined) continue;
      if (own === null || id === 'number_id') own = this.person(value);
    }
    return own;
  }
}

export function partnerOf(row: StoredRow): Partner {
  const group = row.text('groupId');
  const isGroup = row.text('type') === 'group' || (group !== null && row.text('type') !== 'private');
  const display = row.text('name', 'profileFullName', 'profileName');
  const shown = display === null ? {} : { display };
  if (isGroup) return { isGroup, party: { type: 'signal-group', value: group ?? row.text('id') ?? '', ...shown } };
  const id = row.text('id') ?? '';
  // Until 2020 the number itself was the id.
  const phone = row.text('e164') ?? (/^\+\d{5,15}$/.test(id) ? id : null);
  const service = row.text('serviceId', 'uuid');
  if (phone !== null) return { isGroup, party: { type: 'phone', value: phone, ...shown } };
  if (service !== null) return { isGroup, party: { type: 'signal-aci', value: service, ...shown } };
  return { isGroup, party: { type: 'signal-recipient', value: id, ...shown } };
}

export function writeParty(out: BatchWriter, { type, value, display }: Party): PartyId {
  return out.party(type, value, display);
}
