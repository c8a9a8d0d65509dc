import { type Census, takeCensus } from './census.ts';
import { readFreePages } from './free-pages.ts';
import type { SqliteHeader } from './header.ts';
import { readNode } from './node.ts';
import type { NodeCache } from './node-cache.ts';
import { rowidOf } from './node-keys.ts';
import { PageSet } from './page-set.ts';
import { isFault } from './page-source.ts';
import type { Rowid } from './varint.ts';

interface Stray {
  readonly page: number;
  readonly first: Rowid;
  readonly last: Rowid;
}

/** Trees of a file, as its schema names them. */
export interface Trees {
  readonly header: SqliteHeader;
  readonly nodes: NodeCache;
  readonly roots: readonly { readonly rootPage: number; readonly kind: 'table' | 'index' }[];
}

/** More strays than this are not kept: what they hold stays lost, and is reported so. */
const MOST_STRAYS = 1 << 20;

/**
 * Table leaves that nothing leads to any more because a page above them was damaged. Whose they are can be told only
 * while one single table of the file is damaged and the freelist is whole (free pages look like leaves, too); otherwise
 * there are none. The search reads the whole file once, when first asked.
 */
export class StrayLeaves {
  readonly #trees: Trees;
  #found: readonly Stray[] | null = null;

  constructor(trees: Trees) {
    this.#trees = trees;
  }

  /** The schema is damaged: there may be tables that nobody knows of. */
  giveUp(): void {
    this.#found = [];
  }

  /** Pages of stray leaves with rowids after `after` and up to `upTo` (null: no bound), in key order. */
  within(after: Rowid | null, upTo: Rowid | null): number[] {
    this.#found ??= search(this.#trees);
    const fitting = this.#found.filter(
      (stray) => (after === null || stray.first > after) && (upTo === null || stray.last <= upTo),
    );
    // Leaves of one table never overlap: where they do, some are not this table's.
    const apart = fitting.every((stray, at) => at === 0 || fitting[at - 1]!.last < stray.first);
    return apart ? fitting.map((stray) => stray.page) : [];
  }
}

function search({ nodes, header, roots }: Trees): Stray[] {
  const claimed = new PageSet();
  let damagedTables = 0;
  for (const { rootPage, kind } of [{ rootPage: 1, kind: 'table' } as const, ...roots]) {
    const census: Census = takeCensus(nodes, rootPage, kind, claimed);
    if (kind === 'table' && census.unreadable > 0) damagedTables++;
  }
  if (readFreePages(nodes, header, claimed).fault !== null || damagedTables !== 1) return [];
  const strays: Stray[] = [];
  for (let page = 2; page <= nodes.geometry.pageCount && strays.length < MOST_STRAYS; page++) {
    const stray = claimed.has(page) ? null : readStray(nodes, page);
    if (stray !== null) strays.push(stray);
  }
  return strays.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
}

/** A page that is a table leaf beyond doubt: all cells sound, all bytes accounted for, rowids at both ends. */
function readStray(nodes: NodeCache, page: number): Stray | null {
  const bytes = nodes.pages.read(page);
  const node = isFault(bytes) ? bytes : readNode(bytes, page, 'table', nodes.geometry);
  if (isFault(node) || !node.leaf || node.damagedCells > 0 || node.disagreement !== null) return null;
  if (node.cellCount === 0) return null;
  const first = rowidOf(node, 0);
  const last = rowidOf(node, node.cellCount - 1);
  return first === null || last === null || first > last ? null : { page, first, last };
}
