import { type CborValue, CborWriter } from '@custody/bytes';
import type { BatchWriter } from '@custody/evidence';
import { type FieldPlace, type MessageColumns, OWN_FIELDS, type OwnField } from './message-columns.ts';
import type { SqlValue } from './statement.ts';
import type { Row } from './tables.ts';

/** SQLite's default of columns (SQLITE_MAX_COLUMN) and what else an item has. */
const MOST_FIELDS = 5000;

/** The named values of one item after the other: all columns that say something, and what was set. */
export class FieldMap {
  readonly #cbor = new CborWriter(1024);
  readonly #withheld: Map<string, number> | undefined;
  readonly #own = new Map<OwnField, CborValue>();
  readonly #places = new Int32Array(MOST_FIELDS);

  constructor(withheld: Map<string, number> | undefined) {
    this.#withheld = withheld;
  }

  begin(): this {
    if (this.#own.size > 0) this.#own.clear();
    return this;
  }

  set(name: OwnField, value: CborValue): void {
    this.#own.set(name, value);
  }

  /** What was set and all columns but `without`. Zero, -1 and empty are what the app writes where there is nothing. */
  write(
    out: BatchWriter,
    row: Row,
    { columns, without }: { readonly columns: MessageColumns; readonly without: number },
  ): void {
    const count = this.#gather(row, columns, without);
    if (count === 0) return;
    const cbor = this.#cbor.reset().map(count);
    for (let n = 0; n < count; n++) {
      const place = columns.fields[this.#places[n] as number] as FieldPlace;
      cbor.encoded(place.key);
      if (place.column < 0) cbor.value(this.#own.get(place.name as OwnField) as CborValue);
      else cbor.value(shown(row.valueAt(place.column)));
    }
    out.fieldsEncoded(cbor.view());
  }

  /** Places of the fields that there are, in their order; how many. Nothing but credentials is left out. */
  #gather(row: Row, { fields, ranks, ownRanks }: MessageColumns, without: number): number {
    let count = 0;
    for (let n = 0; n < row.saidCount; n++) {
      const column = row.saidAt(n);
      const rank = ranks[column] as number;
      if (rank < 0 || column === without || row.isNothingAt(column)) continue;
      const { isCredential, name } = fields[rank] as FieldPlace;
      if (isCredential) this.#withheld?.set(name, (this.#withheld.get(name) ?? 0) + 1);
      else this.#insert(rank, count++);
    }
    if (this.#own.size > 0) for (const name of this.#own.keys()) this.#insert(ownRanks.get(name) as number, count++);
    return count;
  }

  /** Puts a place among the first `count`, which are in order. */
  #insert(rank: number, count: number): void {
    const places = this.#places;
    let at = count;
    for (; at > 0 && (places[at - 1] as number) > rank; at--) places[at] = places[at - 1] as number;
    places[at] = rank;
  }

  /** What was set, without any column. */
  writeSet(out: BatchWriter): void {
    for (const name of OWN_FIELDS) {
      const value = this.#own.get(name);
      if (value !== undefined) out.field(name, value);
    }
  }
}

/** Numbers that are not whole keep their text: what is committed must not depend on how a number is written. */
export function shown(value: SqlValue): CborValue {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value;
}
