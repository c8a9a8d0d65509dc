export { type CoverUnit, coverTiles, type QueriedTile } from './cover-tiles.ts';
export type { SearchErrorCode } from './errors.ts';
export { statedForms } from './handset-number.ts';
export { holdsPhrases } from './holds-text.ts';
export { verifyIndexObject, verifyTile } from './index-object.ts';
export type { IndexHit, IndexMention, IndexQuery } from './index-query.ts';
export { type LinkBasis, LinksBuilder, linkBases } from './links/links-builder.ts';
export { type Link, type LinkNode, LinksIndex } from './links/links-index.ts';
export { LINKS_PREFIX, linksLabelOf, linksObjectNames, openLinks, storeLinks } from './links/store-links.ts';
export { type ListedMention, listMentions } from './list-mentions.ts';
export {
  discardSources,
  hasMergedTile,
  type MergeKeys,
  type MergeOutcome,
  type MergeSource,
  mergeTile,
} from './merged/merge-tile.ts';
export { partPlaintext } from './merged/part-plaintext.ts';
export { sumMergedTile, sumTilePlain } from './merged/row-sums.ts';
export { compareTile, openTile, Tile } from './open-tile.ts';
export { type QueryOptions, queryTiles } from './query-tiles.ts';
export { readAhead } from './read-ahead.ts';
export { storeTile } from './store-tile.ts';
export { TileBuilder, type TileInput, type TilePlain } from './tile-builder.ts';
export {
  EARLIER_PREFIXES,
  earlierNames,
  generationOver,
  INDEX_PREFIX,
  MERGE_WIDTH,
  type MergedTile,
  mergedObjectNames,
  segmentsOf,
  TILE_LEAVES,
  type TilePart,
  TOP_LEVEL,
  tileKeyName,
  tileObjectNames,
  tileParts,
} from './tile-names.ts';
