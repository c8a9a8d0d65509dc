import { expect, it } from 'vitest';
import { memorySource } from '../testing/memory-source.ts';
import { lacksItsEnd } from './dump-end.ts';

const lacks = (text: string): boolean => lacksItsEnd(memorySource(new TextEncoder().encode(text)));
const rows = 'INSERT INTO t VALUES (1);\n'.repeat(400);

it.each([
  ['pg_dump', '--\n-- PostgreSQL database dump\n--\n', '--\n-- PostgreSQL database dump complete\n--\n'],
  ['mysqldump', '-- MySQL dump 10.13  Distrib 8.0.36\n', '-- Dump completed on 2024-07-01 12:00:00\n'],
  ['mariadb-dump', '/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\n', '-- Dump completed\n'],
  ['sqlite3', 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n', 'COMMIT;\n'],
  ['sqlite3, after errors', 'BEGIN TRANSACTION;\n', 'ROLLBACK; -- due to errors\n'],
])('knows the end that %s writes', (_, head, tail) => {
  expect([lacks(head + rows + tail), lacks(head + rows), lacks(head)]).toEqual([false, true, true]);
});

it('asks no end of a dump that announces none', () => {
  expect([lacks(rows), lacks(`-- phpMyAdmin SQL Dump\n${rows}`), lacks('')]).toEqual([false, false, false]);
});
