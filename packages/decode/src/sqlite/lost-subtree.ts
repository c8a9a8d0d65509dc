import type { BtreeNode } from './node.ts';
import { rowidOf } from './node-keys.ts';
import type { PageSet } from './page-set.ts';
import type { ProblemLog } from './problem.ts';
import type { StrayLeaves } from './stray-leaves.ts';
import type { Rowid } from './varint.ts';

/** One page on the way down a table tree; `next - 1` is the child that the way takes. */
export interface Step {
  readonly node: BtreeNode;
  next: number;
}

/** Between which rowids the end of a way lies. */
export interface Bounds {
  /** Exclusive. */
  readonly after: Rowid | null;
  /** Inclusive. */
  readonly upTo: Rowid | null;
}

/** What the keys along the way say of the rowids below it. */
export function boundsOf(way: readonly Step[]): Bounds {
  let after: Rowid | null = null;
  let upTo: Rowid | null = null;
  for (const { node, next } of way) {
    const child = next - 1;
    if (child > 0) after = rowidOf(node, child - 1) ?? after;
    if (child < node.cellCount) upTo = rowidOf(node, child) ?? upTo;
  }
  return { after, upTo };
}

/** Lost pages of one walk that leaves are searched for: a file that has more of them has other faults. */
const MOST_SEARCHES = 256;

/** Finds what can be read in the place of lost pages, during one walk of a tree. No leaf is given twice. */
export class Substitutes {
  readonly #strays: StrayLeaves | null;
  readonly #log: ProblemLog;
  readonly #met: PageSet;
  #searches = 0;

  /** `met` holds the pages that the walk visited. */
  constructor(strays: StrayLeaves | null, log: ProblemLog, met: PageSet) {
    this.#strays = strays;
    this.#log = log;
    this.#met = met;
  }

  /** The stray leaves that fit in the place of a page, reported as a doubt; none, and no report, where none fit. */
  inPlaceOf(page: number, fault: string, way: readonly Step[]): readonly number[] {
    if (this.#strays === null || this.#searches++ >= MOST_SEARCHES) return [];
    const { after, upTo } = boundsOf(way);
    const pages = this.#strays.within(after, upTo).filter((stray) => this.#met.add(stray));
    if (pages.length === 0) return pages;
    const reason = `${fault}; ${pages.length} leaves that nothing else leads to fit in its place and are read`;
    const before = typeof upTo === 'number' ? upTo + 1 : null;
    this.#log.add({ code: 'PAGE_UNREADABLE', class: 'doubt', reason, rowsLost: null, after, before }, page);
    return pages;
  }
}
