import type { SqliteHeader } from './header.ts';
import type { PageSource } from './page-source.ts';

/** What page arithmetic needs to know about a file. */
export interface Geometry {
  readonly pageSize: number;
  readonly usable: number;
  readonly pageCount: number;
  /** Longest payload that stands wholly in a table leaf. */
  readonly mostLocalInTable: number;
  /** Longest payload that stands wholly in an index page. */
  readonly mostLocalInIndex: number;
  /** Least payload that a spilled cell keeps. */
  readonly leastLocal: number;
  /** No payload can be longer: neither than the format allows nor than the pages there are. */
  readonly mostPayload: number;
}

/** https://www.sqlite.org/limits.html: SQLITE_MAX_LENGTH is 10^9 by default and never above 2^31 - 1. */
const MOST_PAYLOAD = 2 ** 30;

/** https://www.sqlite.org/fileformat2.html#cell_payload_overflow_pages: X, M of section 1.6. */
export function geometryOf(header: SqliteHeader, pages: PageSource): Geometry {
  const usable = header.usable;
  return {
    pageSize: header.pageSize,
    usable,
    pageCount: pages.pageCount,
    mostLocalInTable: usable - 35,
    mostLocalInIndex: Math.floor(((usable - 12) * 64) / 255) - 23,
    leastLocal: Math.floor(((usable - 12) * 32) / 255) - 23,
    mostPayload: Math.min(MOST_PAYLOAD, pages.pageCount * usable),
  };
}

/** Bytes of a payload that stand in the cell itself (K of section 1.6). */
export function localLength(geometry: Geometry, mostLocal: number, payload: number): number {
  if (payload <= mostLocal) return payload;
  const spread = geometry.leastLocal + ((payload - geometry.leastLocal) % (geometry.usable - 4));
  return spread <= mostLocal ? spread : geometry.leastLocal;
}
