import { u32 } from './big-endian-read.ts';
import type { BtreeNode } from './node.ts';
import type { ProblemLog } from './problem.ts';
import { type Rowid, readRowid, varintSize } from './varint.ts';

/** https://www.sqlite.org/src: btreeInt.h, BTCURSOR_MAX_DEPTH: no tree of any legal size is deeper. */
export const MOST_DEPTH = 20;

/** Page number of child `at` of an interior page (the last is the right child); null where its cell is damaged. */
export function childOf(node: BtreeNode, at: number): number | null {
  if (at === node.cellCount) return node.rightChild;
  const cell = node.cells[at]!;
  return cell < 0 ? null : u32(node.bytes, cell);
}

/** Key of cell `at` of a table tree's page; null where the cell is damaged. */
export function rowidOf(node: BtreeNode, at: number): Rowid | null {
  const cell = node.cells[at]!;
  if (cell < 0) return null;
  return readRowid(node.bytes, node.leaf ? cell + varintSize(node.bytes, cell) : cell + 4);
}

/** The first cell whose rowid is not smaller; damaged cells are passed over. */
export function lowerBound(node: BtreeNode, low: number, rowid: Rowid): number {
  let from = low;
  let to = node.cellCount;
  while (from < to) {
    const middle = (from + to) >>> 1;
    let probe = middle;
    while (probe < to && node.cells[probe]! < 0) probe++;
    if (probe === to) to = middle;
    else if (rowidOf(node, probe)! < rowid) from = probe + 1;
    else to = middle;
  }
  return from;
}

/** Interior pages hold the way to many rows: what is damaged in them is reported when they are entered. */
export function reportInterior(node: BtreeNode, log: ProblemLog): void {
  if (node.damagedCells > 0) {
    const reason = `${node.damagedCells} cells of an interior page are damaged: the pages below them are not reached`;
    log.add({ code: 'CELLS_DAMAGED', class: 'lost', reason, rowsLost: null }, node.page);
  } else if (node.disagreement !== null) {
    const reason = `an interior page does not add up (${node.disagreement}): pages below it may not be reached`;
    log.add({ code: 'SPACE_DISAGREES', class: 'doubt', reason, rowsLost: null }, node.page);
  }
}
