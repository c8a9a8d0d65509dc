import { classOf, type FoundMention, type TierId, tiers, typeName } from '@custody/entities';
import { ByteTable, grown, hashBytes, RECORD, TAG } from './byte-table.ts';
import { howOfFlags, packFlags, packHow, readingOfFlags } from './mention-flags.ts';
import type { PartColumn } from './part-column.ts';
import { sortedKeys } from './sort-keys.ts';

export const MENTIONS_LAYOUT = 'mentions 1';

/** Where in an item a mention stands; `metadata`: in a field named for it. The place in this list is the stored code. */
export const mentionPlaces = ['body', 'sender', 'recipient', 'owner', 'attachment', 'metadata'] as const;
export type MentionPlace = (typeof mentionPlaces)[number];
/** `main`, or another way to read the same span. */
export const mentionReadings = ['main', 'alternative'] as const;

/** Parties are bound by the format's own metadata, never by what a text says. */
const METADATA: TierId = 1;

interface Row {
  value: number;
  position: number;
  place: number;
  tier: TierId;
  reading: number;
  /** Bits of the folds, and the grade above them: `packHow`. */
  how: number;
  /** -1 where the mention has no span in the body. */
  start: number;
  end: number;
}

/** The mentions of a tile in columns, sorted by type, value and position when they are read out. */
export class MentionRows {
  readonly #values = new ByteTable();
  readonly #types = new Map<string, number>();
  /** Of a party, filled again for each. */
  readonly #party: Row = { value: 0, position: 0, place: 0, tier: METADATA, reading: 0, how: 0, start: -1, end: -1 };
  #count = 0;
  #value = new Uint32Array(1 << 12);
  #position = new Uint32Array(1 << 12);
  /** As `packFlags` has them. */
  #flags = new Uint32Array(1 << 12);
  #start = new Uint32Array(1 << 12);
  #end = new Uint32Array(1 << 12);

  clear(): void {
    this.#values.clear();
    this.#types.clear();
    this.#count = 0;
  }

  /** The number of a (type, value) pair, for `addParty`. */
  value(type: string, bytes: Uint8Array): number {
    return this.#intern(type, bytes, 0, bytes.length);
  }

  addParty(value: number, position: number, place: MentionPlace): void {
    const row = this.#party;
    row.value = value;
    row.position = position;
    row.place = mentionPlaces.indexOf(place);
    this.#add(row);
  }

  /** Offsets are relative to `base`; for an attachment's name, pass null: it is not in the body. */
  addFound(found: FoundMention, position: number, base: number | null): void {
    const { tier } = found;
    const place = base === null ? mentionPlaces.indexOf('attachment') : 0;
    const start = base === null ? -1 : found.start - base;
    const end = base === null ? -1 : found.end - base;
    const value = this.#intern(typeName(found.type), found.valueBytes, found.valueStart, found.valueEnd);
    const how = packHow(found);
    this.#add({ value, position, place, tier, reading: 0, how, start, end });
    if (found.alternatives === null) return;
    for (const other of found.alternatives) {
      const bytes = new TextEncoder().encode(other.value);
      this.#add({ value: this.value(other.type, bytes), position, place, tier, reading: 1, how, start, end });
    }
  }

  #intern(type: string, bytes: Uint8Array, start: number, end: number): number {
    let code = this.#types.get(type);
    if (code === undefined) {
      code = this.#types.size;
      this.#types.set(type, code);
    }
    return this.#values.add(bytes, start, end - start, hashBytes(bytes, start, end), code);
  }

  #add(row: Row): void {
    if (this.#count === this.#value.length) this.#more();
    const at = this.#count++;
    this.#value[at] = row.value;
    this.#position[at] = row.position;
    this.#flags[at] = packFlags(row);
    this.#start[at] = row.start;
    this.#end[at] = row.end;
  }

  /** The columns are valid until `clear`. */
  columns(): { rows: number; columns: PartColumn[] } {
    const types = [...this.#types.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const ranks = new Map(types.map((type, rank) => [type, rank]));
    const typeRank = Uint32Array.from(this.#types.keys(), (type) => ranks.get(type) as number);
    const order = sortedKeys(this.#values, typeRank);
    const rows = this.#rowsByValue(order);
    const classes = [...new Set(types.map(classOfType))].sort();
    const classRank = types.map((type) => classes.indexOf(classOfType(type)));
    const { arena, records } = this.#values;
    const keys = pick(this.#value, rows);
    const flags = pick(this.#flags, rows);
    const type = keys.map((key) => typeRank[records[key * RECORD + TAG] as number] as number);
    return {
      rows: this.#count,
      columns: [
        { form: 'choice', name: 'class', names: classes, codes: type.map((code) => classRank[code] as number) },
        { form: 'choice', name: 'type', names: types, codes: type },
        { form: 'text', name: 'value', source: arena, spans: this.#values.spans(), at: keys, bounds: 'grouped' },
        { form: 'int32', name: 'position', values: signed(pick(this.#position, rows)) },
        { form: 'choice', name: 'where', names: mentionPlaces, codes: flags.map((f) => f & 0xff) },
        { form: 'int32?', name: 'start', values: signed(pick(this.#start, rows)) },
        { form: 'int32?', name: 'end', values: signed(pick(this.#end, rows)) },
        { form: 'choice', name: 'tier', names: tiers, codes: flags.map((f) => (f >>> 8) & 0xff) },
        { form: 'choice', name: 'reading', names: mentionReadings, codes: flags.map(readingOfFlags) },
        { form: 'int32', name: 'how', values: signed(flags.map(howOfFlags)) },
      ],
    };
  }

  /** Counting sort, stable: rows were added in order of position and stay so within a value. */
  #rowsByValue(order: Uint32Array): Uint32Array {
    const places = new Uint32Array(order.length + 1);
    for (let i = 0; i < this.#count; i++) {
      const value = this.#value[i] as number;
      places[value] = (places[value] as number) + 1;
    }
    let sum = 0;
    for (const value of order) {
      const size = places[value] as number;
      places[value] = sum;
      sum += size;
    }
    const rows = new Uint32Array(this.#count);
    for (let i = 0; i < this.#count; i++) {
      const value = this.#value[i] as number;
      const place = places[value] as number;
      rows[place] = i;
      places[value] = place + 1;
    }
    return rows;
  }

  #more(): void {
    const size = this.#value.length * 2;
    this.#value = grown(this.#value, size);
    this.#position = grown(this.#position, size);
    this.#flags = grown(this.#flags, size);
    this.#start = grown(this.#start, size);
    this.#end = grown(this.#end, size);
  }
}

/** Platforms have words of their own for parties (`whatsapp-lid`); whatever it is, somebody is reached by it. */
export function classOfType(type: string): string {
  return classOf(type) ?? 'handle';
}

function pick(values: Uint32Array, rows: Uint32Array): Uint32Array {
  const picked = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] as number] as number;
  return picked;
}

/** The same bits as signed numbers: 0xffffffff is -1. */
function signed(values: Uint32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}
