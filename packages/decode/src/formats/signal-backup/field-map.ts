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
  readonly #own = new Map<string, CborValue>();
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
    const { fields } = columns;
    let count = 0;
    for (let i = 0; i < fields.length && count < MOST_FIELDS; i++) {
      const place = fields[i] as FieldPlace;
      const { column } = place;
      if (column < 0 ? !this.#own.has(place.name) : column === without || row.isNothingAt(column)) continue;
      if (place.isCredential) this.#withheld?.set(place.name, (this.#withheld.get(place.name) ?? 0) + 1);
      else this.#places[count++] = i;
    }
    if (count === 0) return;
    const cbor = this.#cbor.reset().map(count);
    for (let n = 0; n < count; n++) {
      const place = fields[this.#places[n] as number] as FieldPlace;
      cbor.encoded(place.key);
      if (place.column < 0) cbor.value(this.#own.get(place.name) as CborValue);
      else cbor.value(shown(row.valueAt(place.column)));
    }
    out.fieldsEncoded(cbor.view());
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
