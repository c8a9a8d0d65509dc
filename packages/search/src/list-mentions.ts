import { CustodyError } from '@custody/bytes';
import type { Vault } from '@custody/vault';
import { BlockCache } from './block-cache.ts';
import { allBlocks } from './choose-blocks.ts';
import { type CoverUnit, coverTiles, type QueriedTile } from './cover-tiles.ts';
import { indexMissing } from './errors.ts';
import type { IndexMention } from './index-query.ts';
import { MentionReader } from './match-mentions.ts';
import type { QueryOptions } from './query-tiles.ts';
import { readAhead } from './read-ahead.ts';
import { ownerOf } from './tile-cache.ts';
import { readKeyObject } from './tile-key.ts';
import { mergedKeyName, segmentsOf, TILE_LEAVES, tileKeyName } from './tile-names.ts';
import { BLOCKS_AT_ONCE } from './tile-query.ts';
import { mergedSource, segmentSource, type TileSource } from './tile-source.ts';

export interface ListedMention {
  readonly leafIndex: number;
  readonly mention: IndexMention;
}

/**
 * Every mention of the segments given, tile by tile and within a tile by type, value and place: what an export reads.
 * `isWanted` is asked for each leaf before its mention is made. Throws UsageError INDEX_MISSING where a segment is in no
 * tile, else as queryTiles.
 */
export async function* listMentions(
  vault: Vault,
  tiles: readonly QueriedTile[],
  identities: readonly string[],
  options: QueryOptions & { readonly isWanted?: (leafIndex: number) => boolean } = {},
): AsyncGenerator<ListedMention, void, undefined> {
  const { isWanted = () => true } = options;
  const units = await coverTiles(vault, tiles, options.generations ?? new Map());
  const missing =
    ({ segments }: CoverUnit) =>
    (error: unknown) => {
      if (!(error instanceof CustodyError && error.code === 'OBJECT_MISSING')) throw error;
      throw indexMissing(
        segments.map(({ label }) => label),
        tiles.length,
      );
    };
  const open = (unit: CoverUnit) => openUnit(vault, unit, identities).catch(missing(unit));
  for await (const [unit, source] of readAhead(units, UNITS_AT_ONCE, open)) {
    try {
      yield* mentionsOf(source, firstOf(unit), isWanted);
    } catch (error) {
      missing(unit)(error);
    }
  }
}

/** Tiles opened while an earlier one is read: of those of one segment the mentions are fetched, some 40 KB. */
const UNITS_AT_ONCE = 4;

async function openUnit(vault: Vault, unit: CoverUnit, identities: readonly string[]): Promise<TileSource> {
  const source = await sourceOf(vault, unit, identities);
  await source.part('mentions');
  return source;
}

async function* mentionsOf(
  source: TileSource,
  first: (segment: number) => number,
  isWanted: (leafIndex: number) => boolean,
): AsyncGenerator<ListedMention, void, undefined> {
  const part = await source.part('mentions');
  for await (const [, reader] of readAhead(allBlocks(part), BLOCKS_AT_ONCE, (block) => part.block(block))) {
    const mentions = new MentionReader(reader, source.leaves);
    for (let row = 0; row < reader.rows; row++) {
      const place = mentions.position(row);
      const base = first(Math.floor(place / TILE_LEAVES));
      const leafIndex = base + (place % TILE_LEAVES);
      if (base >= 0 && isWanted(leafIndex)) yield { leafIndex, mention: mentions.mention(row) };
    }
  }
}

function firstOf({ tile, segments }: CoverUnit): (segment: number) => number {
  if (tile === null) return () => (segments[0] as QueriedTile).first;
  const base = tile.number * segmentsOf(tile.level);
  const firsts = new Map(segments.map(({ ordinal, first }) => [(ordinal as number) - base, first]));
  return (segment) => firsts.get(segment) ?? -1;
}

async function sourceOf(
  vault: Vault,
  { tile, segments }: CoverUnit,
  identities: readonly string[],
): Promise<TileSource> {
  const { label } = segments[0] as QueriedTile;
  const identity = await readKeyObject(vault, tile === null ? tileKeyName(label) : mergedKeyName(tile), identities);
  if (identity === null)
    throw indexMissing(
      segments.map((segment) => segment.label),
      segments.length,
    );
  if (tile === null) return segmentSource(vault, label, identity);
  // A cache of its own: what is read once must not push out what lookups keep.
  return mergedSource(vault, tile, { identity, cache: new BlockCache(0), owner: ownerOf(identities) });
}
