import { hexEncode } from '@custody/bytes';
import { FINDING_KIND } from '@custody/chain';
import type { ExchangeFinding, ExchangeMention, ExchangeTables } from '@custody/exchange';
import { listMentions, readAhead } from '@custody/search';
import { type LoggedSegment, leavesName, readCommitted, readLeaves } from '@custody/segment';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';
import { indexGenerations, queriedTiles } from '../queried-tiles.ts';
import { derivationOf, openAhead, segmentOfLeaf, segmentsInForce } from '../selection.ts';

/**
 * What stands beside the exported items, as far as the acting person may see it: mentions as the index has them, and the
 * findings of the captures that an item came from. Read as they are written; memory holds a bit for each leaf. With null
 * both are empty.
 */
export function exportTables(opened: Case, indexes: Iterable<number> | null): ExchangeTables {
  if (indexes === null) return { mentions: nothing(), findings: nothing() };
  const chosen = new LeafSet(opened.ledger.leaves);
  const segments = new Map<number, LoggedSegment>();
  let last: LoggedSegment | null = null;
  for (const index of indexes) {
    chosen.add(index);
    if (last === null || index < last.first || index >= last.first + last.count) last = segmentOfLeaf(opened, index);
    segments.set(last.ordinal, last);
  }
  const inOrder = [...segments.values()].sort((a, b) => a.ordinal - b.ordinal);
  return { mentions: mentionsOf(opened, inOrder, chosen), findings: findingsOf(opened, inOrder) };
}

async function* nothing(): AsyncGenerator<never> {}

async function* mentionsOf(
  opened: Case,
  segments: readonly LoggedSegment[],
  chosen: LeafSet,
): AsyncGenerator<ExchangeMention> {
  const { evidence } = opened.held;
  if (evidence === undefined)
    throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence", which the index is sealed to');
  const found = listMentions(opened.vault, queriedTiles(opened.ledger, segments), evidence.all, {
    generations: indexGenerations(opened.ledger),
    isWanted: (index) => chosen.has(index),
  });
  for await (const { leafIndex, mention } of found) {
    const { class: kind, type, value, where, tier, start, end, alternative } = mention;
    yield { index: leafIndex, class: kind, type, value, where, tier, start, end, alternative };
  }
}

async function* findingsOf(opened: Case, segments: readonly LoggedSegment[]): AsyncGenerator<ExchangeFinding> {
  const captures = new Set(segments.map((segment) => derivationOf(opened, segment).capture));
  const all = segmentsInForce(opened).filter((segment) => captures.has(derivationOf(opened, segment).capture));
  for await (const [segment, read] of openAhead(opened, await withFindings(opened, all), opened.contentIdentities)) {
    const { capture } = derivationOf(opened, segment);
    // Items are the most of a segment, and are not decoded to find the others.
    for (let position = 0; position < segment.count; position++) {
      const leaf = read.leaves.kinds[position] === FINDING_KIND ? read.leaf(position) : null;
      if (leaf?.kind !== 'finding') continue;
      yield { index: leaf.index, leaf: hexEncode(leaf.link), capture, finding: leaf.finding };
    }
  }
}

/** Leaves looked through at a time: 140 KB each. */
const LEAVES_AT_ONCE = 8;

/** Those that have findings, by their leaves alone: content is by far the most of a segment, and most have none. */
async function withFindings(opened: Case, segments: readonly LoggedSegment[]): Promise<LoggedSegment[]> {
  const { vault, ledger } = opened;
  const load = async (segment: LoggedSegment) => readLeaves(await readCommitted(vault, ledger, leavesName(segment)));
  const found: LoggedSegment[] = [];
  for await (const [segment, { kinds }] of readAhead(segments, LEAVES_AT_ONCE, load)) {
    if (kinds.includes(FINDING_KIND)) found.push(segment);
  }
  return found;
}

/** A set of LeafIndexes, a bit each. */
class LeafSet {
  readonly #bits: Uint8Array;

  constructor(leaves: number) {
    this.#bits = new Uint8Array(Math.ceil(leaves / 8));
  }

  add(index: number): void {
    const at = Math.floor(index / 8);
    this.#bits[at] = (this.#bits[at] as number) | (1 << (index % 8));
  }

  has(index: number): boolean {
    return ((this.#bits[Math.floor(index / 8)] as number) & (1 << (index % 8))) !== 0;
  }
}
