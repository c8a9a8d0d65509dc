import { childOf, MOST_DEPTH, reportInterior, rowidOf } from './cell-walk.ts';
import type { NodeCache } from './node-cache.ts';
import { PageSet } from './page-set.ts';
import { isFault } from './page-source.ts';
import type { ProblemLog } from './problem.ts';
import type { Rowid } from './varint.ts';

/** A stretch of neighbouring leaves of a table, in key order. Survives structured cloning; scan it with `scan`. */
export interface LeafRun {
  readonly pages: Uint32Array;
  /** Cells that the leaves say they hold; a leaf that cannot be read counts none. */
  readonly rows: number;
  /** Smallest rowid of the first leaf; null where it cannot be read. */
  readonly firstRowid: Rowid | null;
}

/**
 * Divides a table tree into runs of whole leaves with at least `rows` rows each (the last may have fewer): a function
 * of the file only. What keeps leaves from being reached goes to the log; damage of a leaf itself is left to the scan.
 */
export function* leafRuns(nodes: NodeCache, root: number, rows: number, log: ProblemLog): Generator<LeafRun> {
  let pages: number[] = [];
  let count = 0;
  let firstRowid: Rowid | null = null;
  for (const page of leaves(nodes, root, log)) {
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

/** Page numbers of the leaves, each once. A page that can be read and is no interior page counts as a leaf. */
function* leaves(nodes: NodeCache, root: number, log: ProblemLog): Generator<number> {
  const met = new PageSet();
  const stack: { readonly page: number; next: number }[] = [];
  let page: number | null = root;
  for (;;) {
    if (page !== null) {
      if (!met.add(page)) {
        const reason = `page ${page} is reached twice`;
        log.add({ code: 'PAGE_LOOP', class: 'lost', reason, rowsLost: null }, page);
      } else if (isInterior(nodes, page) && stack.length < MOST_DEPTH) {
        stack.push({ page, next: 0 });
      } else yield page;
    }
    const step = stack[stack.length - 1];
    if (step === undefined) return;
    const node = nodes.read(step.page, 'table');
    if (isFault(node) || step.next > node.cellCount) {
      stack.pop();
      page = null;
      continue;
    }
    if (step.next === 0) reportInterior(node, log);
    page = childOf(node, step.next++);
  }
}

function isInterior(nodes: NodeCache, page: number): boolean {
  const node = nodes.read(page, 'table');
  return !isFault(node) && !node.leaf;
}
