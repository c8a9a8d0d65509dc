import type { Vault } from '@custody/vault';
import { hasMergedTile, isMergedTileWhole } from './merged/merge-tile.ts';
import { generationOver, type MergedTile, segmentsOf, TOP_LEVEL } from './tile-names.ts';

/** A segment in log order: its tile's label and the LeafIndex of its first leaf. */
export interface QueriedTile {
  readonly label: string;
  readonly first: number;
  /** Its number among the log's segments. Without it only its own tile is looked at. */
  readonly ordinal?: number;
}

/** What is asked in place of some segments: a merged tile that covers them, or (null) the one segment's own tile. */
export interface CoverUnit {
  readonly tile: MergedTile | null;
  /** Those of the segments asked about that it covers. */
  readonly segments: readonly QueriedTile[];
}

/** Looks at tiles of several levels that are made at once. */
const LOOKS_TOGETHER = 8;

/** Looks under way at once. */
const LOOKS_AT_ONCE = 32;

/**
 * The widest tiles that exist for these segments, in their order, which is that of their ordinals. Wider ones are
 * looked for first, so that a large log costs few looks. `generations`: of the segments that were rewritten, by ordinal.
 * `thorough`: every object of a tile is looked for, not only the one that is made last.
 */
export async function coverTiles(
  vault: Vault,
  segments: readonly QueriedTile[],
  generations: ReadonlyMap<number, number>,
  { thorough = false }: { readonly thorough?: boolean } = {},
): Promise<CoverUnit[]> {
  const isThere = thorough ? isMergedTileWhole : hasMergedTile;
  let units: CoverUnit[] = [];
  let rest: readonly QueriedTile[] = segments.filter(({ ordinal }) => ordinal !== undefined);
  for (let level = TOP_LEVEL; level >= 1 && rest.length > 0; ) {
    // Few looks are made of several levels at once: each level by itself is a way there and back.
    const groups = groupsOf(rest, level--, generations);
    let narrower = level >= 1 ? groupsOf(rest, level, generations) : [];
    while (level >= 1 && groups.length + narrower.length <= LOOKS_TOGETHER) {
      groups.push(...narrower);
      narrower = --level >= 1 ? groupsOf(rest, level, generations) : [];
    }
    const there = await existing(groups, (tile) => isThere(vault, tile));
    const found = groups.filter((_, i) => there[i]);
    const taken = new Set<QueriedTile>();
    for (const unit of found) {
      if (taken.has(unit.segments[0] as QueriedTile)) continue;
      units.push(unit);
      for (const segment of unit.segments) taken.add(segment);
    }
    rest = rest.filter((segment) => !taken.has(segment));
  }
  const covered = new Set(units.flatMap((unit) => unit.segments));
  const alone = segments.filter((segment) => !covered.has(segment));
  units = [...units, ...alone.map((segment) => ({ tile: null, segments: [segment] }))];
  const places = new Map(segments.map((segment, place) => [segment, place]));
  const placeOf = (unit: CoverUnit) => places.get(unit.segments[0] as QueriedTile) as number;
  return units.sort((a, b) => placeOf(a) - placeOf(b));
}

function groupsOf(
  segments: readonly QueriedTile[],
  level: number,
  generations: ReadonlyMap<number, number>,
): { tile: MergedTile; segments: QueriedTile[] }[] {
  const groups = new Map<number, { tile: MergedTile; segments: QueriedTile[] }>();
  for (const segment of segments) {
    const number = Math.floor((segment.ordinal as number) / segmentsOf(level));
    const group = groups.get(number);
    if (group !== undefined) group.segments.push(segment);
    else {
      const tile = { level, number, generation: generationOver(level, number, generations) };
      groups.set(number, { tile, segments: [segment] });
    }
  }
  return [...groups.values()];
}

async function existing(
  groups: readonly { tile: MergedTile }[],
  isThere: (tile: MergedTile) => Promise<boolean>,
): Promise<boolean[]> {
  const there: boolean[] = [];
  for (let from = 0; from < groups.length; from += LOOKS_AT_ONCE) {
    const looks = groups.slice(from, from + LOOKS_AT_ONCE).map(({ tile }) => isThere(tile));
    there.push(...(await Promise.all(looks)));
  }
  return there;
}
