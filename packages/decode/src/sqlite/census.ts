import { u32 } from './big-endian-read.ts';
import { localLength } from './geometry.ts';
import { type BtreeNode, readNode, type TreeKind } from './node.ts';
import type { NodeCache } from './node-cache.ts';
import { childOf, MOST_DEPTH } from './node-keys.ts';
import type { PageSet } from './page-set.ts';
import { isFault } from './page-source.ts';
import { readVarint, varintSize } from './varint.ts';

/** How many pages one tree takes and what stands in them. */
export interface Census {
  /** b-tree pages that could be read */
  pages: number;
  /** overflow pages that its payloads need */
  overflowPages: number;
  /** table trees: cells of leaves; index trees: all cells */
  rows: number;
  /** bytes inside its pages that nothing takes: what was deleted may still stand there */
  slackBytes: number;
  /** pages of the tree that could not be read, or that another tree has claimed */
  unreadable: number;
}

/** Visits all pages of a tree once, without keeping them, and claims them. */
export function takeCensus(nodes: NodeCache, root: number, kind: TreeKind, claimed: PageSet): Census {
  const census: Census = { pages: 0, overflowPages: 0, rows: 0, slackBytes: 0, unreadable: 0 };
  const stack = [visit(nodes, root, kind, { census, claimed })];
  while (stack.length > 0) {
    const step = stack[stack.length - 1]!;
    if (step === null || step.node.leaf || step.next > step.node.cellCount || stack.length > MOST_DEPTH) {
      stack.pop();
      continue;
    }
    const child = childOf(step.node, step.next++);
    if (child === null) census.unreadable++;
    else stack.push(visit(nodes, child, kind, { census, claimed }));
  }
  return census;
}

function visit(
  nodes: NodeCache,
  page: number,
  kind: TreeKind,
  tally: { readonly census: Census; readonly claimed: PageSet },
): { readonly node: BtreeNode; next: number } | null {
  const bytes = tally.claimed.has(page) ? { fault: 'claimed' } : nodes.pages.read(page);
  const node = isFault(bytes) ? bytes : readNode(bytes, page, kind, nodes.geometry);
  if (isFault(node)) {
    tally.census.unreadable++;
    return null;
  }
  tally.claimed.add(page);
  tally.census.pages++;
  tally.census.slackBytes += node.slack;
  if (node.leaf || kind === 'index') {
    tally.census.rows += node.cellCount;
    tally.census.overflowPages += claimOverflow(nodes, node, kind, tally.claimed);
  }
  return { node, next: 0 };
}

/** Counts the overflow pages that the cells of a page need; the first of each chain is claimed, the rest not read. */
function claimOverflow(nodes: NodeCache, node: BtreeNode, kind: TreeKind, claimed: PageSet): number {
  const { geometry } = nodes;
  const mostLocal = kind === 'table' ? geometry.mostLocalInTable : geometry.mostLocalInIndex;
  let pages = 0;
  for (const cell of node.cells) {
    if (cell < 0) continue;
    let at = node.leaf ? cell : cell + 4;
    const payload = readVarint(node.bytes, at);
    if (payload <= mostLocal) continue;
    at += varintSize(node.bytes, at);
    if (kind === 'table') at += varintSize(node.bytes, at);
    const local = localLength(geometry, mostLocal, payload);
    claimed.add(u32(node.bytes, at + local));
    pages += Math.ceil((payload - local) / (geometry.usable - 4));
  }
  return pages;
}
