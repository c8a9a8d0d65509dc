import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openBytes, withDatabase } from './testing/generated-databases.ts';

test.each([0, 1, 2])('every page is counted in one place, auto_vacuum = %i', (vacuum) => {
  withDatabase(
    (db) => {
      db.exec(`PRAGMA page_size = 1024; PRAGMA auto_vacuum = ${vacuum}; PRAGMA secure_delete = 0`);
      db.exec('CREATE TABLE wanted (id INTEGER PRIMARY KEY, body TEXT); CREATE INDEX wanted_body ON wanted (body)');
      db.exec('CREATE TABLE other (id INTEGER PRIMARY KEY, body BLOB)');
      db.exec('CREATE TABLE keyed (a TEXT PRIMARY KEY, b BLOB) WITHOUT ROWID; CREATE TABLE gone (a BLOB); BEGIN');
      for (const [table, columns] of [
        ['wanted', 'body'],
        ['other', 'body'],
        ['gone', 'a'],
      ] as const) {
        const insert = db.prepare(`INSERT INTO ${table} (${columns}) VALUES (?)`);
        for (let i = 0; i < 400; i++) insert.run('w'.repeat(i * 11));
      }
      const insert = db.prepare('INSERT INTO keyed VALUES (?, ?)');
      for (let i = 0; i < 400; i++) insert.run(`k${'e'.repeat(i)}`, 'v'.repeat(i * 7));
      db.exec('COMMIT; DELETE FROM wanted WHERE id % 3 = 0; DELETE FROM gone WHERE rowid > 20');
    },
    (path, db) => {
      const file = openBytes(readFileSync(path));
      const count = file.unexamined(['Wanted']);
      const pragma = (name: string): number => Number(Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0]);
      expect(count.pages).toBe(pragma('page_count'));
      expect(count.freePages).toBe(pragma('freelist_count'));
      if (vacuum !== 1) expect(count.freePages).toBeGreaterThan(100);
      expect(count.pointerMapPages > 0).toBe(vacuum !== 0);
      expect(count.unclaimedPages).toBe(0);
      expect(count.freelistFault).toBe(null);
      expect(count.otherTables.map(({ name, rows }) => [name, rows])).toEqual([
        ['other', 400],
        ['keyed', 400],
        ['gone', 20],
      ]);
      const others = count.otherTables.reduce((sum, table) => sum + table.pages, 0);
      expect(count.examinedPages + others + count.indexPages + count.freePages + count.pointerMapPages).toBe(
        count.pages,
      );
      expect(count.slackBytes).toBeGreaterThan(10_000);
    },
  );
});

test('bytes behind the last page are counted', () => {
  withDatabase(
    (db) => db.exec('CREATE TABLE t (a)'),
    (path) => {
      const bytes = readFileSync(path);
      const longer = new Uint8Array(bytes.length + 5000);
      longer.set(bytes);
      expect(openBytes(longer).unexamined(['t']).trailingBytes).toBe(5000);
    },
  );
});
