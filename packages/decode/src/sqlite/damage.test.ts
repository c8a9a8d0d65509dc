import { FormatError } from '@custody/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../../../test/random.ts';
import type { PageProblem, SqliteFile, SqliteValue } from './index.ts';
import { makeDatabase, openBytes } from './testing/generated-databases.ts';

const PAGE = 1024;
const ROWS = 900;

/** About 250 pages: three levels, rows that spill, a second table, deleted rows with free blocks, free pages. */
const intact = Uint8Array.from(
  makeDatabase((db) => {
    db.exec(`PRAGMA page_size = ${PAGE}; CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, body TEXT)`);
    db.exec('CREATE TABLE side (id INTEGER PRIMARY KEY, body TEXT); BEGIN');
    const insert = db.prepare('INSERT INTO t (n, body) VALUES (?, ?)');
    const side = db.prepare('INSERT INTO side (body) VALUES (?)');
    for (let i = 1; i <= ROWS; i++) {
      insert.run(i * 1000, `row ${i} ${'abcdefgh'.repeat(i % 25 === 0 ? i % 700 : i % 17)}`);
      if (i % 3 === 0) side.run('s'.repeat(i % 200));
    }
    db.exec('COMMIT; DELETE FROM side WHERE id % 4 = 1; DELETE FROM side WHERE id > 250');
  }),
);

interface Found {
  readonly n: SqliteValue;
  readonly body: SqliteValue;
  readonly page: number;
  /** Bytes of the cell and of its parts elsewhere. */
  readonly places: readonly (readonly [from: number, to: number])[];
}

interface Scanned {
  readonly rows: ReadonlyMap<number | bigint, Found>;
  readonly order: readonly (number | bigint)[];
  readonly problems: readonly PageProblem[];
}

function scan(file: SqliteFile): Scanned | null {
  const cursor = file.table('t')?.scan();
  if (cursor === undefined) return null;
  const rows = new Map<number | bigint, Found>();
  const order: (number | bigint)[] = [];
  while (cursor.next()) {
    const places = cursor.ranges().map(({ offset, length }, at) => {
      // The cell's own prefix is at most two varints; an overflow page begins with the number of the next.
      return [offset - (at === 0 ? 18 : 4), offset + length + (at === 0 ? 4 : 0)] as const;
    });
    // A changed rowid may be that of another row: both are kept.
    const key = rows.has(cursor.rowid) ? -order.length : cursor.rowid;
    rows.set(key, { n: cursor.value(1), body: cursor.value(2), page: cursor.page, places });
    order.push(cursor.rowid);
  }
  return { rows, order, problems: [...file.problems, ...cursor.problems] };
}

const whole = scan(openBytes(intact))!;

function inside(problem: PageProblem, rowid: number | bigint): boolean {
  if (problem.rowsLost === 0) return false;
  return (problem.after === null || rowid > problem.after) && (problem.before === null || rowid < problem.before);
}

