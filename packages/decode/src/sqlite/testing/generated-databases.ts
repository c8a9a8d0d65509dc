import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { ByteSource } from '../../byte-source.ts';
import { openSqlite, type SqliteFile, type SqliteTable, type SqliteValue } from '../index.ts';

/** For tests: databases that the real SQLite made, and their rows as it reads them. */
export function makeDatabase(fill: (db: DatabaseSync) => void): Uint8Array {
  return withDatabase(fill, (path) => readFileSync(path));
}

/** Runs `take` on the files while the connection is still open: the `-wal` is there then. */
export function withDatabase<T>(fill: (db: DatabaseSync) => void, take: (path: string, db: DatabaseSync) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'custody-sqlite-'));
  const path = join(folder, 'test.db');
  const db = new DatabaseSync(path);
  try {
    // Nothing here outlives the test: waiting for the disk proves nothing.
    db.exec('PRAGMA synchronous = OFF');
    fill(db);
    return take(path, db);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}

export function sourceOf(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

export function openBytes(bytes: Uint8Array, wal: Uint8Array | null = null): SqliteFile {
  return openSqlite(sourceOf(bytes), { path: 'test.db', wal: wal && sourceOf(wal) });
}

export type Row = readonly (SQLOutputValue | SqliteValue)[];

/** All rows as the reader of this package gives them. */
export function rowsOf(table: SqliteTable): Row[] {
  const cursor = table.scan();
  const rows: Row[] = [];
  while (cursor.next()) rows.push(table.columns.map((_, column) => plain(cursor.value(column))));
  return rows;
}

/** All rows as SQLite gives them, in key order, columns that are not stored as null. */
export function rowsBySqlite(db: DatabaseSync, table: SqliteTable): Row[] {
  const columns = table.columns.map((each) => (each.generated === 'virtual' ? 'NULL' : `"${each.name}"`));
  const order = table.withoutRowid ? '' : 'ORDER BY rowid';
  const statement = db.prepare(`SELECT ${columns.join(', ')} FROM "${table.name}" NOT INDEXED ${order}`);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return (statement.all() as unknown as Row[]).map((row) => row.map(plain));
}

/** Integers as numbers where they fit, so that both sides compare. */
export function plain(value: SQLOutputValue | SqliteValue): SQLOutputValue | SqliteValue {
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  return value instanceof Uint8Array ? Uint8Array.from(value) : value;
}
