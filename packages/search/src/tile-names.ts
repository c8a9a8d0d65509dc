/** Everything derived by one version of extractor and layout stands under one prefix, so that versions live side by side. */
export const INDEX_PREFIX = 'index/v2/';

/** Of earlier versions, which are read no more: v1 knew no identifiers in fields. `custody index` removes them. */
export const EARLIER_PREFIXES: readonly string[] = ['index/v1/'];

/** The names that an object would have had in earlier versions. */
export function earlierNames(name: string): string[] {
  return EARLIER_PREFIXES.map((prefix) => prefix + name.slice(INDEX_PREFIX.length));
}

/** The parts of a tile, in the order they are written. */
export const tileParts = ['mentions', 'words', 'items'] as const;
export type TilePart = (typeof tileParts)[number];

/** Most leaves of a segment, so of a level-0 tile (packages/chain/SPEC.md). */
export const TILE_LEAVES = 4096;

/** Level 0 covers one segment, named by its identity and not by its place in the log: it is built before the commit. */
export function partName(label: string, part: TilePart): string {
  return `${tilePrefix(label)}${part}`;
}

/** What the names of a segment's parts begin with. */
export function tilePrefix(label: string): string {
  return `${INDEX_PREFIX}0/${label}.`;
}

export function tileKeyName(label: string): string {
  return `${INDEX_PREFIX}keys/${label}`;
}

/** Names of a tile's parts: with its key, everything that is stored of it. */
export function tileObjectNames(label: string): string[] {
  return tileParts.map((part) => partName(label, part));
}

/** Tiles of one level that make one of the next. */
export const MERGE_WIDTH = 16;

/** Widest tile: 65,536 segments, 268 million leaves. Places in it stay below 2^28, well within 32 bits. */
export const TOP_LEVEL = 4;

/**
 * A merged tile: it covers the `16^level` segments from `number × 16^level` in log order. `generation` is
 * that of the segment among them that was rewritten last (by an expungement), 0 where none was: the tiles from before
 * then have other names.
 */
export interface MergedTile {
  readonly level: number;
  readonly number: number;
  readonly generation: number;
}

/** Segments that a tile of this level covers. */
export function segmentsOf(level: number): number {
  return MERGE_WIDTH ** level;
}

function mergedLabel({ number, generation }: MergedTile): string {
  return generation === 0 ? `${number}` : `${number}-${generation}`;
}

/** What the names of a merged tile's parts begin with. */
export function mergedPrefix(tile: MergedTile): string {
  return `${INDEX_PREFIX}${tile.level}/${mergedLabel(tile)}.`;
}

export function mergedPartName(tile: MergedTile, part: TilePart): string {
  return `${mergedPrefix(tile)}${part}`;
}

export function mergedKeyName(tile: MergedTile): string {
  return `${INDEX_PREFIX}keys/level-${tile.level}/${mergedLabel(tile)}`;
}

/** Whether an index object ends with its sum instead of beginning with it: the parts of merged tiles are streamed. */
export function isMergedPart(name: string): boolean {
  return /^index\/v\d+\/[1-9]\d*\//.test(name);
}

/** The newest generation of the segments that a merged tile covers; `generations` has those that were rewritten, by ordinal. */
export function generationOver(level: number, number: number, generations: ReadonlyMap<number, number>): number {
  const width = segmentsOf(level);
  let newest = 0;
  for (const [ordinal, generation] of generations) {
    if (Math.floor(ordinal / width) === number) newest = Math.max(newest, generation);
  }
  return newest;
}

/** Names of everything that is stored of a merged tile, its key first. */
export function mergedObjectNames(tile: MergedTile): string[] {
  return [mergedKeyName(tile), ...tileParts.map((part) => mergedPartName(tile, part))];
}
