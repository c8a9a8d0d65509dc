import { type CborValue, compareCborKeys, hexDecode, sha256Hex } from '@custody/bytes';
import type { Authentication } from '@custody/evidence';
import type { RowCursor, SqliteTable } from '../sqlite/index.ts';
import type { RowWriter } from './row-decoder.ts';

/** Longer binary values stand as length and hash; the bytes are in the raw record. */
const LONGEST_BLOB = 64;

/**
 * Rows of a table whose meaning nobody knows here: a note each, with every value under its column's name and its texts,
 * line by line, as body, so that they can be searched.
 */
export function plainRowWriter(table: SqliteTable, platform: string, authentication: Authentication): RowWriter {
  const named = new Map(table.columns.map((column, at) => [column.name.toLowerCase(), at]));
  named.delete('table');
  const columns = [...named].sort(([a], [b]) => compareCborKeys(a, b));
  return (row, { out }) => {
    out.begin('note', platform, null);
    out.locator(row.locator());
    out.raw(row.record());
    out.authentication(authentication);
    const texts = table.columns.flatMap((_, at) => row.text(at) || []);
    if (texts.length > 0) out.body(texts.join('\n'));
    for (const [name, at] of columns) {
      const value = exactValue(row, at);
      if (value !== null) out.field(name, value);
    }
    out.field('table', table.name);
    out.end();
  };
}

/** A value as it stands; null where it is NULL. */
export function exactValue(row: RowCursor, at: number): CborValue {
  const value = row.value(at);
  if (!(value instanceof Uint8Array) || value.length <= LONGEST_BLOB) return value;
  return new Map<string, CborValue>([
    ['length', value.length],
    ['sha256', hexDecode(sha256Hex(value))],
  ]);
}
