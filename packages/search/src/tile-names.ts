/** Everything derived by one version of extractor and layout stands under one prefix, so that versions live side by side. */
export const INDEX_PREFIX = 'index/v1/';

/** The parts of a tile, in the order they are written. */
export const tileParts = ['mentions', 'words', 'items'] as const;
export type TilePart = (typeof tileParts)[number];

/** Most leaves of a segment, so of a level-0 tile (packages/chain/SPEC.md). */
export const TILE_LEAVES = 4096;

/** Level 0 covers one segment, named by its identity and not by its place in the log: it is built before the commit. */
export function partName(label: string, part: TilePart): string {
  return `${INDEX_PREFIX}0/${label}.${part}`;
}

export function tileKeyName(label: string): string {
  return `${INDEX_PREFIX}keys/${label}`;
}

/** Names of a tile's parts: with its key, everything that is stored of it. */
export function tileObjectNames(label: string): string[] {
  return tileParts.map((part) => partName(label, part));
}
