import { expect, test } from 'vitest';
import type { PageProblem, SqliteFile } from './index.ts';
import { makeDatabase, openBytes, rowsOf } from './testing/generated-databases.ts';

const PAGE = 512;

const intact = Uint8Array.from(
  makeDatabase((db) => {
    db.exec(`PRAGMA page_size = ${PAGE}; CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)`);
    db.exec('CREATE TABLE w (k TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID; BEGIN');
    const insert = db.prepare('INSERT INTO t (body) VALUES (?)');
    const keyed = db.prepare('INSERT INTO w VALUES (?, ?)');
    for (let i = 0; i < 2000; i++) {
      insert.run('b'.repeat(40));
      keyed.run(`key ${String(i).padStart(5, '0')}`, 'b'.repeat(40));
    }
    insert.run('o'.repeat(5000));
    db.exec('COMMIT');
  }),
);

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Page offsets of the interior pages of table trees (type 5) or index trees (type 2). */
function interiorPages(type: number): number[] {
  const offsets: number[] = [];
  for (let at = PAGE; at < intact.length; at += PAGE) if (intact[at] === type) offsets.push(at);
  return offsets;
}

function problemsOf(file: SqliteFile, name: string): readonly PageProblem[] {
  const cursor = file.table(name)!.scan();
  while (cursor.next());
  return cursor.problems;
}

/** Lets every child pointer of the interior pages lead to one page. */
function pointAllTo(type: number, target: (own: number) => number): Uint8Array {
  const bytes = intact.slice();
  const data = view(bytes);
  for (const at of interiorPages(type)) {
    const page = target(at / PAGE + 1);
    data.setUint32(at + 8, page);
    for (let i = 0; i < data.getUint16(at + 3); i++) data.setUint32(at + data.getUint16(at + 12 + 2 * i), page);
  }
  return bytes;
}

test.each([
  ['t', 5],
  ['w', 2],
] as const)('pages of %s that lead to themselves, to the root or to one page again and again', (name, type) => {
  expect(interiorPages(type).length).toBeGreaterThan(3);
  const root = openBytes(intact).table(name)!.rootPage;
  const all = rowsOf(openBytes(intact).table(name)!).length;
  for (const target of [(own: number) => own, () => root, (own: number) => own + 1, () => 0, () => 0xffffffff]) {
    const file = openBytes(pointAllTo(type, target));
    expect(rowsOf(file.table(name)!).length).toBeLessThan(all);
    const problems = problemsOf(file, name);
    expect(problems.some((problem) => problem.class === 'lost')).toBe(true);
    file.unexamined([name]);
    const cursor = file.table(name)!.scan();
    cursor.seek(1000);
    while (cursor.next());
    expect(file.table(name)!.leafRuns().problems.length > 0).toBe(name === 't');
  }
});

test('a single page that leads to one before it costs what stood below it', () => {
  const at = interiorPages(5).find((offset) => offset / PAGE + 1 !== openBytes(intact).table('t')!.rootPage)!;
  const bytes = intact.slice();
  const data = view(bytes);
  const cell = at + data.getUint16(at + 12 + 2 * 3);
  data.setUint32(cell, data.getUint32(at + data.getUint16(at + 12)));
  const problems = problemsOf(openBytes(bytes), 't');
  expect(problems.map(({ code, rowsLost }) => [code, rowsLost])).toEqual([['PAGE_LOOP', null]]);
  const lost = Number(problems[0]!.before) - Number(problems[0]!.after) - 1;
  expect(rowsOf(openBytes(bytes).table('t')!).length).toBe(2001 - lost);
});

test('a chain of overflow pages that comes back to itself costs its row', () => {
  const cursor = openBytes(intact).table('t')!.scan();
  expect(cursor.seek(2001)).toBe(true);
  const second = cursor.ranges()[2]!;
  const bytes = intact.slice();
  view(bytes).setUint32(second.offset - 4, (second.offset - 4) / PAGE + 1);
  const file = openBytes(bytes);
  expect(rowsOf(file.table('t')!).length).toBe(2000);
  expect(problemsOf(file, 't')).toMatchObject([{ code: 'CELLS_DAMAGED', rowsLost: 1, rowids: [2001] }]);
});

test('a payload that claims more than the file holds takes no memory and costs its row', () => {
  const cursor = openBytes(intact).table('t')!.scan();
  expect(cursor.seek(2001)).toBe(true);
  const bytes = intact.slice();
  // The two varints before the record: 5000-odd bytes of payload become 2^27 and more, the rowid keeps its two bytes.
  bytes.set([0xff, 0xff], cursor.offset - 4);
  const found = problemsOf(openBytes(bytes), 't');
  expect(found.map((problem) => problem.class)).toContain('lost');
});

test('a freelist that loops is counted once', () => {
  const bytes = Uint8Array.from(
    makeDatabase((db) => {
      db.exec(`PRAGMA page_size = ${PAGE}; CREATE TABLE t (a); CREATE TABLE u (a); BEGIN`);
      const insert = db.prepare('INSERT INTO u VALUES (?)');
      for (let i = 0; i < 3000; i++) insert.run('f'.repeat(100));
      db.exec('COMMIT; DROP TABLE u');
    }),
  );
  const data = view(bytes);
  const trunk = data.getUint32(32);
  data.setUint32((trunk - 1) * PAGE, trunk);
  const count = openBytes(bytes).unexamined(['t']);
  expect(count.freelistFault).toContain(`page ${trunk}`);
  expect(count.freePages + count.unclaimedPages).toBe(count.pages - count.examinedPages);
});

test('a table that leads into another one is shown with a doubt', () => {
  const bytes = Uint8Array.from(
    makeDatabase((db) => {
      db.exec('CREATE TABLE narrow (a); CREATE TABLE broad (a, b, c)');
      db.exec("INSERT INTO broad VALUES (1, 2, 3), (4, 5, 6); INSERT INTO narrow VALUES ('x')");
    }),
  );
  const { rootPage: narrow } = openBytes(bytes).table('narrow')!;
  const { rootPage: broad } = openBytes(bytes).table('broad')!;
  bytes.copyWithin((narrow - 1) * 4096, (broad - 1) * 4096, broad * 4096);
  const problems = problemsOf(openBytes(bytes), 'narrow');
  expect(problems).toMatchObject([{ code: 'FIELDS_DISAGREE', class: 'doubt', rowsLost: 0, page: narrow }]);
});
