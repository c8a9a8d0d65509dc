import type { ByteSource } from '../byte-source.ts';

const WINDOW = 4096;

/**
 * Whether a dump began with the line of a program that ends its dumps with one, and that one is missing: cut between
 * two statements it looks whole otherwise. pg_dump and mysqldump frame their output with comments (mysqldump leaves out
 * both where it is told to), the shell of SQLite with a transaction. Dumps of others, which say neither, are never short.
 */
export function lacksItsEnd(source: ByteSource): boolean {
  const text = (at: number) => Buffer.from(source.read(at, WINDOW)).toString('latin1');
  const [head, tail] = [text(0), text(Math.max(0, source.length - WINDOW))];
  if (/^-- PostgreSQL database (?:cluster )?dump\r?$/m.test(head))
    return !/^-- PostgreSQL database (?:cluster )?dump complete/m.test(tail);
  if (/^(?:\/\*M!.*\n)?-- (?:MySQL|MariaDB) dump \d/.test(head)) return !/^-- Dump completed/m.test(tail);
  return /^\s*(?:PRAGMA [^;]*;\s*)*BEGIN TRANSACTION;/.test(head) && !/^(?:COMMIT|ROLLBACK)\b/m.test(tail);
}
