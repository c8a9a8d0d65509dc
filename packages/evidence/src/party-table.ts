import { CborWriter } from '@custody/bytes';
import type { Party } from './item.ts';

/** A party's place in the table of its batch. */
export type PartyId = number;

/** The distinct parties of one batch, each encoded once. */
export class PartyTable {
  readonly #ids = new Map<string, PartyId>();
  readonly #cbor = new CborWriter();
  #parties: Party[] = [];
  #encoded: Uint8Array[] = [];

  /** The id of a party; type, value and display name together are its identity. */
  intern(type: string, value: string, display?: string): PartyId {
    const key = display === undefined ? `${type}\n${value}` : `${type}\n${value}\n${display}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const party: Party = display === undefined ? { type, value } : { type, value, display };
    const id = this.#parties.push(party) - 1;
    this.#encoded.push(this.#encode(party));
    this.#ids.set(key, id);
    return id;
  }

  encoded(id: PartyId): Uint8Array {
    return this.#encoded[id] as Uint8Array;
  }

  all(): readonly Party[] {
    return this.#parties;
  }

  clear(): void {
    this.#ids.clear();
    this.#parties = [];
    this.#encoded = [];
  }

  #encode(party: Party): Uint8Array {
    const cbor = this.#cbor;
    cbor.reset();
    cbor.array(party.display === undefined ? 2 : 3);
    cbor.text(party.type);
    cbor.text(party.value);
    if (party.display !== undefined) cbor.text(party.display);
    return cbor.view().slice();
  }
}
