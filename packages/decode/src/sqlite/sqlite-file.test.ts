import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { describeWithShared } from '../../../../test/shared-folder.ts';
import { makeDatabase, openBytes, rowsBySqlite, rowsOf, withDatabase } from './testing/generated-databases.ts';

const PAGE_SIZES = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];
const ENCODINGS = ['UTF-8', 'UTF-16le', 'UTF-16be'];

const cases = PAGE_SIZES.flatMap((size) => ENCODINGS.map((encoding) => [size, encoding] as const));

test.each(cases)('rows of every kind, page size %i, %s', (size, encoding) => {
  withDatabase(
    (db) => {
      db.exec(`PRAGMA page_size = ${size}; PRAGMA encoding = '${encoding}'`);
      db.exec('CREATE TABLE kinds (id INTEGER PRIMARY KEY, a INT, b REAL, c TEXT, d BLOB, e)');
      const insert = db.prepare('INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)');
      db.exec('BEGIN');
      for (let i = 0; i < 210; i++) {
        const length = i % 7 === 0 ? i * 31 : i % 50;
        const text = `Ä€😀${'x'.repeat(length)}`;
        const value = [null, i, -i, 2n ** 62n, 1.5 * i, text, new Uint8Array(length).fill(i)][i % 7]!;
        insert.run(i * i, BigInt(2 ** (i % 53)) * 1000n * (i % 2 ? 1n : -1n), i, text, new Uint8Array(i), value);
      }
      db.exec('COMMIT');
    },
    (path, db) => {
      const file = openBytes(readFileSync(path));
      expect(file.problems).toEqual([]);
      const table = file.table('KINDS')!;
      expect(rowsOf(table)).toEqual(rowsBySqlite(db, table));
      const cursor = table.scan();
      while (cursor.next());
      expect(cursor.problems).toEqual([]);
    },
  );
});

test('locators give the record back', () => {
  const bytes = makeDatabase((db) => {
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)');
    const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
    for (let i = 0; i < 200; i++) insert.run(i, 'y'.repeat(i * 100));
  });
  const cursor = openBytes(bytes).table('t')!.scan();
  let rows = 0;
  while (cursor.next()) {
    const parts = cursor.ranges().map((range) => bytes.subarray(range.offset, range.offset + range.length));
    expect(Buffer.concat(parts)).toEqual(Buffer.from(cursor.record()));
    expect(cursor.locator()).toEqual({ path: 'test.db', offset: cursor.offset, length: cursor.length, row: rows });
    rows++;
  }
  expect(rows).toBe(200);
});

test('seek and ranges', () => {
  const bytes = makeDatabase((db) => {
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT); BEGIN');
    const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
    for (let i = 0; i < 5000; i++) insert.run(i * 3, `row ${i}`);
    db.exec('COMMIT');
  });
  const table = openBytes(bytes).table('t')!;
  const cursor = table.scan();
  for (const rowid of [0, 3, 4, 5, 6, 7500, 7499, 14997, 14998, -1, 9000, 9003, 9006]) {
    const found = rowid >= 0 && rowid <= 14997 && rowid % 3 === 0;
    expect([rowid, cursor.seek(rowid)]).toEqual([rowid, found]);
    if (found) expect(cursor.text(1)).toBe(`row ${rowid / 3}`);
    const next = found ? rowid + 3 : Math.max(0, Math.ceil(rowid / 3) * 3);
    expect([rowid, cursor.next() && cursor.rowid]).toEqual([rowid, next <= 14997 && next]);
  }
  expect(cursor.problems).toEqual([]);
  const range = table.scan({ fromRowid: 100, toRowid: 110 });
  const seen: unknown[] = [];
  while (range.next()) seen.push(range.rowid);
  expect(seen).toEqual([102, 105, 108]);
  expect(range.next()).toBe(false);
});

test('runs of leaves together visit what one scan visits', () => {
  const bytes = makeDatabase((db) => {
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT); BEGIN');
    const insert = db.prepare('INSERT INTO t (body) VALUES (?)');
    for (let i = 0; i < 9000; i++) insert.run('z'.repeat(i % 90));
    db.exec('COMMIT');
  });
  const table = openBytes(bytes).table('t')!;
  const { runs, problems } = table.leafRuns(1000);
  expect(problems).toEqual([]);
  expect(runs.reduce((sum, run) => sum + run.rows, 0)).toBe(9000);
  let expected = 1;
  for (const run of runs) {
    const cursor = table.scan({ leaves: structuredClone(run).pages });
    expect(run.firstRowid).toBe(expected);
    let rows = 0;
    for (; cursor.next(); rows++) expect(cursor.rowid).toBe(expected++);
    expect(rows).toBe(run.rows);
  }
  expect(expected).toBe(9001);
});

describeWithShared('a real message store', (folder) => {
  test('has the rows it is known to have, in every table what SQLite reads', () => {
    const path = join(folder, 'samples/whatsapp/msgstore.db');
    const file = openBytes(readFileSync(path));
    expect(file.problems).toEqual([]);
    const counts = ['messages', 'message', 'chat', 'jid', 'message_media'].map(
      (name) => rowsOf(file.table(name)!).length,
    );
    expect(counts).toEqual([10, 1, 8, 2, 2]);
    const db = new DatabaseSync(path, { readOnly: true });
    for (const table of file.tables) {
      expect([table.name, rowsOf(table)]).toEqual([table.name, rowsBySqlite(db, table)]);
      const cursor = table.scan();
      while (cursor.next());
      expect(cursor.problems).toEqual([]);
    }
    db.close();
    expect(file.unexamined(['message']).unclaimedPages).toBe(0);
  });
});
