import type { CborValue } from '@custody/bytes';
import { compareCborKeys, hexDecode, sha256Hex } from '@custody/bytes';
import type { RowCursor, SqliteTable } from '../sqlite/index.ts';

/** Longer values of columns that have no place in the model stand as length and hash; the bytes are in the raw record. */
const LONGEST_BLOB = 64;

/** Numbers of named columns; -1, which every reader answers with null, where a file has none. */
export function columnsOf<Name extends string>(
  table: SqliteTable,
  names: readonly Name[],
): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name) => [name, table.column(name) ?? -1])) as Record<Name, number>;
}

/** A column that is kept under its own name among an item's fields. */
export interface KeptColumn {
  readonly name: string;
  readonly at: number;
}

/** All columns but those named, in the order of map keys, so that nothing need be sorted later. */
export function keptColumns(table: SqliteTable, used: readonly string[]): readonly KeptColumn[] {
  const skip = new Set(used);
  const kept = new Map<string, number>();
  table.columns.forEach((column, at) => {
    const name = column.name.toLowerCase();
    if (!skip.has(name) && at !== table.rowidAlias && column.generated !== 'virtual') kept.set(name, at);
  });
  return [...kept].map(([name, at]) => ({ name, at })).sort((a, b) => compareCborKeys(a.name, b.name));
}

/** A column's value for `fields`; null where it says nothing: NULL, 0, -1 and the empty text are the app's "unset". */
export function keptValue(cursor: RowCursor, at: number): CborValue {
  switch (cursor.type(at)) {
    case 'int': {
      const value = cursor.int(at);
      return value === 0 || value === -1 ? null : value;
    }
    case 'real': {
      const value = cursor.real(at);
      return value === 0 ? null : value;
    }
    case 'text': {
      const text = cursor.text(at);
      return text === '' ? null : text;
    }
    case 'blob':
      return blobValue(cursor.blob(at));
    default:
      return null;
  }
}

function blobValue(bytes: Uint8Array | null): CborValue {
  if (bytes === null || bytes.length === 0) return null;
  if (bytes.length <= LONGEST_BLOB) return bytes;
  return new Map<string, CborValue>([
    ['length', bytes.length],
    ['sha256', hexDecode(sha256Hex(bytes))],
  ]);
}

/** A number column as a safe integer; null where it is none. */
export function integer(cursor: RowCursor, at: number): number | null {
  const value = cursor.int(at);
  return typeof value === 'number' ? value : null;
}
