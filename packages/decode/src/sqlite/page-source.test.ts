import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openSqlitePages, type PageSource } from './index.ts';
import { makeDatabase, openBytes, rowsBySqlite, rowsOf, withDatabase } from './testing/generated-databases.ts';

function fill(db: DatabaseSync): void {
  db.exec(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT); CREATE TABLE w (k TEXT PRIMARY KEY, b) WITHOUT ROWID; BEGIN',
  );
  const insert = db.prepare('INSERT INTO t (body) VALUES (?)');
  const keyed = db.prepare('INSERT INTO w VALUES (?, ?)');
  for (let i = 0; i < 300; i++) {
    insert.run('b'.repeat(i * 17));
    keyed.run(`${i}${'k'.repeat(i * 3)}`, i);
  }
  db.exec('COMMIT');
}

test.each([1, 32, 80, 255])('%i reserved bytes a page, as page ciphers need them', (reserved) => {
  const folder = mkdtempSync(join(tmpdir(), 'custody-sqlite-'));
  const path = join(folder, 'reserved.db');
  try {
    // SQLite keeps the number that an empty database has; its first page ends that much earlier.
    const empty = makeDatabase((db) => db.exec('CREATE TABLE x (a); DROP TABLE x; VACUUM'));
    empty[20] = reserved;
    new DataView(empty.buffer, empty.byteOffset).setUint16(105, 4096 - reserved);
    writeFileSync(path, empty);
    const db = new DatabaseSync(path);
    fill(db);
    const file = openBytes(readFileSync(path));
    expect(file.header.usable).toBe(4096 - reserved);
    for (const name of ['t', 'w']) {
      expect(rowsOf(file.table(name)!)).toEqual(rowsBySqlite(db, file.table(name)!));
      const cursor = file.table(name)!.scan();
      while (cursor.next());
      expect(cursor.problems).toEqual([]);
    }
    db.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('pages may come from under a cipher', () => {
  withDatabase(fill, (path, db) => {
    const hidden = readFileSync(path).map((byte) => byte ^ 0x5a);
    const pages: PageSource = {
      pageSize: 4096,
      pageCount: hidden.length / 4096,
      read: (page) => Uint8Array.from(hidden.subarray((page - 1) * 4096, page * 4096), (byte) => byte ^ 0x5a),
      offsetOf: (page) => (page - 1) * 4096,
      originOf: () => 'main',
    };
    const file = openSqlitePages(pages, { path: 'hidden.db', cachePages: 3 });
    for (const table of file.tables) expect(rowsOf(table)).toEqual(rowsBySqlite(db, table));
    expect(() => openBytes(hidden)).toThrow(expect.objectContaining({ code: 'SQLITE_NOT_A_DATABASE' }));
    expect(() => openSqlitePages({ ...pages, pageSize: 8192 }, { path: 'x' })).toThrow(
      expect.objectContaining({ code: 'SQLITE_HEADER_INVALID' }),
    );
  });
});

test('memory is a bounded number of pages', () => {
  const bytes = makeDatabase(fill);
  let reads = 0;
  const pages: PageSource = {
    pageSize: 4096,
    pageCount: bytes.length / 4096,
    read: (page) => {
      reads++;
      return Uint8Array.from(bytes.subarray((page - 1) * 4096, page * 4096));
    },
    offsetOf: (page) => (page - 1) * 4096,
    originOf: () => 'main',
  };
  const count = (cachePages: number): number => {
    const table = openSqlitePages(pages, { path: 'x', cachePages }).table('t')!;
    table.leafRuns();
    reads = 0;
    table.leafRuns();
    return reads;
  };
  expect(count(10_000)).toBe(0);
  expect(count(2)).toBeGreaterThan(10);
});
