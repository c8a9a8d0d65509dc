import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { readCreateTable } from './create-table.ts';
import { layoutOf } from './row-layout.ts';
import { openBytes, rowsBySqlite, rowsOf, withDatabase } from './testing/generated-databases.ts';

/** Reads every table of a database with both and compares. */
function compare(fill: (db: DatabaseSync) => void): void {
  withDatabase(fill, (path, db) => {
    const file = openBytes(readFileSync(path));
    expect(file.problems).toEqual([]);
    expect(file.tables.length).toBeGreaterThan(0);
    for (const table of file.tables) {
      expect([table.name, rowsOf(table)]).toEqual([table.name, rowsBySqlite(db, table)]);
      const cursor = table.scan();
      while (cursor.next());
      expect(cursor.problems).toEqual([]);
    }
  });
}

test.each([512, 4096, 65536])('WITHOUT ROWID with composite keys and overflow, page size %i', (size) => {
  compare((db) => {
    db.exec(`PRAGMA page_size = ${size}`);
    db.exec('CREATE TABLE w (x REAL, b TEXT, a INT, blob BLOB, PRIMARY KEY (a, b)) WITHOUT ROWID');
    db.exec('CREATE TABLE d (k TEXT NOT NULL, n INTEGER, PRIMARY KEY (n DESC, k, n)) STRICT, WITHOUT ROWID; BEGIN');
    const insert = db.prepare('INSERT INTO w VALUES (?, ?, ?, ?)');
    const second = db.prepare('INSERT INTO d VALUES (?, ?)');
    for (let i = 0; i < 1500; i++) {
      const mixed = (i * 7919) % 1500;
      insert.run(i / 2, `${'k'.repeat(mixed % 40)}${mixed}`, mixed % 11, i % 20 === 0 ? new Uint8Array(i * 9) : null);
      second.run(`k${i % 5}`, mixed);
    }
    db.exec('COMMIT');
  });
});

test('columns added later show their defaults', () => {
  compare((db) => {
    db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1), ('x')");
    const defaults = [
      ['INT', "'5'"],
      ['TEXT', '5'],
      ['TEXT', '-5.0'],
      ['REAL', '7'],
      ['NUMERIC', "' 8.5 '"],
      ['', '-9223372036854775808'],
      ['BLOB', "x'00ff'"],
      ['', 'TRUE'],
      ['', '"quoted"'],
      ['TEXT', "'it''s (a, b)'"],
      ['INT', '0x10'],
      ['INT', '+3'],
      ['TEXT', 'NULL'],
      ['NUMERIC', '1e3'],
      ['INT', '2.0'],
      ['INT', "'abc'"],
      ['BLOB', '9.5e-3'],
      ['', 'bareword'],
      ['INT', '99999999999999999999'],
      ['REAL', "'1e2'"],
      ['TEXT', '0.1'],
      ['INT', '- 4'],
    ];
    defaults.forEach(([type, value], at) => {
      db.exec(`ALTER TABLE t ADD COLUMN c${at} ${type} DEFAULT ${value}`);
    });
    db.exec('ALTER TABLE t ADD COLUMN plain; INSERT INTO t (a, plain) VALUES (2, 3)');
    db.exec('ALTER TABLE t DROP COLUMN c3; ALTER TABLE t RENAME COLUMN c4 TO "re, named"');
  });
});

test('generated columns: virtual ones are not stored', () => {
  compare((db) => {
    db.exec(
      "CREATE TABLE g (a INT, v INT AS (a + 1), s TEXT GENERATED ALWAYS AS (a || '(') STORED, z, w AS (z) VIRTUAL)",
    );
    db.exec('CREATE TABLE h (v INT AS (k + 1), k INT, z TEXT, PRIMARY KEY (z, k)) WITHOUT ROWID');
    db.exec("INSERT INTO g (a, z) VALUES (1, 'x'), (2, 'y'); INSERT INTO h (k, z) VALUES (1, 'b'), (2, 'a')");
  });
});

