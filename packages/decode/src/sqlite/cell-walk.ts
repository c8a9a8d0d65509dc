import { type Step, Substitutes } from './lost-subtree.ts';
import type { BtreeNode, TreeKind } from './node.ts';
import type { NodeCache } from './node-cache.ts';
import { childOf, lowerBound, MOST_DEPTH, reportInterior } from './node-keys.ts';
import { PageSet } from './page-set.ts';
import { isFault } from './page-source.ts';
import type { ProblemLog } from './problem.ts';
import type { StrayLeaves } from './stray-leaves.ts';
import type { Rowid } from './varint.ts';

/** Hands out runs of cells in key order: cells `from` to `to` (exclusive) of `node` are rows. */
export interface CellWalk {
  readonly node: BtreeNode | null;
  readonly from: number;
  readonly to: number;
  nextRun(): boolean;
}

/** One tree of the file. */
export interface Tree {
  readonly nodes: NodeCache;
  readonly root: number;
  readonly kind: TreeKind;
  /** Where to look for leaves below a lost page; null where nobody should. */
  readonly strays: StrayLeaves | null;
}

/** Walks a whole b-tree. A page that cannot be used is reported and passed over. */
export class TreeWalk implements CellWalk {
  node: BtreeNode | null = null;
  from = 0;
  to = 0;
  readonly #nodes: NodeCache;
  readonly #root: number;
  readonly #kind: TreeKind;
  readonly #strays: StrayLeaves | null;
  #substitutes: Substitutes;
  readonly #log: ProblemLog;
  readonly #stack: Step[] = [];
  #leafDepth: number | null = null;
  #instead: LeafListWalk | null = null;
  #met = new PageSet();
  #begun = false;

  constructor(tree: Tree, log: ProblemLog) {
    this.#nodes = tree.nodes;
    this.#root = tree.root;
    this.#kind = tree.kind;
    this.#strays = tree.strays;
    this.#log = log;
    this.#substitutes = new Substitutes(tree.strays, log, this.#met);
  }

  nextRun(): boolean {
    if (this.#instead?.nextRun()) return this.#run(this.#instead.node!, 0, this.#instead.to);
    this.#instead = null;
    if (!this.#begun) {
      this.#begun = true;
      if (this.#enter(this.#root)) return true;
      if (this.#instead !== null) return this.nextRun();
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
      if (this.#instead !== null) return this.nextRun();
    }
  }

  /**
   * Goes to the leaf of a table tree where `rowid` stands or would stand: the run begins at the first cell that is not
   * smaller and can be reached. False where nothing follows.
   */
  seek(rowid: Rowid): boolean {
    this.#begun = true;
    this.#stack.length = 0;
    this.#instead = null;
    this.#met = new PageSet();
    this.#substitutes = new Substitutes(this.#strays, this.#log, this.#met);
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
    if (isFault(node)) return this.#lostSubtree(page, node.fault);
    if (node.leaf) {
      this.#leafDepth ??= this.#stack.length;
      return this.#run(node, 0, node.cellCount);
    }
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

  #lostSubtree(page: number, fault: string): false {
    const above = this.#kind === 'table' && this.#stack.length !== this.#leafDepth;
    const pages = above ? this.#substitutes.inPlaceOf(page, fault, this.#stack) : [];
    if (pages.length === 0) return this.#lost(page, fault);
    this.#instead = new LeafListWalk(this.#nodes, pages, this.#log);
    return false;
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
