import { expect, test } from 'vitest';
import { makeDatabase, openBytes, rowsOf } from './testing/generated-databases.ts';

const PAGE = 512;
const ROWS = 4000;

function make(after = ''): Uint8Array {
  return Uint8Array.from(
    makeDatabase((db) => {
      db.exec(`PRAGMA page_size = ${PAGE}; CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)`);
      db.exec('CREATE TABLE other (id INTEGER PRIMARY KEY, body TEXT); BEGIN');
      const insert = db.prepare('INSERT INTO t (body) VALUES (?)');
      const second = db.prepare('INSERT INTO other (body) VALUES (?)');
      for (let i = 1; i <= ROWS; i++) {
        insert.run(`row ${i} of the table`);
        second.run(`row ${i} of the other`);
      }
      db.exec(`COMMIT; ${after}`);
    }),
  );
}

const intact = make();

/** Pages of a table above its leaves, by walking child pointers; root first. */
function interiorPages(bytes: Uint8Array, name: string): number[] {
  const data = new DataView(bytes.buffer);
  const found: number[] = [];
  const visit = (page: number): void => {
    const at = (page - 1) * PAGE;
    if (bytes[at] !== 5) return;
    found.push(page);
    for (let i = 0; i < data.getUint16(at + 3); i++) visit(data.getUint32(at + data.getUint16(at + 12 + 2 * i)));
    visit(data.getUint32(at + 8));
  };
  visit(openBytes(bytes).table(name)!.rootPage);
  return found;
}

function wipe(bytes: Uint8Array, page: number): Uint8Array {
  const wiped = bytes.slice();
  wiped.fill(0xee, (page - 1) * PAGE, page * PAGE);
  return wiped;
}

test('a lost interior page costs no row: its leaves are found', () => {
  const pages = interiorPages(intact, 't');
  expect(pages.length).toBeGreaterThan(3);
  const all = rowsOf(openBytes(intact).table('t')!);
  for (const page of pages) {
    const table = openBytes(wipe(intact, page)).table('t')!;
    expect(rowsOf(table)).toEqual(all);
    const cursor = table.scan();
    while (cursor.next());
    expect(cursor.problems).toMatchObject([{ code: 'PAGE_UNREADABLE', class: 'doubt', page, rowsLost: null }]);
    const { runs, problems } = table.leafRuns(500);
    expect(problems).toMatchObject([{ code: 'PAGE_UNREADABLE', class: 'doubt', page }]);
    expect(runs.reduce((sum, run) => sum + run.rows, 0)).toBe(ROWS);
  }
});

test('with two damaged tables nothing is guessed', () => {
  const [root] = interiorPages(intact, 't');
  const [otherRoot] = interiorPages(intact, 'other');
  const table = openBytes(wipe(wipe(intact, root!), otherRoot!)).table('t')!;
  expect(rowsOf(table)).toEqual([]);
  expect(table.leafRuns().runs.map((run) => run.rows)).toEqual([0]);
});

test('deleted rows on free pages do not come back', () => {
  const bytes = make('DELETE FROM t WHERE id BETWEEN 500 AND 3500');
  const all = rowsOf(openBytes(bytes).table('t')!);
  expect(all.length).toBe(999);
  const [root] = interiorPages(bytes, 't');
  expect(rowsOf(openBytes(wipe(bytes, root!)).table('t')!)).toEqual(all);
  // Nor when the freelist cannot be followed: then free pages cannot be told from strays.
  const unlisted = wipe(bytes, root!);
  new DataView(unlisted.buffer).setUint32(32, 0);
  expect(rowsOf(openBytes(unlisted).table('t')!)).toEqual([]);
});
