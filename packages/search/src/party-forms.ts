import { utf8Encode } from '@custody/bytes';
import { ByteTable, END, hashBytes, RECORD, SEEN, START, TAG } from './byte-table.ts';

/** Distinct parties, and distinct ways of naming one, that are kept: some 40 MB at most, whatever a capture holds. */
const MOST_KEPT = 1 << 18;

export interface PartyForm {
  readonly type: string;
  /** The canonical value, or the value as found where its type has no canonical form or it does not fit. */
  readonly value: string;
}

/**
 * Numbers parties by type and canonical value, and remembers the forms of each value as found: its canonical form is
 * costly to find. Bytes in tables, not strings in maps: hundreds of thousands of them stand in every indexing thread.
 */
export class PartyForms {
  /** Key of a party: its type as tag, its value. The key's id is the party's number. */
  readonly #parties = new ByteTable();
  /** Key: type and value as found. SEEN is the party's number + 1 where it has exactly one form, as nearly all have. */
  readonly #found = new ByteTable();
  /** Forms of every other key of #found. */
  readonly #several = new Map<number, readonly number[]>();
  readonly #tags = new Map<string, number>();
  readonly #types: string[] = [];

  /** To be asked between tiles: numbers given before hold until `clear`. */
  get isFull(): boolean {
    return this.#parties.count >= MOST_KEPT || this.#found.count >= MOST_KEPT;
  }

  clear(): void {
    this.#parties.clear();
    this.#found.clear();
    this.#several.clear();
  }

  type(party: number): string {
    return this.#types[this.#parties.records[party * RECORD + TAG] as number] as string;
  }

  /** The value in UTF-8: a view that holds until the next call of `of`. */
  value(party: number): Uint8Array {
    const { records, arena } = this.#parties;
    return arena.subarray(records[party * RECORD + START], records[party * RECORD + END]);
  }

  /** Numbers of the forms of `value`; `read` finds them where it is met for the first time. */
  of(type: string, value: string, read: () => readonly PartyForm[]): readonly number[] {
    const found = this.#key(this.#found, type, value);
    const one = this.#found.records[found * RECORD + SEEN] as number;
    if (one > 0) return [one - 1];
    let numbers = this.#several.get(found);
    if (numbers === undefined) {
      numbers = [...new Set(read().map((form) => this.#key(this.#parties, form.type, form.value)))];
      if (numbers.length === 1) this.#found.records[found * RECORD + SEEN] = (numbers[0] as number) + 1;
      else this.#several.set(found, numbers);
    }
    return numbers;
  }

  #key(table: ByteTable, type: string, value: string): number {
    let tag = this.#tags.get(type);
    if (tag === undefined) {
      tag = this.#types.push(type) - 1;
      this.#tags.set(type, tag);
    }
    const bytes = utf8Encode(value);
    return table.add(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length), tag);
  }
}
