import type { ByteSource } from '../byte-source.ts';
import { headerInvalid, notADatabase } from './errors.ts';
import { FilePages, plainBytes } from './file-pages.ts';
import { geometryOf } from './geometry.ts';
import { HEADER_LENGTH, readHeader, type SqliteHeader, type TextEncoding } from './header.ts';
import { NodeCache } from './node-cache.ts';
import { isFault, type PageSource } from './page-source.ts';
import { type PageProblem, ProblemLog } from './problem.ts';
import { readSchema, type SqliteIndex } from './schema.ts';
import type { SqliteTable } from './table.ts';
import { countUnexamined, type Unexamined } from './unexamined.ts';
import { readWal, type WalIndex, type WalReport } from './wal.ts';
import { WalPages } from './wal-pages.ts';

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
  /** What became of the frames of the write-ahead log; null without one. */
  readonly wal: WalReport | null;
  /** The table with this name in any case. */
  table(name: string): SqliteTable | null;
  /** Counts what stands outside the tables named. Reads every tree once. */
  unexamined(examinedTables: readonly string[]): Unexamined;
}

/** A database, and the pages that it is read from. */
export interface OpenedPages {
  readonly file: SqliteFile;
  readonly pages: PageSource;
}

/**
 * Opens a database by its schema. Nothing is written, no journal is rolled back. Throws FormatError SQLITE_NOT_A_DATABASE or
 * SQLITE_HEADER_INVALID where there is nothing to walk; all other damage is among the problems.
 */
export function openBySchema(source: ByteSource, options: SqliteOptions): OpenedPages {
  const log: FileFault[] = [];
  const walSource = options.wal ?? null;
  const wal = walSource === null ? null : readWal(walSource);
  if (wal !== null) log.push(...walFaults(wal.report));
  const applied = walSource === null || wal === null || wal.pages.size === 0 ? null : { source: walSource, index: wal };
  if (applied?.index.pages.has(1)) return openWithWal(source, applied, options, log);
  const header = readHeader(plainBytes(source.read(0, HEADER_LENGTH)));
  if (applied !== null && applied.index.pageSize === header.pageSize) return openWithWal(source, applied, options, log);
  if (applied !== null)
    log.push({ origin: 'wal', reason: 'the write-ahead log has pages of another size: not applied' });
  const { declaredPages, pageSize } = header;
  if (source.length < declaredPages * pageSize) {
    const reason = `the file has ${source.length} bytes, its header says ${declaredPages} pages of ${pageSize}`;
    log.push({ origin: 'main', reason });
  }
  const pages = declaredPages || Math.floor(source.length / pageSize);
  const main = new FilePages(source, pageSize, declaredPages);
  const file = assemble(main, options, {
    faults: log,
    wal: wal?.report ?? null,
    pages,
    trailingBytes: Math.max(0, source.length - pages * pageSize),
  });
  return { file, pages: main };
}

/** Opens a database whose pages come from elsewhere, as from under a page cipher. `options.wal` is not looked at. */
export function openSqlitePages(pages: PageSource, options: Omit<SqliteOptions, 'wal'>): SqliteFile {
  return assemble(pages, options, { faults: [], wal: null, pages: pages.pageCount, trailingBytes: 0 });
}

interface FileFault {
  readonly origin: 'main' | 'wal';
  readonly reason: string;
}

interface Whole {
  readonly faults: readonly FileFault[];
  readonly wal: WalReport | null;
  readonly pages: number;
  readonly trailingBytes: number;
}

function openWithWal(
  source: ByteSource,
  wal: { readonly source: ByteSource; readonly index: WalIndex },
  options: SqliteOptions,
  faults: readonly FileFault[],
): OpenedPages {
  const { index } = wal;
  const pages = new WalPages(new FilePages(source, index.pageSize, index.pageCount), wal.source, index);
  const file = assemble(pages, options, {
    faults,
    wal: index.report,
    pages: index.pageCount,
    trailingBytes: Math.max(0, source.length - index.pageCount * index.pageSize),
  });
  return { file, pages };
}

function walFaults(report: WalReport): FileFault[] {
  if (report.refused !== null && report.trailingBytes > 0) {
    return [{ origin: 'wal', reason: `the write-ahead log is not applied: ${report.refused}` }];
  }
  if (report.damaged === 0) return [];
  const reason = `${report.damaged} frames of the write-ahead log are not applied: a checksum is wrong`;
  return [{ origin: 'wal', reason }];
}

function assemble(pages: PageSource, options: Omit<SqliteOptions, 'wal'>, whole: Whole): SqliteFile {
  const first = pages.read(1);
  if (isFault(first)) throw notADatabase(first.fault);
  const header = readHeader(first);
  if (header.pageSize !== pages.pageSize) {
    throw headerInvalid(`page 1 says pages of ${header.pageSize} bytes, they are read with ${pages.pageSize}`);
  }
  const log = new ProblemLog(pages, null);
  header.oddities.forEach((reason, at) => {
    log.add({ code: 'FILE_DISAGREES', class: 'doubt', reason, rowsLost: 0 }, 1, at);
  });
  whole.faults.forEach((fault, at) => {
    // What a log's frames would have changed cannot be known; missing pages are reported where rows are read.
    const rowsLost = fault.origin === 'wal' ? null : 0;
    log.add({ code: 'FILE_DISAGREES', class: 'doubt', ...fault, rowsLost }, null, at);
  });
  const nodes = new NodeCache(pages, geometryOf(header, pages), options.cachePages ?? 256);
  const schema = readSchema(nodes, header, options.path);
  const byName = new Map(schema.tables.map((table) => [table.name.toLowerCase(), table]));
  return {
    header,
    encoding: header.encoding,
    tables: schema.tables,
    indexes: schema.indexes,
    virtualTables: schema.virtualTables,
    problems: [...log.items, ...schema.problems],
    wal: whole.wal,
    table: (name) => byName.get(name.toLowerCase()) ?? null,
    unexamined: (examined) => countUnexamined({ ...whole, header, nodes, ...schema }, examined),
  };
}
