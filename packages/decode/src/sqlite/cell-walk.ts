import { u32 } from './big-endian-read.ts';
import type { BtreeNode, TreeKind } from './node.ts';
import type { NodeCache } from './node-cache.ts';
import { PageSet } from './page-set.ts';
import { isFault } from './page-source.ts';
import type { ProblemLog } from './problem.ts';
import { type Rowid, readRowid, varintSize } from './varint.ts';

/** Hands out runs of cells in key order: cells `from` to `to` (exclusive) of `node` are rows. */
export interface CellWalk {
  readonly node: BtreeNode | null;
  readonly from: number;
  readonly to: number;
  nextRun(): boolean;
}

/** https://www.sqlite.org/src: btreeInt.h, BTCURSOR_MAX_DEPTH: no tree of any legal size is deeper. */
export const MOST_DEPTH = 20;

interface Step {
  readonly node: BtreeNode;
  /** Table trees: the next child. Index trees: twice that, odd numbers are the cells between the children. */
  next: number;
}

/** Walks a whole b-tree. A page that cannot be used is reported and passed over. */
export class TreeWalk implements CellWalk {
  node: BtreeNode | null = null;
  from = 0;
  to = 0;
  readonly #nodes: NodeCache;
  readonly #root: number;
  readonly #kind: TreeKind;
  readonly #log: ProblemLog;
  readonly #stack: Step[] = [];
  #met = new PageSet();
  #begun = false;

  constructor(nodes: NodeCache, root: number, kind: TreeKind, log: ProblemLog) {
    this.#nodes = nodes;
    this.#root = root;
    this.#kind = kind;
    this.#log = log;
  }

  nextRun(): boolean {
    if (!this.#begun) {
      this.#begun = true;
      if (this.#enter(this.#root)) return true;
    }
    for (;;) {
      const step = this.#stack[this.#stack.length - 1];
      if (step === undefined) return false;
      const last = this.#kind === 'table' ? step.node.cellCount : 2 * step.node.cellCount;
      if (step.next > last) {
        this.#stack.pop();
        continue;
      }
      const at = step.next++;
      if (this.#kind === 'index' && at % 2 === 1) {
        if (step.node.cells[at >>> 1]! >= 0) return this.#run(step.node, at >>> 1, (at >>> 1) + 1);
        continue;
      }
      const child = childOf(step.node, this.#kind === 'table' ? at : at >>> 1);
      if (child !== null && this.#enter(child)) return true;
    }
  }

  /**
   * Goes to the leaf of a table tree where `rowid` stands or would stand: the run begins at the first cell that is not
   * smaller and can be reached. False where nothing follows.
   */
  seek(rowid: Rowid): boolean {
    this.#begun = true;
    this.#stack.length = 0;
    this.#met = new PageSet();
    let page = this.#root;
    while (this.#stack.length < MOST_DEPTH) {
      const node = this.#nodes.read(page, 'table');
      if (isFault(node)) {
        this.#lost(page, node.fault);
        return this.nextRun();
      }
      const at = lowerBound(node, 0, rowid);
      if (node.leaf) return at < node.cellCount ? this.#run(node, at, node.cellCount) : this.nextRun();
      this.#stack.push({ node, next: at + 1 });
      const child = childOf(node, at);
      if (child === null) return this.nextRun();
      page = child;
    }
    this.#lost(page, `the tree is deeper than ${MOST_DEPTH} pages`);
    this.#stack.length = 0;
    this.node = null;
    return false;
  }

  /** Reads a page and its leftmost descendants. True where that gave a run; otherwise the stack says how to go on. */
  #enter(page: number): boolean {
    if (!this.#met.add(page)) {
      this.#log.add(
        { code: 'PAGE_LOOP', class: 'lost', reason: `page ${page} is reached twice`, rowsLost: null },
        page,
      );
      return false;
    }
    const node = this.#nodes.read(page, this.#kind);
    if (isFault(node)) return this.#lost(page, node.fault);
    if (node.leaf) return this.#run(node, 0, node.cellCount);
    if (this.#stack.length >= MOST_DEPTH) return this.#lost(page, `the tree is deeper than ${MOST_DEPTH} pages`);
    reportInterior(node, this.#log);
    this.#stack.push({ node, next: 0 });
    return false;
  }

  #run(node: BtreeNode, from: number, to: number): boolean {
    this.node = node;
    this.from = from;
    this.to = to;
    return true;
  }

  #lost(page: number, reason: string): false {
    this.#log.add({ code: 'PAGE_UNREADABLE', class: 'lost', reason, rowsLost: null }, page);
    return false;
  }
}

/** Walks a list of table leaves that was made before, for work that is divided. */
export class LeafListWalk implements CellWalk {
  node: BtreeNode | null = null;
  from = 0;
  to = 0;
  readonly #nodes: NodeCache;
  readonly #leaves: ArrayLike<number>;
  readonly #log: ProblemLog;
  #next = 0;

  constructor(nodes: NodeCache, leaves: ArrayLike<number>, log: ProblemLog) {
    this.#nodes = nodes;
    this.#leaves = leaves;
    this.#log = log;
  }

  nextRun(): boolean {
    while (this.#next < this.#leaves.length) {
      const page = this.#leaves[this.#next++]!;
      const node = this.#nodes.read(page, 'table');
      if (isFault(node) || !node.leaf) {
        const reason = isFault(node) ? node.fault : `page ${page} is no table leaf`;
        this.#log.add({ code: 'PAGE_UNREADABLE', class: 'lost', reason, rowsLost: null }, page);
        continue;
      }
      this.node = node;
      this.to = node.cellCount;
      return true;
    }
    return false;
  }
}

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
