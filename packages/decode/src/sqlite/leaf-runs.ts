import { boundsOf, type Step, Substitutes } from './lost-subtree.ts';
import type { NodeCache } from './node-cache.ts';
import { childOf, MOST_DEPTH, reportInterior, rowidOf } from './node-keys.ts';
import { PageSet } from './page-set.ts';
import { isFault } from './page-source.ts';
import type { ProblemLog } from './problem.ts';
import type { StrayLeaves } from './stray-leaves.ts';
import type { Rowid } from './varint.ts';

/** A stretch of neighbouring leaves of a table, in key order. Survives structured cloning; scan it with `scan`. */
export interface LeafRun {
  readonly pages: Uint32Array;
  /** Cells that the leaves say they hold; a leaf that cannot be read counts none. */
  readonly rows: number;
  /** Smallest rowid of the first leaf; null where it cannot be read. */
  readonly firstRowid: Rowid | null;
}

export interface LeafTree {
  readonly nodes: NodeCache;
  readonly root: number;
  readonly strays: StrayLeaves | null;
}

/**
 * Divides a table tree into runs of whole leaves with at least `rows` rows each (the last may have fewer): a function
 * of the file only. What keeps leaves from being reached goes to the log; damage of a leaf itself is left to the scan.
 */
export function* leafRuns(tree: LeafTree, rows: number, log: ProblemLog): Generator<LeafRun> {
  const { nodes } = tree;
  let pages: number[] = [];
  let count = 0;
  let firstRowid: Rowid | null = null;
  for (const page of leaves(nodes, tree.root, log, tree.strays)) {
    const node = nodes.read(page, 'table');
    const usable = !isFault(node) && node.leaf;
    if (pages.length === 0) firstRowid = usable && node.cellCount > 0 ? rowidOf(node, 0) : null;
    pages.push(page);
    count += usable ? node.cellCount : 0;
    if (count < rows && pages.length < MOST_PAGES) continue;
    yield { pages: Uint32Array.from(pages), rows: count, firstRowid };
    pages = [];
    count = 0;
  }
  if (pages.length > 0) yield { pages: Uint32Array.from(pages), rows: count, firstRowid };
}

/** A run ends here whatever it holds: thousands of unreadable leaves are work, too. */
const MOST_PAGES = 4096;

/**
 * Page numbers of the leaves, each once. A page that cannot be read counts as a leaf, unless it stands above others:
 * then the leaves it led to are searched for.
 */
function* leaves(nodes: NodeCache, root: number, log: ProblemLog, strays: StrayLeaves | null): Generator<number> {
  const met = new PageSet();
  const substitutes = new Substitutes(strays, log, met);
  const stack: Step[] = [];
  let page: number | null = root;
  let leafDepth: number | null = null;
  for (;;) {
    if (page !== null) {
      const node = nodes.read(page, 'table');
      if (!met.add(page)) {
        const reason = `page ${page} is reached twice`;
        log.add({ code: 'PAGE_LOOP', class: 'lost', reason, rowsLost: null, after: boundsOf(stack).after }, page);
      } else if (!isFault(node) && !node.leaf && stack.length < MOST_DEPTH) {
        stack.push({ node, next: 0 });
      } else if (isFault(node) && stack.length !== leafDepth) {
        const pages = substitutes.inPlaceOf(page, node.fault, stack);
        yield* pages.length > 0 ? pages : [page];
      } else {
        if (!isFault(node)) leafDepth ??= stack.length;
        yield page;
      }
    }
    const step = stack[stack.length - 1];
    if (step === undefined) return;
    if (step.next > step.node.cellCount) {
      stack.pop();
      page = null;
      continue;
    }
    if (step.next === 0) reportInterior(step.node, log);
    page = childOf(step.node, step.next++);
  }
}
