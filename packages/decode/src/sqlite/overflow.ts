import { u32 } from './big-endian-read.ts';
import type { Geometry } from './geometry.ts';
import { PageSet } from './page-set.ts';
import { isFault, type Origin, type PageFault, type PageSource } from './page-source.ts';

/** Bytes of a row in the file. */
export interface ByteRange {
  readonly origin: Origin;
  readonly offset: number;
  readonly length: number;
}

/** A payload that did not fit its page, joined, and where its parts stand. */
export interface JoinedPayload {
  readonly bytes: Uint8Array;
  /** The parts on overflow pages, in order; the part in the cell is not among them. */
  readonly ranges: readonly ByteRange[];
}

interface Spilled {
  /** The part in the cell. */
  readonly local: Uint8Array;
  /** Length of the whole payload; checked against the size of the file before. */
  readonly total: number;
  readonly firstPage: number;
}

/**
 * Follows a chain of overflow pages, https://www.sqlite.org/fileformat2.html#ovflpgs
 * The chain has exactly the pages that the length needs, each once, and memory is taken page by page, so that a length
 * that the chain does not keep costs nothing.
 */
export function joinOverflow(pages: PageSource, geometry: Geometry, spilled: Spilled): JoinedPayload | PageFault {
  const room = geometry.usable - 4;
  const needed = Math.ceil((spilled.total - spilled.local.length) / room);
  if (needed > geometry.pageCount) return { fault: 'a payload is longer than the file' };
  const parts: Uint8Array[] = [];
  const ranges: ByteRange[] = [];
  const seen = new PageSet();
  let left = spilled.total - spilled.local.length;
  for (let page = spilled.firstPage; left > 0; ) {
    if (page === 0) return { fault: 'a chain of overflow pages ends early' };
    if (page > geometry.pageCount) return { fault: `overflow page ${page} does not exist` };
    if (!seen.add(page)) return { fault: `a chain of overflow pages comes back to page ${page}` };
    const bytes = pages.read(page);
    if (isFault(bytes)) return bytes;
    const length = Math.min(left, room);
    parts.push(bytes.subarray(4, 4 + length));
    ranges.push({ origin: pages.originOf(page), offset: pages.offsetOf(page) + 4, length });
    left -= length;
    page = u32(bytes, 0);
    // The last page of a chain has no next one (section 1.7).
    if (left === 0 && page !== 0) return { fault: 'a chain of overflow pages goes on behind its payload' };
  }
  return { bytes: join(spilled.local, parts, spilled.total), ranges };
}

function join(local: Uint8Array, parts: readonly Uint8Array[], total: number): Uint8Array {
  const bytes = new Uint8Array(total);
  bytes.set(local);
  let at = local.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
