import { ITEM_SLOTS, LEAF_FINDING, LEAF_ITEM } from '@custody/evidence';
import type { TileInput } from '@custody/search';
import { itemColumns, type PartContent, partFacts } from '@custody/segment';

/**
 * A segment as the index sees it, from its stored `evidence` part. Leaves of other compartments have no row here: they
 * stand as leaves that are no items, so that every position is the segment's own and the tile's plaintext is the one
 * that ingest built from the batch in memory.
 */
export function storedTileInput(content: PartContent, count: number): TileInput {
  const kinds = new Uint8Array(count).fill(LEAF_FINDING);
  const rows = new Uint32Array(count);
  content.itemPositions.forEach((position, row) => {
    kinds[position] = LEAF_ITEM;
    rows[position] = row;
  });
  return {
    batch: { items: itemColumns(content), facts: partFacts(content), kinds, rows },
    from: 0,
    to: count,
    codes: content.codes,
  };
}

/** What a segment without an `evidence` part shows: nothing. */
export function emptyTileInput(count: number): TileInput {
  return storedTileInput(NOTHING, count);
}

const NO_COLUMN = { bytes: new Uint8Array(0), ends: new Uint32Array(0), absent: new Uint8Array(0) };
const NOTHING: PartContent = {
  itemPositions: new Uint16Array(0),
  findingPositions: new Uint16Array(0),
  codes: new Uint8Array(0),
  rules: new Uint8Array(0),
  ruleNames: [],
  items: new Array(ITEM_SLOTS - 1).fill(NO_COLUMN),
  rawDigests: new Uint8Array(0),
  findings: [],
};
