import { CustodyError, UsageError } from '@custody/bytes';
import type { Vault } from '@custody/vault';
import { queryInvalid, type SearchErrorCode } from './errors.ts';
import type { IndexHit, IndexQuery } from './index-query.ts';
import { matchTile, type TileFound } from './match-tile.ts';
import { Tile } from './open-tile.ts';
import { isKnownType, planQuery, type QueryPlan } from './query-plan.ts';
import { ownerOf, TileKeys } from './tile-cache.ts';
import { readTileKey, unlessMissing } from './tile-key.ts';

/** Tiles in the air at a time: enough to hide the store's latency, few enough to bound memory. */
const AT_ONCE = 6;
/** Labels named in an error. */
const MOST_NAMED = 20;

/** A segment in log order: its tile's label and the LeafIndex of its first leaf. */
export interface QueriedTile {
  readonly label: string;
  readonly first: number;
}

interface Search {
  readonly vault: Vault;
  readonly plan: QueryPlan;
  readonly identities: readonly string[];
  readonly owner: string;
  readonly keys: TileKeys;
}

/**
 * Answers a query from the tiles given, in their order and by position within each. Memory is bounded by a few tiles.
 *
 * `identities` open the compartment that tiles are sealed to. Tiles that were never built are no silent gap: once all
 * others were searched, UsageError INDEX_MISSING says how many there are (`detail: {missing, labels}`). Throws UsageError
 * INDEX_QUERY_INVALID, SEALED_TO_OTHERS; IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED, INDEX_PART_MALFORMED.
 */
export async function* queryTiles(
  vault: Vault,
  tiles: readonly QueriedTile[],
  query: IndexQuery,
  identities: readonly string[],
): AsyncGenerator<IndexHit, void, undefined> {
  const search = { vault, plan: planQuery(query), identities, owner: ownerOf(identities), keys: TileKeys.of(vault) };
  const missing: string[] = [];
  let typeSeen = query.type === undefined || isKnownType(query.type);
  const running: Promise<TileFound | null>[] = [];
  let next = 0;
  for (const tile of tiles) {
    while (next < tiles.length && running.length < AT_ONCE) running.push(begin(search, tiles[next++] as QueriedTile));
    const found = await (running.shift() as Promise<TileFound | null>);
    if (found === null) missing.push(tile.label);
    else yield* found.hits;
    typeSeen ||= found?.typeSeen === true;
  }
  if (missing.length > 0) throw indexMissing(missing, tiles.length);
  if (!typeSeen) throw queryInvalid(`No type or class is called ${JSON.stringify(query.type)}, and no party bears it.`);
}

function begin(search: Search, tile: QueriedTile): Promise<TileFound | null> {
  const found = searchTile(search, tile);
  // A failure is met when its turn comes; the caller may have stopped listening by then.
  found.catch(() => undefined);
  return found;
}

async function searchTile(search: Search, { label, first }: QueriedTile): Promise<TileFound | null> {
  const known = search.keys.get(search.owner, label);
  if (known !== undefined) {
    try {
      return await matchTile(new Tile(search.vault, label, known), first, search.plan);
    } catch (error) {
      // The tile may have been deleted and built anew, with another key: then the stored key decides.
      if (!(error instanceof CustodyError)) throw error;
      search.keys.forget(search.owner, label);
    }
  }
  const key = await readTileKey(search.vault, label, search.identities);
  if (key === null) return null;
  search.keys.keep(search.owner, label, key);
  return unlessMissing(matchTile(new Tile(search.vault, label, key), first, search.plan));
}

function indexMissing(labels: readonly string[], of: number): UsageError<SearchErrorCode> {
  const message = `${labels.length} of ${of} segments are not indexed, so their items were not searched. Run custody index.`;
  const detail = { missing: labels.length, labels: labels.slice(0, MOST_NAMED) };
  return new UsageError('INDEX_MISSING', message, { detail });
}
