import {
  earlierNames,
  type MergedTile,
  mergedObjectNames,
  type QueriedTile,
  segmentsOf,
  TOP_LEVEL,
  tileKeyName,
  tileObjectNames,
} from '@custody/search';
import { FIRST_GENERATION, type Ledger, type LoggedSegment, segmentLabel } from '@custody/segment';
import { outdatedTileLabels, tileLabel } from './tile-label.ts';

/** Segments as the index knows them. */
export function queriedTiles(ledger: Ledger, segments: readonly LoggedSegment[]): QueriedTile[] {
  return segments.map((segment) => ({
    label: tileLabel(ledger, segment),
    first: segment.first,
    ordinal: segment.ordinal,
  }));
}

/** Generations in force of the segments that were written anew, by ordinal: merged tiles are named by them. */
export function indexGenerations(ledger: Ledger): ReadonlyMap<number, number> {
  const generations = new Map<number, number>();
  for (const { ordinal, now } of rewrittenSegments(ledger)) {
    if (now !== FIRST_GENERATION) generations.set(ordinal, now);
  }
  return generations;
}

/**
 * Names of every index object over a segment that was made from an earlier generation than the one in force, of this
 * segment or of its neighbours in a merged tile.
 */
export function outdatedTileObjects(ledger: Ledger, segment: LoggedSegment): string[] {
  const labels = outdatedTileLabels(ledger, segment);
  if (labels.length === 0) return [];
  const narrow = labels.flatMap((label) => [tileKeyName(label), ...tileObjectNames(label)]);
  const names = [...narrow, ...outdatedMerged(ledger, segment).flatMap(mergedObjectNames)];
  return [...names, ...names.flatMap(earlierNames)];
}

/** Merged tiles over a segment that was written anew, from before that. */
export function outdatedMerged(ledger: Ledger, segment: LoggedSegment): MergedTile[] {
  const all = rewrittenSegments(ledger);
  const tiles: MergedTile[] = [];
  for (let level = 1; level <= TOP_LEVEL; level++) {
    const width = segmentsOf(level);
    const number = Math.floor(segment.ordinal / width);
    // A stretch that is not full has no tile, and gets its first one by a log that knows of the rewriting.
    if ((number + 1) * width > ledger.segments.length) break;
    const under = all.filter(({ ordinal }) => Math.floor(ordinal / width) === number);
    const now = Math.max(...under.map((one) => one.now));
    const earlier = new Set(under.flatMap(({ generations }) => generations.filter((one) => one < now)));
    tiles.push(...[...earlier].map((generation) => ({ level, number, generation })));
  }
  return tiles;
}

interface RewrittenSegment {
  readonly ordinal: number;
  /** All of its `evidence` part, the first included, and the one in force. */
  readonly generations: readonly number[];
  readonly now: number;
}

function rewrittenSegments(ledger: Ledger): RewrittenSegment[] {
  const { rewrites, objects, segments } = ledger;
  if (rewrites.all.length === 0) return [];
  const labels = new Set(rewrites.all.flatMap((rewrite) => rewrite.segments.map(segmentLabel)));
  return segments
    .filter((segment) => labels.has(segmentLabel(segment)))
    .map((segment) => ({
      ordinal: segment.ordinal,
      generations: rewrites.generations(segment, 'evidence'),
      now: rewrites.current(segment, 'evidence', objects) ?? FIRST_GENERATION,
    }));
}
