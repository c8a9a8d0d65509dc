import { allBlocks, mentionBlocks, wordBlocks } from './choose-blocks.ts';
import type { IndexHit } from './index-query.ts';
import { hitsAt, type MatchedMentions } from './item-hits.ts';
import { MentionReader, matchMentions } from './match-mentions.ts';
import { type PlaceRange, wordPlaces } from './match-words.ts';
import { hasPlace, inBoth, PositionList } from './position-list.ts';
import type { MentionTest, QueryPlan } from './query-plan.ts';
import { readAhead } from './read-ahead.ts';
import { TILE_LEAVES } from './tile-names.ts';
import { BLOCKS_AT_ONCE, type TileQuery } from './tile-query.ts';

/** Places listed at once for one criterion: 16 MB. Where there are more, the tile is gone through in halves. */
const MOST_PLACES = 2 ** 22;
/** Hits whose mentions are held at once. */
const MOST_HITS = 2 ** 18;
/** The hits of one tile, by place. Only the parts and blocks that the query needs are read. */
export async function* matchTile(query: TileQuery): AsyncGenerator<readonly IndexHit[], void, undefined> {
  const wanted = query.plan.mention?.type ?? null;
  if (wanted !== null && (await query.source.part('mentions')).types.includes(wanted)) query.onType();
  yield* matchRange(query, { from: 0, to: query.source.leaves, leaves: query.source.leaves });
}

async function* matchRange(query: TileQuery, range: PlaceRange): AsyncGenerator<readonly IndexHit[], void, undefined> {
  const { mention, party, words } = query.plan;
  if (mention === null && party === null && words === null) {
    yield* hitsAt(query, range, null);
    return;
  }
  const places = await placesIn(query, range);
  if ((places === 'many' || places.length > MOST_HITS) && range.to - range.from > TILE_LEAVES) {
    const middle = range.from + Math.ceil((range.to - range.from) / TILE_LEAVES / 2) * TILE_LEAVES;
    yield* matchRange(query, { ...range, to: middle });
    yield* matchRange(query, { ...range, from: middle });
    return;
  }
  // One segment never has too many: every list is bounded by its 4,096 leaves.
  const found = places === 'many' ? new Int32Array(0) : places.filter((place) => isAsked(query, place));
  if (found.length === 0) return;
  yield* hitsAt(query, range, { places: found, mentions: await mentionsAt(query, found) });
}

function isAsked({ firstOf }: TileQuery, place: number): boolean {
  return firstOf(Math.floor(place / TILE_LEAVES)) >= 0;
}

/** Places in range that meet all criteria but the times; 'many' where a list grows too long. */
async function placesIn(query: TileQuery, range: PlaceRange): Promise<Int32Array | 'many'> {
  const { mention, party, words } = query.plan;
  let found: Int32Array | null = null;
  const narrow = (places: Int32Array): number => {
    found = found === null ? places : inBoth(found, places);
    return found.length;
  };
  for (const test of [mention, party]) {
    if (test === null) continue;
    const places = await testPlaces(query, range, test);
    if (places === 'many') return 'many';
    if (narrow(places) === 0) return new Int32Array(0);
  }
  if (words !== null) {
    const places = await textPlaces(query, range, words);
    if (places === 'many') return 'many';
    narrow(places);
  }
  return found ?? new Int32Array(0);
}

async function testPlaces(query: TileQuery, range: PlaceRange, test: MentionTest): Promise<Int32Array | 'many'> {
  const part = await query.source.part('mentions');
  const list = new PositionList();
  for await (const [, reader] of readAhead(mentionBlocks(part, test), BLOCKS_AT_ONCE, (b) => part.block(b))) {
    const rows = matchMentions(reader, test);
    if (rows.length === 0) continue;
    const mentions = new MentionReader(reader, range.leaves);
    for (const row of rows) {
      const place = mentions.position(row);
      if (place >= range.from && place < range.to) list.push(place);
    }
    if (list.length > MOST_PLACES && range.to - range.from > TILE_LEAVES) return 'many';
  }
  return list.sorted();
}

/** Places that hold all words of one of the alternatives. */
async function textPlaces(
  query: TileQuery,
  range: PlaceRange,
  alternatives: NonNullable<QueryPlan['words']>,
): Promise<Int32Array | 'many'> {
  const part = await query.source.part('words');
  const any = new PositionList();
  for (const words of alternatives) {
    let all: Int32Array | null = null;
    for (const word of words) {
      const list = new PositionList();
      for await (const [, reader] of readAhead(wordBlocks(part, word), BLOCKS_AT_ONCE, (b) => part.block(b))) {
        wordPlaces(reader, word, range, list);
        if (list.length > MOST_PLACES && range.to - range.from > TILE_LEAVES) return 'many';
      }
      const places = list.sorted();
      all = all === null ? places : inBoth(all, places);
      if (all.length === 0) break;
    }
    for (const place of all ?? []) any.push(place);
  }
  return any.sorted();
}

/** The mentions that matched, of the places that are hits. */
async function mentionsAt(query: TileQuery, places: Int32Array): Promise<MatchedMentions> {
  const matched: MatchedMentions = new Map();
  const tests = [query.plan.mention, query.plan.party].filter((test) => test !== null);
  if (tests.length === 0) return matched;
  const part = await query.source.part('mentions');
  const chosen = new Set(tests.flatMap((test) => mentionBlocks(part, test)));
  const blocks = part.index === null ? allBlocks(part) : [...chosen].sort((a, b) => a - b);
  for await (const [, reader] of readAhead(blocks, BLOCKS_AT_ONCE, (b) => part.block(b))) {
    const rows = new Set(tests.flatMap((test) => matchMentions(reader, test)));
    const mentions = new MentionReader(reader, query.source.leaves);
    for (const row of [...rows].sort((a, b) => a - b)) {
      const place = mentions.position(row);
      if (!hasPlace(places, place)) continue;
      const known = matched.get(place);
      if (known === undefined) matched.set(place, [mentions.mention(row)]);
      else known.push(mentions.mention(row));
    }
  }
  return matched;
}
