import { type ByteColumn, rowStart, utf8Encode } from '@custody/bytes';
import { canonicalValue } from '@custody/entities';
import { decodeParties, decodeParty, itemSlot, type Party } from '@custody/evidence';
import { ByteTable, grown, hashBytes } from './byte-table.ts';
import type { MentionPlace, MentionRows } from './mention-rows.ts';

/** Distinct fields and parties kept from tile to tile: some 20 MB at most, whatever a capture holds. */
const MOST_KEPT = 65_536;

interface Role {
  readonly slot: number;
  readonly place: MentionPlace;
  /** 1 where the field is a list of parties. */
  readonly list: 0 | 1;
}

const roles: readonly Role[] = [
  { slot: itemSlot.sender, place: 'sender', list: 0 },
  { slot: itemSlot.recipients, place: 'recipient', list: 1 },
  { slot: itemSlot.owner, place: 'owner', list: 0 },
];

interface KnownParty {
  readonly type: string;
  /** The canonical value in UTF-8, or the value as found where its type has no canonical form or it does not fit. */
  readonly value: Uint8Array;
}

/**
 * Makes a mention of every party of an item. The same few thousand parties come again and again, so the encoded bytes
 * of a field are looked up, and decoded only when they are new.
 */
export class PartyMentions {
  readonly #fields = new ByteTable();
  /** For each distinct field, the numbers of its parties. */
  #partiesOf: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();
  #parties: KnownParty[] = [];
  /** The party's value in this tile's MentionRows, plus one; 0: not met in this tile. */
  #values = new Uint32Array(1 << 10);

  /** To be called before each tile. */
  nextTile(): void {
    this.#values.fill(0);
    if (this.#fields.count < MOST_KEPT && this.#parties.length < MOST_KEPT) return;
    this.#fields.clear();
    this.#numbers.clear();
    this.#partiesOf = [];
    this.#parties = [];
  }

  add(items: readonly ByteColumn[], row: number, into: { rows: MentionRows; position: number }): void {
    for (let r = 0; r < roles.length; r++) {
      const { slot, place, list } = roles[r] as Role;
      const column = items[slot - 1] as ByteColumn;
      if (column.absent[row] === 1) continue;
      const start = rowStart(column, row);
      const end = column.ends[row] as number;
      const field = this.#fields.add(column.bytes, start, end - start, hashBytes(column.bytes, start, end), list);
      const parties = this.#partiesOf[field] ?? this.#decode(field, list, column.bytes.subarray(start, end));
      for (let i = 0; i < parties.length; i++) {
        into.rows.addParty(this.#valueIn(parties[i] as number, into.rows), into.position, place);
      }
    }
  }

  #valueIn(party: number, rows: MentionRows): number {
    const known = this.#values[party] as number;
    if (known !== 0) return known - 1;
    const { type, value } = this.#parties[party] as KnownParty;
    const made = rows.value(type, value);
    this.#values[party] = made + 1;
    return made;
  }

  /** Two names of one party in a field are one. */
  #decode(field: number, list: 0 | 1, bytes: Uint8Array): readonly number[] {
    const parties = list === 1 ? decodeParties(bytes) : [decodeParty(bytes)];
    const numbers = [...new Set(parties.map((party) => this.#number(party)))];
    this.#partiesOf[field] = numbers;
    return numbers;
  }

  #number({ type, value }: Party): number {
    const canonical = canonicalValue(type, value) ?? value;
    const key = `${type}\n${canonical}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#parties.push({ type, value: utf8Encode(canonical) }) - 1;
      if (number === this.#values.length) this.#values = grown(this.#values, number * 2);
      this.#numbers.set(key, number);
    }
    return number;
  }
}
