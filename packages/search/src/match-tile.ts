import { mentionBlocks, wordBlocks } from './choose-blocks.ts';
import type { IndexHit } from './index-query.ts';
import { hitsAt, type MatchedMentions, rangesInTime } from './item-hits.ts';
import { MentionReader, matchMentions } from './match-mentions.ts';
import { firstPlaceOf, type PlaceRange, wordPlaces } from './match-words.ts';
import type { PartReader } from './part-reader.ts';
import { hasPlace, inBoth, PositionList } from './position-list.ts';
import type { MentionTest, QueryPlan, WantedWord } from './query-plan.ts';
import { readAhead } from './read-ahead.ts';
import { TILE_LEAVES } from './tile-names.ts';
import { BLOCKS_AT_ONCE, type TileQuery } from './tile-query.ts';
import type { SearchPart } from './tile-source.ts';

/** Places listed at once for one criterion: 16 MB. Where there are more, the tile is gone through in halves. */
const MOST_PLACES = 2 ** 22;
/** Hits whose mentions are held at once. */
const MOST_HITS = 2 ** 18;
/** A page of answers: whoever asks for no more shall not wait for the mentions of all that follow. */
const FIRST_HITS = 1024;
const MORE_HITS = 8;
/** Stretches of a period in which words are looked for one by one. */
const MOST_RANGES = 16;
/** Leaves of a tile in which words alone are looked for first: of a common word they give more than a page of answers. */
const FIRST_LEAVES: number = 4 * TILE_LEAVES;
const MORE_LEAVES = 4;

/** The hits of one tile, by place. Only the parts and blocks that the query needs are read. */
export async function* matchTile(query: TileQuery): AsyncGenerator<readonly IndexHit[], void, undefined> {
  const { mention, party, words } = query.plan;
  const wanted = mention?.type ?? null;
  if (wanted !== null && (await query.source.part('mentions')).types.includes(wanted)) query.onType();
  const ranges = await rangesInTime(query);
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined) return;
  const hull = { ...first, to: last.to };
  if (mention === null && party === null && words === null) yield* hitsAt(query, hull, null);
  else if (mention !== null || party !== null) yield* matchRange(query, hull);
  else for (const range of ranges.length > MOST_RANGES ? [hull] : ranges) yield* matchWords(query, range);
}

/** Postings are read as far as the caller goes on asking; of a lone character, which stands in many pairs, once more. */
async function* matchWords(query: TileQuery, range: PlaceRange): AsyncGenerator<readonly IndexHit[], void, undefined> {
  const more = query.plan.words?.flat().some(({ inPairs }) => inPairs) ? MOST_PLACES : MORE_LEAVES;
  let leaves = FIRST_LEAVES;
  for (let { from } = range; from < range.to; from += leaves, leaves = Math.min(leaves * more, MOST_PLACES)) {
    yield* matchRange(query, { ...range, from, to: Math.min(from + leaves, range.to) });
  }
}

async function* matchRange(query: TileQuery, range: PlaceRange): AsyncGenerator<readonly IndexHit[], void, undefined> {
  const spans: BlockSpans = new Map();
  const places = await placesIn(query, range, spans);
  if (places === 'many') {
    const middle = range.from + Math.ceil((range.to - range.from) / TILE_LEAVES / 2) * TILE_LEAVES;
    yield* matchRange(query, { ...range, to: middle });
    yield* matchRange(query, { ...range, from: middle });
    return;
  }
  const found = places.filter((place) => isAsked(query, place));
  let most = FIRST_HITS;
  for (let from = 0; from < found.length; from += most, most = Math.min(most * MORE_HITS, MOST_HITS)) {
    const some = found.subarray(from, from + most);
    yield* hitsAt(query, range, { places: some, mentions: await mentionsAt(query, some, spans) });
  }
}

function isAsked({ firstOf }: TileQuery, place: number): boolean {
  return firstOf(Math.floor(place / TILE_LEAVES)) >= 0;
}

