import { type Census, takeCensus } from './census.ts';
import { readFreePages } from './free-pages.ts';
import type { SqliteHeader } from './header.ts';
import type { NodeCache } from './node-cache.ts';
import { PageSet } from './page-set.ts';
import type { SqliteIndex } from './schema.ts';
import type { SqliteTable } from './table.ts';

/** A table that was not asked for. */
export interface UnexaminedTable {
  readonly name: string;
  readonly pages: number;
  /** Rows that its pages say they hold. */
  readonly rows: number;
}

/**
 * What of a database stands outside the tables that were examined. Every page is counted in one place:
 * `pages = examined + otherTables + indexes + free + pointerMaps + lock + unclaimed`.
 */
export interface Unexamined {
  readonly pages: number;
  readonly examinedPages: number;
  readonly otherTables: readonly UnexaminedTable[];
  /** Indexes repeat what tables hold. */
  readonly indexPages: number;
  /** Pages on the freelist: deleted rows may still stand there. */
  readonly freePages: number;
  readonly pointerMapPages: number;
  readonly lockPages: number;
  /** Pages that no tree and no list leads to; in an undamaged file there are none. */
  readonly unclaimedPages: number;
  /** Bytes inside the pages of examined tables that no row takes: deleted rows may still stand there. */
  readonly slackBytes: number;
  /** Bytes of the file behind the last page. */
  readonly trailingBytes: number;
  /** All of these in bytes. */
  readonly bytes: number;
  /** Where the freelist could not be followed or counted; null where it could. */
  readonly freelistFault: string | null;
}

export interface WholeFile {
  readonly header: SqliteHeader;
  readonly nodes: NodeCache;
  readonly tables: readonly SqliteTable[];
  readonly indexes: readonly SqliteIndex[];
  /** Pages that the database says it has. */
  readonly pages: number;
  readonly trailingBytes: number;
}

/** Counts what the tables named (in any case) leave out. Reads every tree once. */
export function countUnexamined(file: WholeFile, examined: readonly string[]): Unexamined {
  const { nodes, header } = file;
  const names = new Set(examined.map((name) => name.toLowerCase()));
  const claimed = new PageSet();
  const schema = takeCensus(nodes, 1, 'table', claimed);
  let examinedPages = pagesOf(schema);
  let slackBytes = schema.slackBytes;
  const otherTables: UnexaminedTable[] = [];
  for (const table of file.tables) {
    const census = takeCensus(nodes, table.rootPage, table.withoutRowid ? 'index' : 'table', claimed);
    if (names.has(table.name.toLowerCase())) {
      examinedPages += pagesOf(census);
      slackBytes += census.slackBytes;
    } else otherTables.push({ name: table.name, pages: pagesOf(census), rows: census.rows });
  }
  let indexPages = 0;
  for (const index of file.indexes) {
    indexPages += pagesOf(takeCensus(nodes, index.rootPage, 'index', claimed));
  }
  const free = readFreePages(nodes, header, claimed);
  const lockPages = file.pages >= lockPage(header.pageSize) ? 1 : 0;
  const pointerMapPages = header.pointerMaps ? countPointerMaps(header, file.pages) : 0;
  const others = otherTables.reduce((sum, table) => sum + table.pages, 0);
  const known = examinedPages + others + indexPages + free.pages + lockPages + pointerMapPages;
  return {
    pages: file.pages,
    examinedPages,
    otherTables,
    indexPages,
    freePages: free.pages,
    pointerMapPages,
    lockPages,
    unclaimedPages: Math.max(0, file.pages - known),
    slackBytes,
    trailingBytes: file.trailingBytes,
    bytes: Math.max(0, file.pages - examinedPages) * header.pageSize + slackBytes + file.trailingBytes,
    freelistFault: free.fault,
  };
}

function pagesOf(census: Census): number {
  return census.pages + census.overflowPages;
}

/** https://www.sqlite.org/fileformat2.html#the_lock_byte_page: the page at 1 GiB. */
function lockPage(pageSize: number): number {
  return Math.floor(2 ** 30 / pageSize) + 1;
}

/** https://www.sqlite.org/fileformat2.html#pointer_map_or_ptrmap_pages: page 2 and every usable/5 + 1 pages. */
function countPointerMaps(header: SqliteHeader, pages: number): number {
  const period = Math.floor(header.usable / 5) + 1;
  return pages < 2 ? 0 : 1 + Math.floor((pages - 2) / period);
}
