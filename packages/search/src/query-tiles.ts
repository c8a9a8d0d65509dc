import { CustodyError, IntegrityError } from '@custody/bytes';
import type { AgeIdentity, Vault } from '@custody/vault';
import { BlockCache } from './block-cache.ts';
import { forgetCover, knownCover } from './cover-cache.ts';
import { type CoverUnit, coverTiles, type QueriedTile } from './cover-tiles.ts';
import { indexMissing, queryInvalid } from './errors.ts';
import type { IndexHit, IndexQuery } from './index-query.ts';
import { matchTile } from './match-tile.ts';
import { isKnownType, planQuery, type QueryPlan } from './query-plan.ts';
import { ownerOf, TileKeys } from './tile-cache.ts';
import { readKeyObject } from './tile-key.ts';
import { mergedKeyName, mergedPrefix, segmentsOf, tileKeyName, tilePrefix } from './tile-names.ts';
import { mergedSource, segmentSource, type TileSource } from './tile-source.ts';

/** Tiles in the air at a time: enough to hide the store's latency, few enough to bound memory. */
const AT_ONCE = 16;
/** At first, and twice as many after each: a page of answers mostly comes from the first of them. */
const FIRST_AT_ONCE = 4;
/** Segments that these cover: what is listed of a tile grows with it. One tile may have more. */
const SEGMENTS_AT_ONCE = 8192;
/** Others may take tiles away while we read, because a wider one stands; it is looked for again so many times. */
const LOOKS = 3;

export interface QueryOptions {
  /** Generations of the segments that were rewritten, by ordinal: the tiles over them from before have other names. */
  readonly generations?: ReadonlyMap<number, number>;
}

interface Search {
  readonly vault: Vault;
  readonly plan: QueryPlan;
  readonly identities: readonly string[];
  readonly owner: string;
  readonly keys: TileKeys;
  readonly generations: ReadonlyMap<number, number>;
  readonly missing: string[];
  typeSeen: boolean;
}

type Hits = AsyncGenerator<readonly IndexHit[], void, undefined>;

interface Running {
  readonly unit: CoverUnit;
  readonly hits: Hits;
  /** Its first hits are looked for while those before it are still handed on. */
  readonly first: Promise<IteratorResult<readonly IndexHit[], void>>;
}

/**
 * Answers a query from the segments given, in their order (for segments with an ordinal: that of the log) and by
 * position within each. The widest tiles that exist are asked: merged ones by ranges, others as a whole. What is found
 * does not depend on which exist. Memory is bounded by a few tiles and a cache.
 *
 * `identities` open the compartment that tiles are sealed to. Segments in no tile are no silent gap: once all others
 * were searched, UsageError INDEX_MISSING says how many there are (`detail: {missing, labels}`). Throws UsageError
 * INDEX_QUERY_INVALID, SEALED_TO_OTHERS; IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED, INDEX_PART_MALFORMED.
 */
export async function* queryTiles(
  vault: Vault,
  tiles: readonly QueriedTile[],
  query: IndexQuery,
  identities: readonly string[],
  options: QueryOptions = {},
): AsyncGenerator<IndexHit, void, undefined> {
  const search: Search = {
    vault,
    plan: planQuery(query),
    identities,
    owner: ownerOf(identities),
    keys: TileKeys.of(vault),
    generations: options.generations ?? new Map(),
    missing: [],
    typeSeen: query.type === undefined || isKnownType(query.type),
  };
  yield* inOrder(search, await knownCover(vault, tiles, search.generations));
  if (search.missing.length > 0) throw indexMissing(search.missing, tiles.length);
  if (!search.typeSeen) {
    throw queryInvalid(`No type or class is called ${JSON.stringify(query.type)}, and no party bears it.`);
  }
}

