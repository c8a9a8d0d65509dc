import { CborWriter } from '@custody/bytes';
import type { Party } from './item.ts';

/** A party's number in the table of its writer. */
export type PartyId = number;

/** Parties kept from batch to batch: some 10 MB at most, whatever a capture holds. */
const MOST_KEPT = 65_536;

/**
 * The distinct parties that a writer meets, each encoded once. They are kept from batch to batch, because the same ones
 * come again and again; what belongs to the present batch is numbered apart.
 */
export class PartyTable {
  /** Ids given before it changed hold no more. */
  epoch = 0;
  readonly #ids = new Map<string, PartyId>();
  readonly #cbor = new CborWriter();
  #parties: Party[] = [];
  /** Encoded parties end to end. */
  #memory = new Uint8Array(16 * 1024);
  /** Where each ends, after a 0. */
  #ends = new Uint32Array(1025);
  /** Of each party its place in `batch` + 1; 0: not in it. */
  #places = new Uint32Array(1024);
  #batch: Party[] = [];

  /** The id of a party; type, value and display name together are its identity. */
  intern(type: string, value: string, display?: string): PartyId {
    const key = display === undefined ? `${type}\n${value}` : `${type}\n${value}\n${display}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const party: Party = display === undefined ? { type, value } : { type, value, display };
    const id = this.#parties.push(party) - 1;
    if (id === this.#places.length) {
      this.#places = grown(this.#places, id * 2);
      this.#ends = grown(this.#ends, id * 2 + 1);
    }
    this.#encode(party, id);
    this.#ids.set(key, id);
    return id;
  }

  /** A party as deterministic CBOR is `memory[start(id)..end(id))`, until another party is met. */
  get memory(): Uint8Array {
    return this.#memory;
  }

  start(id: PartyId): number {
    return this.#ends[id] as number;
  }

  end(id: PartyId): number {
    return this.#ends[id + 1] as number;
  }

  /** The party's place among those of the present batch. */
  place(id: PartyId): number {
    const known = this.#places[id] as number;
    if (known !== 0) return known - 1;
    const place = this.#batch.push(this.#parties[id] as Party);
    this.#places[id] = place;
    return place - 1;
  }

  /** The parties of the present batch. */
  batch(): readonly Party[] {
    return this.#batch;
  }

  /** Begins the next batch. */
  clear(): void {
    this.#batch = [];
    this.#places.fill(0, 0, this.#parties.length);
    if (this.#parties.length <= MOST_KEPT) return;
    this.epoch++;
    this.#ids.clear();
    this.#parties = [];
  }

  #encode(party: Party, id: PartyId): void {
    const cbor = this.#cbor
      .reset()
      .array(party.display === undefined ? 2 : 3)
      .text(party.type)
      .text(party.value);
    if (party.display !== undefined) cbor.text(party.display);
    const start = this.start(id);
    const end = start + cbor.length;
    if (end > this.#memory.length) {
      const bigger = new Uint8Array(end * 2);
      bigger.set(this.#memory);
      this.#memory = bigger;
    }
    this.#memory.set(cbor.view(), start);
    this.#ends[id + 1] = end;
  }
}

function grown(numbers: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const bigger = new Uint32Array(length);
  bigger.set(numbers);
  return bigger;
}
