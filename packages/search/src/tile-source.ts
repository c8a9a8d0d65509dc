import type { AgeIdentity, Vault } from '@custody/vault';
import type { BlockCache } from './block-cache.ts';
import { MergedPart } from './merged/merged-part.ts';
import type { PartIndex } from './merged/part-index.ts';
import { Tile } from './open-tile.ts';
import { PartReader } from './part-reader.ts';
import { type MergedTile, mergedPartName, partName, segmentsOf, TILE_LEAVES, type TilePart } from './tile-names.ts';
import { type PartBlocks, wholePart } from './whole-part.ts';

/** A part as a query sees it. */
export interface SearchPart extends PartBlocks {
  /** What is known of its blocks without reading them; null for a part that is read whole. */
  readonly index: PartIndex | null;
  /** Keys that it may hold; empty where that is not known. */
  readonly filter: Uint8Array;
}

/** A tile of any level as a query sees it. */
export interface TileSource {
  /** All places are below this. */
  readonly leaves: number;
  part(part: TilePart): Promise<SearchPart>;
}

const NO_FILTER = new Uint8Array(0);

/** Where what was opened is kept for later questions; `owner` names the holder of the identities. */
export interface KeptFor {
  readonly cache: BlockCache;
  readonly owner: string;
}

/** A level-0 tile: each part is fetched and opened as a whole, once for a query, or for as long as it is kept. */
export function segmentSource(
  vault: Vault,
  label: string,
  identity: AgeIdentity,
  kept: KeptFor | null = null,
): TileSource {
  const tile = new Tile(vault, label, identity);
  const parts = new Map<TilePart, Promise<SearchPart>>();
  const load = async (part: TilePart) => new PartReader(await tile.readPart(part));
  const open = async (part: TilePart): Promise<SearchPart> => {
    const key = kept && `${kept.owner}\n${partName(label, part)}\n`;
    const reader = await (kept === null || key === null
      ? load(part)
      : kept.cache.get(
          key,
          () => load(part),
          ({ bytes }) => bytes,
        ));
    return { ...wholePart(reader, part === 'mentions'), index: null, filter: NO_FILTER };
  };
  return {
    leaves: TILE_LEAVES,
    part(part) {
      const known = parts.get(part) ?? open(part);
      parts.set(part, known);
      return known;
    },
  };
}

/** A merged tile: parts are read by ranges, through the cache. `owner` names the holder of the identities. */
export function mergedSource(
  vault: Vault,
  tile: MergedTile,
  { identity, cache, owner }: KeptFor & { readonly identity: AgeIdentity },
): TileSource {
  return {
    leaves: segmentsOf(tile.level) * TILE_LEAVES,
    async part(part) {
      const name = `${owner}\n${mergedPartName(tile, part)}\n`;
      const opened = await cache.get(
        `${name}tail`,
        () => MergedPart.open(vault, { tile, part }, identity),
        ({ bytes }) => bytes,
      );
      return {
        blocks: opened.blocks,
        types: opened.types,
        index: opened.index,
        filter: opened.filter,
        firstRow: (block) => opened.firstRow(block),
        block: (block) =>
          cache.get(
            `${name}${block}`,
            () => opened.block(block),
            (reader) => reader.bytes,
          ),
      };
    },
  };
}