/** Places in range that meet all criteria but the times; 'many' where a list grows too long. */
async function placesIn(query: TileQuery, range: PlaceRange, spans: BlockSpans): Promise<Int32Array | 'many'> {
  const { mention, party, words } = query.plan;
  let found: Int32Array | null = null;
  const narrow = (places: Int32Array): number => {
    found = found === null ? places : inBoth(found, places);
    return found.length;
  };
  for (const test of [mention, party]) {
    if (test === null) continue;
    const places = await testPlaces(query, range, { test, spans });
    if (places === 'many') return 'many';
    if (narrow(places) === 0) return new Int32Array(0);
  }
  if (words !== null) {
    const places = await textPlaces(query, within(range, found), words);
    if (places === 'many') return 'many';
    narrow(places);
  }
  return found ?? new Int32Array(0);
}

/** No wider than what other criteria left. */
function within(range: PlaceRange, found: Int32Array | null): PlaceRange {
  if (found === null) return range;
  return { ...range, from: found[0] as number, to: (found.at(-1) as number) + 1 };
}

/** Least and greatest of the places that each block of mentions gave: the rows of one value lie in order of place. */
type BlockSpans = Map<number, { least: number; most: number }>;

async function testPlaces(
  query: TileQuery,
  range: PlaceRange,
  { test, spans }: { readonly test: MentionTest; readonly spans: BlockSpans },
): Promise<Int32Array | 'many'> {
  const part = await query.source.part('mentions');
  const list = new PositionList();
  for await (const [block, reader] of readAhead(mentionBlocks(part, test), BLOCKS_AT_ONCE, (b) => part.block(b))) {
    const rows = matchMentions(reader, test);
    if (rows.length === 0) continue;
    const mentions = new MentionReader(reader, range.leaves);
    const span = spans.get(block) ?? { least: Number.POSITIVE_INFINITY, most: -1 };
    spans.set(block, span);
    for (const row of rows) {
      const place = mentions.position(row);
      if (place < range.from || place >= range.to) continue;
      list.push(place);
      if (place < span.least) span.least = place;
      if (place > span.most) span.most = place;
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
      const blocks = await blocksFrom(part, wordBlocks(part, word), { word, place: range.from });
      for await (const [, reader] of readAhead(blocks, BLOCKS_AT_ONCE, (b) => part.block(b))) {
        if (!wordPlaces(reader, word, range, list)) break;
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

/** Without the blocks whose places of a word all lie before the one given. */
async function blocksFrom(
  part: SearchPart,
  blocks: readonly number[],
  { word, place }: { readonly word: WantedWord; readonly place: number },
): Promise<readonly number[]> {
  if (place === 0 || word.inPairs) return blocks;
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const first = firstPlaceOf(await part.block(blocks[middle] as number), word.bytes);
    if (first !== null && first <= place) low = middle;
    else high = middle - 1;
  }
  return blocks.slice(low);
}

/** The mentions that matched, of the places that are hits. */
async function mentionsAt(query: TileQuery, places: Int32Array, spans: BlockSpans): Promise<MatchedMentions> {
  const matched: MatchedMentions = new Map();
  const tests = [query.plan.mention, query.plan.party].filter((test) => test !== null);
  if (tests.length === 0 || places.length === 0) return matched;
  const [first, last] = [places[0] as number, places.at(-1) as number];
  const part = await query.source.part('mentions');
  const blocks = [...spans]
    .filter(([, { least, most }]) => least <= last && most >= first)
    .map(([block]) => block)
    .sort((a, b) => a - b);
  for await (const [, reader] of readAhead(blocks, BLOCKS_AT_ONCE, (b) => part.block(b))) {
    const mentions = new MentionReader(reader, query.source.leaves);
    for (const row of rowsOf(reader, tests)) {
      const place = mentions.position(row);
      if (!hasPlace(places, place)) continue;
      const known = matched.get(place);
      if (known === undefined) matched.set(place, [mentions.mention(row)]);
      else known.push(mentions.mention(row));
    }
  }
  return matched;
}

/** Rows of a block that any of the tests accepts, in order. */
function rowsOf(reader: PartReader, tests: readonly MentionTest[]): readonly number[] {
  const [only, ...others] = tests.map((test) => matchMentions(reader, test));
  if (only === undefined || others.length === 0) return only ?? [];
  return [...new Set([only, ...others].flat())].sort((a, b) => a - b);
}
