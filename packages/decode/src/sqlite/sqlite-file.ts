import type { ByteSource } from '../byte-source.ts';
import { notADatabase } from './errors.ts';
import { FilePages, plainBytes } from './file-pages.ts';
import { geometryOf } from './geometry.ts';
import { HEADER_LENGTH, readHeader, type SqliteHeader, type TextEncoding } from './header.ts';
import { NodeCache } from './node-cache.ts';
import { isFault, type PageSource } from './page-source.ts';
import { type PageProblem, ProblemLog } from './problem.ts';
import { readSchema, type SqliteIndex } from './schema.ts';
import type { SqliteTable } from './table.ts';

export interface SqliteOptions {
  /** The path that locators begin with; rows from the write-ahead log add `-wal`. */
  readonly path: string;
  /** The write-ahead log beside the database, where there is one. */
  readonly wal?: ByteSource | null;
  /** Checked b-tree pages that are kept, 256 by default: all the memory that reading takes. */
  readonly cachePages?: number;
}

/** A database that was opened for reading. */
export interface SqliteFile {
  readonly header: SqliteHeader;
  readonly encoding: TextEncoding;
  /** Ordinary tables, those of virtual tables and SQLite's own included, in the order of the schema. */
  readonly tables: readonly SqliteTable[];
  readonly indexes: readonly SqliteIndex[];
  readonly virtualTables: readonly string[];
  /** What is wrong with the file as a whole and with its schema; each scan has its own besides. */
  readonly problems: readonly PageProblem[];
  /** The table with this name in any case. */
  table(name: string): SqliteTable | null;
}

/**
 * Opens a database. Nothing is written, no journal is rolled back. Throws FormatError SQLITE_NOT_A_DATABASE or
 * SQLITE_HEADER_INVALID where there is nothing to walk; all other damage is among the problems.
 */
export function openSqlite(source: ByteSource, options: SqliteOptions): SqliteFile {
  const header = readHeader(plainBytes(source.read(0, HEADER_LENGTH)));
  const pages = new FilePages(source, header.pageSize, header.declaredPages);
  return openSqlitePages(pages, options);
}

/** Opens a database whose pages come from elsewhere: from under a page cipher, or put together. */
export function openSqlitePages(pages: PageSource, options: SqliteOptions): SqliteFile {
  const first = pages.read(1);
  if (isFault(first)) throw notADatabase(first.fault);
  const header = readHeader(first);
  const log = new ProblemLog(pages, null);
  header.oddities.forEach((reason, at) => {
    log.add({ code: 'FILE_DISAGREES', class: 'doubt', reason, rowsLost: 0 }, 1, at);
  });
  const nodes = new NodeCache(pages, geometryOf(header, pages), options.cachePages ?? 256);
  const schema = readSchema(nodes, header.encoding, options.path);
  const byName = new Map(schema.tables.map((table) => [table.name.toLowerCase(), table]));
  return {
    header,
    encoding: header.encoding,
    tables: schema.tables,
    indexes: schema.indexes,
    virtualTables: schema.virtualTables,
    problems: [...log.items, ...schema.problems],
    table: (name) => byName.get(name.toLowerCase()) ?? null,
  };
}