test.each([
  ['CREATE TABLE t (id INTEGER PRIMARY KEY, b)', 'id'],
  ['create table if not exists t(id integer primary key autoincrement not null, b)', 'id'],
  ['CREATE TABLE t (b, id INTEGER, PRIMARY KEY (id DESC))', 'id'],
  ['CREATE TABLE t (b, "id" INTEGER CONSTRAINT pk PRIMARY KEY ASC)', 'id'],
  ['CREATE TABLE t (b, [id] INTEGER, CONSTRAINT "x" PRIMARY KEY ("ID" COLLATE nocase))', 'id'],
  ['CREATE TABLE t (b /* a, comment ( */, `id` INTEGER -- , not (\n PRIMARY KEY)', 'id'],
  ['CREATE TABLE t (id INTEGER PRIMARY KEY DESC, b)', null],
  ['CREATE TABLE t (id INT PRIMARY KEY, b)', null],
  ['CREATE TABLE t (id "INTEGER" PRIMARY KEY, b)', 'id'],
  ['CREATE TABLE t (id BIG INTEGER PRIMARY KEY, b)', null],
  ['CREATE TABLE t (id INTEGER, b, PRIMARY KEY (id, b))', null],
  [
    "CREATE TABLE t (id INTEGER CHECK (id <> 'PRIMARY KEY (x' ) DEFAULT (1 + 2), b COLLATE nocase UNIQUE, UNIQUE (b, id) CHECK (b <> ''))",
    null,
  ],
  ["CREATE TABLE t (id INTEGER, b VARCHAR(10, 2) NOT NULL DEFAULT '),(', UNIQUE (b) PRIMARY KEY (id))", 'id'],
])('%s', (sql, alias) => {
  withDatabase(
    (db) => {
      db.exec('CREATE TABLE q (c PRIMARY KEY)');
      db.exec(sql);
      db.exec("INSERT INTO t (id, b) VALUES (17, 'x'), (5, 'y')");
    },
    (path, db) => {
      const table = openBytes(readFileSync(path)).table('t')!;
      expect(table.rowidAlias === null ? null : table.columns[table.rowidAlias]!.name).toBe(alias);
      expect(rowsOf(table)).toEqual(rowsBySqlite(db, table));
    },
  );
});

test('integers and reals at every border', () => {
  compare((db) => {
    db.exec('CREATE TABLE n (id INTEGER PRIMARY KEY, i INT, r REAL, t)');
    const insert = db.prepare('INSERT INTO n VALUES (?, ?, ?, ?)');
    const seen = new Set<bigint>();
    for (let bit = 0n; bit < 64n; bit++) {
      for (const value of [(1n << bit) - 1n, 1n << bit, (1n << bit) + 1n, -(1n << bit), -(1n << bit) - 1n]) {
        if (BigInt.asIntN(64, value) !== value || seen.has(value)) continue;
        seen.add(value);
        insert.run(value, value, Number(value), Number(value) / 3);
      }
    }
    for (const real of [Number.MAX_VALUE, Number.MIN_VALUE, -0, Infinity, -Infinity]) insert.run(null, 0, real, real);
  });
});

test('many tables, wide tables, empty tables, deleted rows', () => {
  compare((db) => {
    db.exec('PRAGMA page_size = 512');
    for (let i = 0; i < 120; i++)
      db.exec(`CREATE TABLE "t ${i}" (id INTEGER PRIMARY KEY, body TEXT DEFAULT '${'d'.repeat(i)}')`);
    const wide = Array.from({ length: 300 }, (_, i) => `c${i}`);
    db.exec(
      `CREATE TABLE wide (${wide.join(', ')}); CREATE TABLE empty (a); CREATE TABLE churned (id INTEGER PRIMARY KEY, b)`,
    );
    const insert = db.prepare(`INSERT INTO wide VALUES (${wide.map(() => '?').join(', ')})`);
    for (let i = 0; i < 20; i++) insert.run(...wide.map((_, at) => (at * i) % 1000));
    const churn = db.prepare('INSERT INTO churned (b) VALUES (?)');
    for (let i = 0; i < 2000; i++) churn.run('b'.repeat((i * 37) % 300));
    db.exec(
      'DELETE FROM churned WHERE id % 3 = 1; UPDATE churned SET b = b || b WHERE id % 7 = 2; DELETE FROM churned WHERE id BETWEEN 500 AND 900',
    );
  });
});

test('definitions made to take long are read or refused in one pass', () => {
  const hostile = [
    `(${'['.repeat(900_000)}`,
    `(a ${'('.repeat(150_000)}${')'.repeat(150_000)})`,
    `(a INT DEFAULT '${'1'.repeat(900_000)}x')`,
    `(a INT DEFAULT ${'1'.repeat(900_000)})`,
    `(a ${'AS ('.repeat(50_000)}${')'.repeat(50_001)})`,
    `(a, ${'PRIMARY KEY (a),'.repeat(50_000)} b)`,
    `(${'a, '.repeat(50_000)} b)`,
  ];
  const columns = hostile.map((body) => {
    const definition = readCreateTable(`CREATE TABLE t ${body}`);
    return layoutOf(definition, 'utf-8').fields.length;
  });
  expect(columns).toEqual([0, 1, 1, 1, 1, 2, 0]);
});
