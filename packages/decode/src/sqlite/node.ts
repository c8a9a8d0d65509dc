import { u16, u32 } from './big-endian-read.ts';
import { type Geometry, localLength } from './geometry.ts';
import type { PageFault } from './page-source.ts';
import { readVarint, varintSize } from './varint.ts';

/** A table b-tree has rowids for keys; an index b-tree (also WITHOUT ROWID tables) has records. */
export type TreeKind = 'table' | 'index';

/** One checked b-tree page, https://www.sqlite.org/fileformat2.html#b_tree_pages */
export interface BtreeNode {
  readonly page: number;
  readonly bytes: Uint8Array;
  readonly leaf: boolean;
  readonly cellCount: number;
  /** Where each cell begins in the page; -1 for a cell that cannot be trusted. */
  readonly cells: Int32Array;
  readonly damagedCells: number;
  /** The child behind the last cell; 0 in a leaf. */
  readonly rightChild: number;
  /** Bytes that no cell, pointer or header takes. */
  readonly slack: number;
  /** Why cells may be missing or overlap; null where the page's space adds up. */
  readonly disagreement: string | null;
}

/** Section 1.6, the b-tree page header: the four page types. */
const PAGE_TYPES: Readonly<Record<TreeKind, { readonly interior: number; readonly leaf: number }>> = {
  table: { interior: 0x05, leaf: 0x0d },
  index: { interior: 0x02, leaf: 0x0a },
};

/** A cell never takes less than four bytes, so that it can become a freeblock (section 1.6). */
const LEAST_CELL = 4;

/** Reads and checks one page. Whoever made the file controls every byte of it: nothing is used before its check. */
export function readNode(bytes: Uint8Array, page: number, kind: TreeKind, geometry: Geometry): BtreeNode | PageFault {
  const start = page === 1 ? 100 : 0;
  const type = bytes[start]!;
  const leaf = type === PAGE_TYPES[kind].leaf;
  if (!leaf && type !== PAGE_TYPES[kind].interior) return { fault: `page ${page} is no ${kind} b-tree page` };
  const cellCount = u16(bytes, start + 3);
  const pointers = start + (leaf ? 8 : 12);
  const pointersEnd = pointers + 2 * cellCount;
  if (cellCount > (geometry.usable - 8) / (LEAST_CELL + 2)) {
    return { fault: `page ${page} cannot hold ${cellCount} cells` };
  }
  const cells = new Int32Array(cellCount);
  const sizer = sizerOf(kind, leaf);
  let damagedCells = 0;
  let taken = 0;
  let ordered = true;
  let floor = geometry.usable;
  for (let i = 0; i < cellCount; i++) {
    const at = u16(bytes, pointers + 2 * i);
    const size = at < pointersEnd || at > geometry.usable - LEAST_CELL ? 0 : sizer(bytes, at, geometry);
    if (size === 0 || at + size > geometry.usable) {
      cells[i] = -1;
      damagedCells++;
      continue;
    }
    cells[i] = at;
    taken += size;
    // Pages that were filled by appending have their cells in descending order: proof enough that none overlap.
    if (at + size > floor) ordered = false;
    floor = at;
  }
  const node = { page, bytes, leaf, cellCount, cells, damagedCells, rightChild: leaf ? 0 : u32(bytes, start + 8) };
  const slack = geometry.usable - pointersEnd - taken;
  const disagreement =
    damagedCells > 0
      ? null
      : (freeSpace(bytes, start, pointersEnd, taken, geometry) ?? overlap(node, ordered, sizer, geometry));
  return { ...node, slack, disagreement };
}

type Sizer = (bytes: Uint8Array, at: number, geometry: Geometry) => number;

function sizerOf(kind: TreeKind, leaf: boolean): Sizer {
  if (kind === 'table') return leaf ? sizeOfTableLeafCell : sizeOfTableInteriorCell;
  return leaf ? sizeOfIndexLeafCell : sizeOfIndexInteriorCell;
}

function sizeOfTableLeafCell(bytes: Uint8Array, at: number, geometry: Geometry): number {
  const prefix = varintSize(bytes, at);
  const payload = prefix === 1 ? bytes[at]! : readVarint(bytes, at);
  const rest = sizeOfPayload(payload, geometry.mostLocalInTable, geometry);
  return rest === 0 ? 0 : Math.max(LEAST_CELL, prefix + varintSize(bytes, at + prefix) + rest);
}

function sizeOfTableInteriorCell(bytes: Uint8Array, at: number): number {
  return 4 + varintSize(bytes, at + 4);
}

function sizeOfIndexLeafCell(bytes: Uint8Array, at: number, geometry: Geometry): number {
  const rest = sizeOfPayload(readVarint(bytes, at), geometry.mostLocalInIndex, geometry);
  return rest === 0 ? 0 : Math.max(LEAST_CELL, varintSize(bytes, at) + rest);
}

function sizeOfIndexInteriorCell(bytes: Uint8Array, at: number, geometry: Geometry): number {
  const rest = sizeOfPayload(readVarint(bytes, at + 4), geometry.mostLocalInIndex, geometry);
  return rest === 0 ? 0 : 4 + varintSize(bytes, at + 4) + rest;
}

/** Bytes in the page for a payload, with the overflow page number where it spills; 0 for an impossible length. */
function sizeOfPayload(payload: number, mostLocal: number, geometry: Geometry): number {
  if (payload < 1 || payload > geometry.mostPayload) return 0;
  if (payload <= mostLocal) return payload;
  return localLength(geometry, mostLocal, payload) + 4;
}

/**
 * Section 1.6, freeblocks: gap, freeblocks and fragments are all that cells leave over. Where it does not add up, a
 * cell count or a length was changed. Returns the reason or null.
 */
function freeSpace(
  bytes: Uint8Array,
  start: number,
  pointersEnd: number,
  taken: number,
  geometry: Geometry,
): string | null {
  // Zero stands for 65536, section 1.6.
  const contentStart = u16(bytes, start + 5) || 65536;
  if (contentStart < pointersEnd || contentStart > geometry.usable)
    return 'the cell content area begins in the wrong place';
  let free = contentStart - pointersEnd + bytes[start + 7]!;
  let at = u16(bytes, start + 1);
  let previousEnd = contentStart;
  while (at !== 0) {
    if (at < previousEnd || at > geometry.usable - LEAST_CELL) return 'a freeblock stands in the wrong place';
    const size = u16(bytes, at + 2);
    if (size < LEAST_CELL || at + size > geometry.usable) return 'a freeblock has an impossible length';
    free += size;
    // Ascending, so this ends after at most a quarter of the page.
    previousEnd = at + size;
    at = u16(bytes, at);
  }
  const gap = geometry.usable - pointersEnd - taken - free;
  return gap === 0 ? null : `${Math.abs(gap)} bytes are ${gap > 0 ? 'not accounted for' : 'claimed twice'}`;
}

function overlap(
  node: { cells: Int32Array; bytes: Uint8Array },
  ordered: boolean,
  sizer: Sizer,
  geometry: Geometry,
): string | null {
  if (ordered) return null;
  const sorted = node.cells.slice().sort();
  for (let i = 1; i < sorted.length; i++) {
    const before = sorted[i - 1]!;
    if (before + sizer(node.bytes, before, geometry) > sorted[i]!) return 'cells overlap';
  }
  return null;
}
