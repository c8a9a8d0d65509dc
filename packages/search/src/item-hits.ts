import { allBlocks } from './choose-blocks.ts';
import { partMalformed } from './errors.ts';
import type { IndexHit, IndexMention } from './index-query.ts';
import type { PlaceRange } from './match-words.ts';
import type { PartReader } from './part-reader.ts';
import type { QueryPlan } from './query-plan.ts';
import { readAhead } from './read-ahead.ts';
import { TILE_LEAVES } from './tile-names.ts';
import { BLOCKS_AT_ONCE, type TileQuery } from './tile-query.ts';
import type { SearchPart } from './tile-source.ts';

/** Mentions by the place of their leaf. */
export type MatchedMentions = Map<number, IndexMention[]>;

/** Hits handed on at once. */
const HITS_AT_ONCE = 1024;

interface Wanted {
  /** Rising. */
  readonly places: Int32Array;
  readonly mentions: MatchedMentions;
}

/**
 * Turns places into hits, or with null all items in range: keeps those sent in the period asked for. A block of items
 * is read only where its times decide something.
 */
export async function* hitsAt(
  query: TileQuery,
  range: PlaceRange,
  wanted: Wanted | null,
): AsyncGenerator<readonly IndexHit[], void, undefined> {
  const part = await query.source.part('items');
  const stretches = wanted === null ? everyBlock(part, query.plan, range) : blocksOf(part, query.plan, wanted.places);
  let hits: IndexHit[] = [];
  const load = async ({ block, read }: Stretch) => (read ? part.block(block) : null);
  for await (const [stretch, reader] of readAhead(stretches, BLOCKS_AT_ONCE, load)) {
    const times = reader === null ? null : timesOf(reader, query.source.leaves);
    const places = stretch.places ?? inRange(times as ItemTimes, range);
    for (const place of places) {
      const ms = times === null ? 0 : times.at(place);
      // A finding, or an item that is not in scope: such a leaf is in no list.
      if (ms === undefined) throw partMalformed('lists a leaf that its items part does not have');
      if (!inTime(ms, query.plan)) continue;
      const first = query.firstOf(Math.floor(place / TILE_LEAVES));
      if (first < 0) continue;
      const position = place % TILE_LEAVES;
      const mentions = wanted?.mentions.get(place) ?? [];
      hits.push({
        leafIndex: first + position,
        position,
        undated: Number.isNaN(ms),
        mentions,
        phraseUnchecked: query.plan.phrase,
      });
    }
    if (hits.length >= HITS_AT_ONCE) {
      yield hits;
      hits = [];
    }
  }
  if (hits.length > 0) yield hits;
}

/**
 * Where items of the period asked for can stand: one wrong clock makes a block cover years, so these may be some
 * stretches far apart. Empty where there are none.
 */
export async function rangesInTime({ source, plan }: TileQuery): Promise<PlaceRange[]> {
  const { leaves } = source;
  if (plan.from === null && plan.to === null && !plan.undatedOnly) return [{ from: 0, to: leaves, leaves }];
  const part = await source.part('items');
  const { index } = part;
  if (index === null) return [{ from: 0, to: leaves, leaves }];
  const ranges: PlaceRange[] = [];
  for (const block of allBlocks(part)) {
    if (!overlaps(part, plan, block)) continue;
    const from = index.positions[block] as number;
    const to = index.positions[block + 1] ?? leaves;
    const before = ranges.at(-1);
    if (before?.to === from) ranges[ranges.length - 1] = { ...before, to };
    else ranges.push({ from, to, leaves });
  }
  return ranges;
}

interface Stretch {
  readonly block: number;
  /** Null: all that the block has. */
  readonly places: Int32Array | null;
  /** Whether its times are needed: without them all its items are dated, and any time will do. */
  readonly read: boolean;
}

function everyBlock(part: SearchPart, plan: QueryPlan, { from, to }: PlaceRange): Stretch[] {
  const { index } = part;
  const mayMatch = (block: number): boolean => {
    if (index === null) return true;
    const next = index.positions[block + 1] ?? Number.POSITIVE_INFINITY;
    return (index.positions[block] as number) < to && next > from && overlaps(part, plan, block);
  };
  return allBlocks(part)
    .filter(mayMatch)
    .map((block) => ({ block, places: null, read: true }));
}

function blocksOf(part: SearchPart, plan: QueryPlan, places: Int32Array): Stretch[] {
  const { index } = part;
  if (index === null) return [{ block: 0, places, read: true }];
  const timed = plan.from !== null || plan.to !== null;
  const stretches: Stretch[] = [];
  for (let from = 0; from < places.length; ) {
    const block = index.blockOfPlace(places[from] as number);
    if (block < 0) throw partMalformed('lists a leaf that its items part does not have');
    const next = index.positions[block + 1] ?? Number.POSITIVE_INFINITY;
    let to = from + 1;
    while (to < places.length && (places[to] as number) < next) to++;
    const read = timed || (index.undated[block] as number) > 0;
    if (overlaps(part, plan, block)) stretches.push({ block, places: places.subarray(from, to), read });
    from = to;
  }
  return stretches;
}

/** Whether a block has items sent in the period, or undated ones where these are asked for. */
function overlaps({ index }: SearchPart, { from, to, undatedOnly }: QueryPlan, block: number): boolean {
  if (index !== null && undatedOnly) return (index.undated[block] as number) > 0;
  if (index === null || (from === null && to === null)) return true;
  if (from !== null && !((index.maxMs[block] as number) >= from)) return false;
  return to === null || (index.minMs[block] as number) < to;
}

interface ItemTimes {
  readonly places: Int32Array;
  /** Milliseconds, NaN for an undated item, undefined where there is no item. */
  at(place: number): number | undefined;
}

function timesOf(reader: PartReader, leaves: number): ItemTimes {
  const places = new Int32Array(reader.rows);
  const ms = new Float64Array(reader.rows);
  let row = 0;
  for (let page = 0; page < reader.pages; page++) {
    const values = reader.numbers('position', page);
    places.set(values, row);
    ms.set(reader.longNumbers('sentMs', page), row);
    row += values.length;
  }
  for (const place of places) {
    if (!(place >= 0 && place < leaves)) throw partMalformed('names a leaf that its segments cannot have');
  }
  return { places, at: (place) => ms[indexOf(places, place)] };
}

/** Binary search; -1 where a place is not there. */
function indexOf(places: Int32Array, place: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  return places[low] === place ? low : -1;
}

function inRange({ places }: ItemTimes, { from, to }: PlaceRange): Int32Array {
  return places.filter((place) => place >= from && place < to);
}

/** An undated item is in no period. */
function inTime(ms: number, { from, to, undatedOnly }: QueryPlan): boolean {
  if (undatedOnly) return Number.isNaN(ms);
  if (from !== null && !(ms >= from)) return false;
  return to === null || ms < to;
}
