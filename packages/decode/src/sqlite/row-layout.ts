import type { Affinity, ColumnDefinition, TableDefinition } from './create-table.ts';
import type { TextEncoding } from './header.ts';
import { encodeText } from './text.ts';

/** A value as a record would hold it. */
export interface StoredValue {
  /** Serial type, https://www.sqlite.org/fileformat2.html#record_format */
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Where each column of a table stands in its records. */
export interface RowLayout {
  readonly encoding: TextEncoding;
  /** Column to field; VIRTUAL for generated columns that are not stored, ROWID for the alias of the rowid. */
  readonly fields: Int32Array;
  /** What a column has in rows that are older than the column. */
  readonly defaults: readonly (StoredValue | null)[];
  /** REAL columns store whole numbers as integers (section 2.1 of the datatype documentation). */
  readonly real: readonly boolean[];
  /** Fields of a full record; no bound where the definition was not understood. */
  readonly mostFields: number;
}

export const VIRTUAL = -1;
export const ROWID = -2;

/** Works out the layout of a table's records. */
export function layoutOf(definition: TableDefinition | null, encoding: TextEncoding): RowLayout {
  const columns = definition?.columns ?? [];
  const fields = new Int32Array(columns.length).fill(VIRTUAL);
  const order = definition === null ? [] : storedOrder(definition);
  order.forEach((column, field) => {
    fields[column] = column === definition?.rowidAlias ? ROWID : field;
  });
  return {
    encoding,
    fields,
    defaults: columns.map((column) => storedDefault(column, encoding)),
    real: columns.map((column) => column.affinity === 'real'),
    mostFields: definition === null ? Number.POSITIVE_INFINITY : order.length,
  };
}

/**
 * Columns in the order of the record's fields. Rowid tables: as declared. WITHOUT ROWID tables: the primary key first,
 * https://www.sqlite.org/fileformat2.html#representation_of_sql_tables section 2.4.
 */
function storedOrder(definition: TableDefinition): number[] {
  const stored = definition.columns.flatMap((column, at) => (column.generated === 'virtual' ? [] : [at]));
  if (!definition.withoutRowid) return stored;
  const key = new Set(definition.primaryKey);
  return [...key, ...stored.filter((at) => !key.has(at))];
}

function storedDefault(column: ColumnDefinition, encoding: TextEncoding): StoredValue | null {
  const value = column.defaultValue;
  if (value === null) return null;
  if (value instanceof Uint8Array) return { type: 12 + 2 * value.length, bytes: value };
  return storeNumberOrText(value, column.affinity, encoding);
}

/** Affinity is applied to defaults as to inserted values, https://www.sqlite.org/datatype3.html#type_affinity */
function storeNumberOrText(
  value: bigint | string | { readonly real: number },
  affinity: Affinity,
  encoding: TextEncoding,
): StoredValue {
  if (typeof value === 'string') {
    const numeric = affinity === 'text' || affinity === 'blob' ? null : numberIn(value);
    return numeric === null ? storeText(value, encoding) : storeNumberOrText(numeric, affinity, encoding);
  }
  if (affinity === 'text') return storeText(textOf(value), encoding);
  if (typeof value === 'object') {
    const whole = (affinity === 'integer' || affinity === 'numeric') && Number.isSafeInteger(value.real);
    return whole ? storeInteger(BigInt(value.real)) : storeReal(value.real);
  }
  return affinity === 'real' ? storeReal(Number(value)) : storeInteger(value);
}

function numberIn(text: string): bigint | { readonly real: number } | null {
  const trimmed = text.trim();
  if (/^[+-]?\d{1,40}$/.test(trimmed)) {
    const value = BigInt(trimmed.replace(/^\+/, ''));
    return BigInt.asIntN(64, value) === value ? value : { real: Number(trimmed) };
  }
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? { real: Number(trimmed) } : null;
}

function textOf(value: bigint | { readonly real: number }): string {
  if (typeof value !== 'object') return String(value);
  return Number.isInteger(value.real) && Math.abs(value.real) < 1e15 ? `${value.real}.0` : String(value.real);
}

function storeText(text: string, encoding: TextEncoding): StoredValue {
  const bytes = encodeText(text, encoding);
  return { type: 13 + 2 * bytes.length, bytes };
}

function storeInteger(value: bigint): StoredValue {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value);
  return { type: 6, bytes };
}

function storeReal(value: number): StoredValue {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return { type: 7, bytes };
}
