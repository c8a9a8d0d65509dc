import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openBytes, rowsBySqlite, rowsOf, withDatabase } from './testing/generated-databases.ts';

const FRAME = 24 + 4096;

function fill(db: DatabaseSync): void {
  db.exec('PRAGMA page_size = 4096; CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)');
  const insert = db.prepare('INSERT INTO t (body) VALUES (?)');
  for (let i = 0; i < 300; i++) insert.run(`before ${i} ${'-'.repeat(100)}`);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
}

/** Bytes of both files with three transactions in the log, and the rows SQLite saw after each. */
function threeTransactions(): { main: Uint8Array; wal: Uint8Array; states: unknown[][]; lengths: number[] } {
  return withDatabase(fill, (path, db) => {
    const states: unknown[][] = [];
    const lengths: number[] = [];
    const note = (): void => {
      states.push(rowsBySqlite(db, openBytes(readFileSync(path), walOf(path)).table('t')!) as unknown[]);
      lengths.push(walOf(path)?.length ?? 0);
    };
    note();
    for (const sql of [
      "UPDATE t SET body = 'changed' WHERE id IN (50, 60)",
      'DELETE FROM t WHERE id < 40',
      "INSERT INTO t (body) VALUES ('last')",
    ]) {
      db.exec(sql);
      note();
    }
    return { main: readFileSync(path), wal: walOf(path)!, states, lengths };
  });
}

function walOf(path: string): Uint8Array | null {
  try {
    return readFileSync(`${path}-wal`);
  } catch {
    return null;
  }
}

test('the log is applied up to the last commit that stands in it whole', () => {
  const { main, wal, states, lengths } = threeTransactions();
  for (let cut = 0; cut <= wal.length; cut += 2050) {
    const state = lengths.findLastIndex((length) => length <= cut);
    const file = openBytes(main, wal.subarray(0, cut));
    expect(rowsOf(file.table('t')!)).toEqual(states[state]);
  }
  const whole = openBytes(main, wal);
  expect(rowsOf(whole.table('t')!)).toEqual(states[3]);
  expect(whole.problems).toEqual([]);
  expect(whole.wal).toMatchObject({
    frames: (wal.length - 32) / FRAME,
    applied: (wal.length - 32) / FRAME,
    damaged: 0,
  });
});

test('rows say which file they stand in', () => {
  const { main, wal } = threeTransactions();
  const cursor = openBytes(main, wal).table('t')!.scan();
  const origins = new Set<string>();
  while (cursor.next()) {
    const { path, offset, length } = cursor.locator();
    origins.add(path);
    expect((path === 'test.db' ? main : wal).subarray(offset!, offset! + length!)).toSatisfy((found: Uint8Array) =>
      cursor.record().every((byte, at) => byte === found[at]),
    );
  }
  expect([...origins].sort()).toEqual(['test.db', 'test.db-wal']);
});

test('frames that were not committed are counted and not applied', () => {
  withDatabase(fill, (path, db) => {
    db.exec('PRAGMA cache_size = 2; PRAGMA cache_spill = 2; BEGIN');
    const insert = db.prepare('INSERT INTO t (body) VALUES (?)');
    for (let i = 0; i < 3000; i++) insert.run('x'.repeat(500));
    const file = openBytes(readFileSync(path), walOf(path));
    expect(file.wal!.uncommitted).toBeGreaterThan(10);
    expect(rowsOf(file.table('t')!).length).toBe(300);
    db.exec('ROLLBACK');
  });
});

test('frames left over from an earlier round are counted and not applied', () => {
  withDatabase(fill, (path, db) => {
    db.exec("UPDATE t SET body = 'one'");
    db.exec('PRAGMA wal_checkpoint(RESTART)');
    db.exec("UPDATE t SET body = 'two' WHERE id = 3");
    const file = openBytes(readFileSync(path), walOf(path));
    expect(file.wal!.leftOver).toBeGreaterThan(0);
    expect(file.problems).toEqual([]);
    expect(rowsOf(file.table('t')!)).toEqual(rowsBySqlite(db, file.table('t')!));
  });
});

test('any flipped byte of a frame keeps it from being applied, as in SQLite', () => {
  const { main, wal, states, lengths } = threeTransactions();
  for (let at = 32; at < wal.length; at += 2011) {
    const damaged = Uint8Array.from(wal);
    damaged[at]! ^= 0x10;
    const frame = Math.floor((at - 32) / FRAME);
    const state = lengths.findLastIndex((length) => length <= 32 + frame * FRAME);
    const file = openBytes(main, damaged);
    expect(rowsOf(file.table('t')!)).toEqual(states[state]);
    const inSalt = (at - 32) % FRAME >= 8 && (at - 32) % FRAME < 16;
    expect(file.problems.length).toBe(inSalt ? 0 : 1);
    expect(inSalt ? file.wal!.leftOver : file.wal!.damaged).toBeGreaterThan(0);
  }
});

test('a log that is none is a doubt and the database is read without it', () => {
  const { main, states } = threeTransactions();
  const file = openBytes(main, new Uint8Array(5000).fill(7));
  expect(file.problems.map(({ code, origin, rowsLost }) => [code, origin, rowsLost])).toEqual([
    ['FILE_DISAGREES', 'wal', null],
  ]);
  expect(rowsOf(file.table('t')!)).toEqual(states[0]);
});
