import { type ByteColumn, rowStart, utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { canonicalValue } from '@custody/entities';
import { decodeParties, decodeParty, itemSlot } from '@custody/evidence';
import { ByteTable, grown, hashBytes, RECORD, SEEN } from './byte-table.ts';
import { FieldIdentifiers, type IdentifierSink } from './field-identifiers.ts';
import { statedForms } from './handset-number.ts';
import type { MentionPlace, MentionRows } from './mention-rows.ts';
import { type PartyForm, PartyForms } from './party-forms.ts';

/**
 * Distinct fields kept from tile to tile, and members of those that name several: some 30 MB at most, whatever a capture
 * holds. 60,000 users with their devices are 240,000 fields; where fewer are kept, each tile decodes them again.
 */
const MOST_FIELDS = 1 << 18;
const MOST_MEMBERS = 1 << 20;

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

/** Where the mentions of an item go. */
export interface MentionsInto {
  readonly rows: MentionRows;
  readonly position: number;
}

/** Types of which a party has further forms beside the canonical one. */
const HANDSET = new Set(['imei', 'imeisv']);

/**
 * Makes a mention of every party of an item, and of every identifier that its fields state by their names. The same few
 * thousand parties come again and again, so the encoded bytes of a field are looked up, and decoded only when they are new.
 */
export class PartyMentions {
  /** SEEN is the number + 1 of a field's party where it has exactly one: nearly all have, and the record is at hand. */
  readonly #fields = new ByteTable();
  readonly #identifiers = new FieldIdentifiers();
  /** Tags of #fields above those of roles: one a type. */
  readonly #tags = new Map<string, number>();
  /** Numbers of the item at hand: what names somebody twice is one mention. */
  #named: number[] = [];
  #into: MentionsInto | null = null;
  /** Numbers of the parties of each other field that was met. */
  readonly #partiesOf = new Map<number, readonly number[]>();
  /** Numbers in #partiesOf. */
  #members = 0;
  readonly #forms = new PartyForms();
  /** The party's value in this tile's MentionRows, plus one; 0: not met in this tile. */
  #values = new Uint32Array(1 << 10);

  /** To be called before each tile. */
  nextTile(): void {
    this.#values.fill(0);
    this.#identifiers.nextTile();
    const isFull = this.#forms.isFull;
    if (!isFull && this.#fields.count < MOST_FIELDS && this.#members < MOST_MEMBERS) return;
    this.#fields.clear();
    this.#partiesOf.clear();
    this.#members = 0;
    if (isFull) this.#forms.clear();
  }

  add(items: readonly ByteColumn[], row: number, into: MentionsInto): void {
    this.#named.length = 0;
    for (let r = 0; r < roles.length; r++) {
      const { slot, place, list } = roles[r] as Role;
      const column = items[slot - 1] as ByteColumn;
      if (column.absent[row] === 1) continue;
      const start = rowStart(column, row);
      const end = column.ends[row] as number;
      const field = this.#fields.add(column.bytes, start, end - start, hashBytes(column.bytes, start, end), list);
      const one = this.#fields.records[field * RECORD + SEEN] as number;
      if (one > 0) {
        this.#name(one - 1, into, place);
        continue;
      }
      const parties = this.#partiesOf.get(field) ?? this.#decode(field, list, column.bytes.subarray(start, end));
      for (let i = 0; i < parties.length; i++) this.#name(parties[i] as number, into, place);
    }
    this.#addFields(items[itemSlot.fields - 1] as ByteColumn, row, into);
  }

  #name(party: number, into: MentionsInto, place: MentionPlace): void {
    this.#named.push(party);
    into.rows.addParty(this.#valueIn(party, into.rows), into.position, place);
  }

  /** What a field's parties are, once they are known. */
  #keep(field: number, parties: readonly number[]): void {
    if (parties.length === 1) this.#fields.records[field * RECORD + SEEN] = (parties[0] as number) + 1;
    else {
      this.#partiesOf.set(field, parties);
      this.#members += parties.length;
    }
  }

  #addFields(column: ByteColumn, row: number, into: MentionsInto): void {
    if (column.absent[row] === 1) return;
    this.#into = into;
    this.#identifiers.find(column.bytes, rowStart(column, row), column.ends[row] as number, this.#sink);
    this.#into = null;
  }

  readonly #sink: IdentifierSink = {
    text: (type, bytes, start, end) => this.#state(type, bytes, start, end),
    number: (type, value) => {
      const digits = utf8Encode(String(value));
      this.#state(type, digits, 0, digits.length);
    },
  };

  #state(type: string, bytes: Uint8Array, start: number, end: number): void {
    let tag = this.#tags.get(type);
    if (tag === undefined) {
      tag = 2 + this.#tags.size;
      this.#tags.set(type, tag);
    }
    const field = this.#fields.add(bytes, start, end - start, hashBytes(bytes, start, end), tag);
    const one = this.#fields.records[field * RECORD + SEEN] as number;
    if (one > 0) {
      this.#metadata(one - 1);
      return;
    }
    let stated = this.#partiesOf.get(field);
    if (stated === undefined) {
      const value = utf8DecodeLossy(bytes, start, end).trim();
      stated = this.#forms.of(`stated\n${type}`, value, () => statedForms(type, value));
      this.#keep(field, stated);
    }
    for (let i = 0; i < stated.length; i++) this.#metadata(stated[i] as number);
  }

  #metadata(party: number): void {
    if (this.#into !== null && !this.#named.includes(party)) this.#name(party, this.#into, 'metadata');
  }

  #valueIn(party: number, rows: MentionRows): number {
    const known = party < this.#values.length ? (this.#values[party] as number) : 0;
    if (known !== 0) return known - 1;
    const made = rows.value(this.#forms.type(party), this.#forms.value(party));
    if (party >= this.#values.length) this.#values = grown(this.#values, 2 * party);
    this.#values[party] = made + 1;
    return made;
  }

  /** Two names of one party in a field are one. */
  #decode(field: number, list: 0 | 1, bytes: Uint8Array): readonly number[] {
    const parties = list === 1 ? decodeParties(bytes) : [decodeParty(bytes)];
    const forms = parties.map(({ type, value }) => this.#forms.of(type, value, () => partyForms(type, value)));
    const numbers = forms.length === 1 ? (forms[0] as readonly number[]) : [...new Set(forms.flat())];
    this.#keep(field, numbers);
    return numbers;
  }
}

function partyForms(type: string, value: string): readonly PartyForm[] {
  const stated = HANDSET.has(type) ? statedForms(type, value) : [];
  return stated.length > 0 ? stated : [{ type, value: canonicalValue(type, value) ?? value }];
}
