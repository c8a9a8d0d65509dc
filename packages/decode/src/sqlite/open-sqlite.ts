import type { ByteSource } from '../byte-source.ts';
import { hasLostSchema, openWithoutSchema } from './lost-schema.ts';
import { openBySchema, type SqliteFile, type SqliteOptions } from './sqlite-file.ts';

/**
 * Opens a database; where pages of its schema are lost, its tables are told by their own pages as well. Nothing is written,
 * no journal is rolled back. Throws FormatError SQLITE_NOT_A_DATABASE or SQLITE_HEADER_INVALID where there is nothing to
 * walk; all other damage is among the problems.
 */
export function openSqlite(source: ByteSource, options: SqliteOptions): SqliteFile {
  const { file, pages } = openBySchema(source, options);
  if (!hasLostSchema(file)) return file;
  const { path, cachePages } = options;
  const { reserved } = file.header;
  const told = openWithoutSchema(pages, { path, reserved, ...(cachePages !== undefined && { cachePages }) });
  if (told.tables.length <= file.tables.length) return file;
  return { ...told, problems: [...file.problems, ...told.problems], wal: file.wal };
}