function openOrRefuse(bytes: Uint8Array): SqliteFile | null {
  try {
    return openBytes(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return null;
  }
}

test('the database has what the damage needs', () => {
  expect(whole.rows.size).toBe(ROWS);
  expect(whole.problems).toEqual([]);
  expect([...whole.rows.values()].filter((row) => row.places.length > 2).length).toBeGreaterThan(10);
});

const offsets = (() => {
  const random = new Random(20240607);
  return Array.from({ length: 400 }, () => [PAGE + random.below(intact.length - PAGE), 1 << random.below(8)] as const);
})();

test('one flipped bit: every missing row is explained, rows elsewhere stay as they are', () => {
  const known = new Set([...whole.rows.values()].map((row) => `${row.n} ${row.body}`));
  for (const [at, mask] of offsets) {
    const bytes = intact.slice();
    bytes[at]! ^= mask;
    const page = Math.floor(at / PAGE) + 1;
    const found = scan(openBytes(bytes))!;
    const hit = (row: Found): boolean => row.places.some(([from, to]) => at >= from && at < to);
    const intactRows = new Set(
      [...found.rows.values()].filter((row) => !hit(row)).map((row) => `${row.n} ${row.body}`),
    );
    for (const [rowid, row] of whole.rows) {
      if (hit(row) || intactRows.has(`${row.n} ${row.body}`)) continue;
      // Not hit itself and yet not there: its page or one on the way to it was.
      const explained = found.problems.some((problem) => problem.page !== null && inside(problem, rowid));
      if (!explained) expect.fail(`bit ${mask} at ${at} (page ${page}), row ${rowid} on page ${row.page}`);
    }
    for (const [rowid, row] of found.rows) {
      const same = known.has(`${row.n} ${row.body}`);
      if (!same && !hit(row)) expect.fail(`bit ${mask} at ${at} (page ${page}), row ${rowid} is none that was there`);
    }
  }
});

test('a leaf that is overwritten costs its own rows and says which they may be', () => {
  const pages = new Set([...whole.rows.values()].map((row) => row.page));
  for (const page of pages) {
    const bytes = intact.slice();
    bytes.fill(0xee, (page - 1) * PAGE, page * PAGE);
    const found = scan(openBytes(bytes))!;
    const missing = [...whole.rows].filter(([, row]) => row.page === page).map(([rowid]) => rowid);
    expect(found.order).toEqual(whole.order.filter((rowid) => !missing.includes(rowid)));
    expect(found.problems).toMatchObject([
      { code: 'PAGE_UNREADABLE', class: 'lost', page, table: 't', offset: (page - 1) * PAGE, length: PAGE },
    ]);
    for (const rowid of missing) expect(inside(found.problems[0]!, rowid)).toBe(true);
    const { after, before } = found.problems[0]!;
    expect(Number(before ?? ROWS + 1) - Number(after ?? 0) - 1).toBe(missing.length);
  }
});

test('cut off anywhere: what is left is as it was, what is missing is explained', () => {
  for (let length = intact.length - 1; length > PAGE; length -= 2999) {
    const file = openBytes(intact.subarray(0, length));
    const found = scan(file)!;
    expect(file.problems.map((problem) => problem.code)).toEqual(['FILE_DISAGREES']);
    for (const [rowid, row] of found.rows) expect([rowid, row]).toEqual([rowid, whole.rows.get(rowid)]);
    for (const rowid of whole.rows.keys()) {
      if (!found.rows.has(rowid)) expect(found.problems.some((problem) => inside(problem, rowid))).toBe(true);
    }
  }
});

test('cut off within page 1 or with a damaged header: refused or read, never anything else', () => {
  for (let length = 0; length <= PAGE; length += 7) openOrRefuse(intact.subarray(0, length));
  for (let at = 0; at < PAGE; at += at < 120 ? 1 : 5) {
    for (const mask of [0x81]) {
      const bytes = intact.slice();
      bytes[at]! ^= mask;
      const file = openOrRefuse(bytes);
      if (file === null) continue;
      scan(file);
      file.unexamined(['t']);
    }
  }
});

test('any number of arbitrary bytes anywhere: it ends, and it refuses or reads', () => {
  const edit = fc.tuple(fc.nat(intact.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 60 }), (edits) => {
      const bytes = intact.slice();
      for (const [at, patch] of edits) bytes.set(patch.subarray(0, bytes.length - at), at);
      const file = openOrRefuse(bytes);
      if (file === null) return;
      scan(file);
      file.unexamined(['t']);
      for (const table of file.tables) {
        for (const run of table.leafRuns(100).runs) {
          const cursor = table.scan({ leaves: run.pages });
          while (cursor.next());
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a database in clear whose first page is no tree any more is read by its other pages, names where the schema has them', () => {
  const bytes = Uint8Array.from(
    makeDatabase((db) => {
      db.exec(`PRAGMA page_size = ${PAGE}`);
      for (let i = 0; i < 30; i++) {
        db.exec(`CREATE TABLE kind_${i} (id INTEGER PRIMARY KEY, said TEXT /* ${'long '.repeat(20)} */)`);
        db.exec(`INSERT INTO kind_${i} (said) VALUES ('of ${i}'), ('more of ${i}')`);
      }
    }),
  );
  bytes[100] = 0x55;
  const file = openBytes(bytes);
  expect(file.tables).toHaveLength(30);
  expect(file.problems.map(({ code, rowsLost }) => [code, rowsLost])).toEqual([
    ['PAGE_UNREADABLE', null],
    ['SCHEMA_DAMAGED', null],
  ]);
  const cursor = file.table('kind_7')?.scan();
  expect([cursor?.next(), cursor?.text(1), cursor?.next(), cursor?.text(1), cursor?.next()]).toEqual([
    true,
    'of 7',
    true,
    'more of 7',
    false,
  ]);
});
