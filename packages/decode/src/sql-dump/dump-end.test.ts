import { expect, it } from 'vitest';
import { memorySource } from '../testing/memory-source.ts';
import { lacksItsEnd } from './dump-end.ts';

const lacks = (text: string): boolean => lacksItsEnd(memorySource(new TextEncoder().encode(text)));
const rows = 'INSERT INTO t VALUES (1);\n'.repeat(400);

it.each([
  ['pg_dump', '--\n-- PostgreSQL database dump\n--\n', '--\n-- PostgreSQL database dump complete\n--\n'],
  ['sqlite3', 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n', 'COMMIT;\n'],
  ['sqlite3, after errors', 'BEGIN TRANSACTION;\n', 'ROLLBACK; -- due to errors\n'],
])('knows the end that %s writes', (_, head, tail) => {
  expect([lacks(head + rows + tail), lacks(head + rows), lacks(head)]).toEqual([false, true, true]);
});

it('asks no end of a dump that announces none', () => {
  expect([lacks(rows), lacks(`-- MySQL dump 10.13\n${rows}`), lacks('')]).toEqual([false, false, false]);
});