async function* inOrder(search: Search, units: readonly CoverUnit[]): AsyncGenerator<IndexHit, void, undefined> {
  const running: Running[] = [];
  let [next, segments, atOnce] = [0, 0, FIRST_AT_ONCE];
  const widthOf = (unit: CoverUnit | undefined) => segmentsOf(unit?.tile?.level ?? 0);
  for (const unit of units) {
    while (
      next < units.length &&
      (running.length === 0 || (running.length < atOnce && segments + widthOf(units[next]) <= SEGMENTS_AT_ONCE))
    ) {
      segments += widthOf(units[next]);
      running.push(begin(search, units[next++] as CoverUnit));
    }
    const { hits, first } = running.shift() as Running;
    const begun = await first;
    if (!begun.done) {
      yield* begun.value;
      for await (const more of hits) yield* more;
    }
    segments -= widthOf(unit);
    atOnce = Math.min(AT_ONCE, atOnce * 2);
  }
}

function begin(search: Search, unit: CoverUnit): Running {
  const hits = searchUnit(search, unit);
  const first = hits.next();
  // A failure is met when its turn comes; the caller may have stopped listening by then.
  first.catch(() => undefined);
  return { unit, hits, first };
}

/** Hits of what a unit covers. Where it is no longer there, its segments are looked for in other tiles. */
async function* searchUnit(search: Search, unit: CoverUnit): Hits {
  let last = -1;
  const waiting = [{ unit, look: 1 }];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const { unit: one, look } = at;
    try {
      for await (const hits of searchTile(search, one)) {
        // Hits come in the order of the log: what was handed on before the tile went is not handed on again.
        const fresh = last < 0 ? hits : hits.filter(({ leafIndex }) => leafIndex > last);
        last = fresh.at(-1)?.leafIndex ?? last;
        if (fresh.length > 0) yield fresh;
      }
    } catch (error) {
      if (!isGone(error)) throw error;
      forgetCover(search.vault);
      if (look === LOOKS) search.missing.push(...one.segments.map(({ label }) => label));
      else {
        const others = await coverTiles(search.vault, one.segments, search.generations, { thorough: true });
        waiting.unshift(...others.map((other) => ({ unit: other, look: look + 1 })));
      }
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof CustodyError && error.code === 'OBJECT_MISSING';
}

async function* searchTile(search: Search, unit: CoverUnit): Hits {
  const { tile, segments } = unit;
  const name = tile === null ? tileKeyName((segments[0] as QueriedTile).label) : mergedKeyName(tile);
  const known = search.keys.get(search.owner, name);
  if (known !== undefined) {
    let begun = false;
    try {
      for await (const hits of matchWith(search, unit, known)) {
        begun = true;
        yield hits;
      }
      return;
    } catch (error) {
      // The tile may have been deleted and built anew, with another key: then the stored key decides.
      if (!(error instanceof CustodyError) || begun) throw error;
      search.keys.forget(search.owner, name);
      const prefix = tile === null ? tilePrefix((segments[0] as QueriedTile).label) : mergedPrefix(tile);
      BlockCache.of(search.vault).forget(`${search.owner}\n${prefix}`);
    }
  }
  const key = await readKeyObject(search.vault, name, search.identities);
  if (key === null) throw new IntegrityError('OBJECT_MISSING', `There is no object ${name}.`);
  search.keys.keep(search.owner, name, key);
  yield* matchWith(search, unit, key);
}

function matchWith(search: Search, { tile, segments }: CoverUnit, identity: AgeIdentity): Hits {
  const { vault, plan, owner } = search;
  const onType = (): void => {
    search.typeSeen = true;
  };
  const [only] = segments as readonly [QueriedTile];
  const cache = BlockCache.of(vault);
  if (tile === null) {
    // On a disk they are fetched soon enough; and most are merged before long.
    const kept = vault.localPath === undefined ? { cache, owner } : null;
    const source = segmentSource(vault, only.label, identity, kept);
    return matchTile({ source, plan, firstOf: () => only.first, onType });
  }
  const source: TileSource = mergedSource(vault, tile, { identity, cache, owner });
  const base = tile.number * segmentsOf(tile.level);
  const firsts = new Map(segments.map(({ ordinal, first }) => [(ordinal as number) - base, first]));
  return matchTile({ source, plan, firstOf: (segment) => firsts.get(segment) ?? -1, onType });
}
