export type { SearchErrorCode } from './errors.ts';
export { holdsPhrases } from './holds-text.ts';
export { verifyTile } from './index-object.ts';
export type { IndexHit, IndexMention, IndexQuery } from './index-query.ts';
export { compareTile, openTile, Tile } from './open-tile.ts';
export { type QueriedTile, queryTiles } from './query-tiles.ts';
export { storeTile } from './store-tile.ts';
export { TileBuilder, type TileInput, type TilePlain } from './tile-builder.ts';
export { INDEX_PREFIX, TILE_LEAVES, type TilePart, tileKeyName, tileObjectNames, tileParts } from './tile-names.ts';
