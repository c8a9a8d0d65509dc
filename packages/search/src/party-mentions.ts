import { type ByteColumn, rowStart, utf8Encode } from '@custody/bytes';
import { canonicalValue } from '@custody/entities';
import { decodeParties, decodeParty, itemSlot, type Party } from '@custody/evidence';
import { ByteTable, hashBytes } from './byte-table.ts';
import type { MentionPlace, MentionRows } from './mention-rows.ts';

/** Canonical values kept from tile to tile; a case has as many as it has participants. */
const MOST_KEPT = 65_536;

const roles: readonly (readonly [number, MentionPlace, 0 | 1])[] = [
  [itemSlot.sender, 'sender', 0],
  [itemSlot.recipients, 'recipient', 1],
  [itemSlot.owner, 'owner', 0],
];

/**
 * Makes a mention of every party of an item. The same few parties come again and again, so the encoded bytes of a
 * field are looked up and decoded only when they are new.
 */
export class PartyMentions {
  readonly #fields = new ByteTable();
  /** For each distinct field its values in MentionRows. */
  #values: number[][] = [];
  readonly #canonical = new Map<string, Uint8Array>();

  clear(): void {
    this.#fields.clear();
    this.#values = [];
  }

  add(items: readonly ByteColumn[], row: number, into: { rows: MentionRows; position: number }): void {
    for (const [slot, place, list] of roles) {
      const column = items[slot - 1] as ByteColumn;
      if (column.absent[row] === 1) continue;
      const start = rowStart(column, row);
      const end = column.ends[row] as number;
      const field = this.#fields.add(column.bytes, start, end - start, hashBytes(column.bytes, start, end), list);
      const values = this.#values[field] ?? this.#decode(field, column.bytes.subarray(start, end), into.rows);
      for (const value of values) into.rows.addParty(value, into.position, place);
    }
  }

  #decode(field: number, bytes: Uint8Array, rows: MentionRows): number[] {
    const parties = this.#fields.tags[field] === 1 ? decodeParties(bytes) : [decodeParty(bytes)];
    const values = [...new Set(parties.map((party) => rows.value(party.type, this.#canonicalBytes(party))))];
    this.#values[field] = values;
    return values;
  }

  #canonicalBytes({ type, value }: Party): Uint8Array {
    const key = `${type}\n${value}`;
    let bytes = this.#canonical.get(key);
    if (bytes === undefined) {
      bytes = utf8Encode(canonicalParty(type, value));
      if (this.#canonical.size >= MOST_KEPT) this.#canonical.clear();
      this.#canonical.set(key, bytes);
    }
    return bytes;
  }
}

/** A party's canonical value, or the value as found where its type has no canonical form or it does not fit. */
export function canonicalParty(type: string, value: string): string {
  return canonicalValue(type, value) ?? value;
}
