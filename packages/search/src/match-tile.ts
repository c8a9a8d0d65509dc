import { partMalformed } from './errors.ts';
import type { IndexHit, IndexMention } from './index-query.ts';
import { MentionReader, matchMentions } from './match-mentions.ts';
import { matchWords } from './match-words.ts';
import type { Tile } from './open-tile.ts';
import { PartReader } from './part-reader.ts';
import type { MentionTest, QueryPlan } from './query-plan.ts';
import { TILE_LEAVES } from './tile-names.ts';

export interface TileFound {
  readonly hits: readonly IndexHit[];
  /** Whether the type that was asked for occurs in the tile at all. */
  readonly typeSeen: boolean;
}

/** The hits of one tile, by position. Only the parts that the query needs are read. */
export async function matchTile(tile: Tile, first: number, plan: QueryPlan): Promise<TileFound> {
  const held: Held = { marks: new Uint8Array(TILE_LEAVES), criteria: 0, mentions: new Map(), typeSeen: false };
  const tests = [plan.mention, plan.party].filter((test) => test !== null);
  if (tests.length > 0) {
    const part = new PartReader(await tile.readPart('mentions'));
    const wanted = plan.mention?.type ?? null;
    held.typeSeen = part.rows > 0 && wanted !== null && part.names('type').includes(wanted);
    markMentions(held, part, tests);
  }
  if (plan.words !== null && mayMatch(held)) {
    const part = new PartReader(await tile.readPart('words'));
    const marks = matchWords(part, plan.words);
    keepMarked(held, (position) => marks[position] === 1);
  }
  return { hits: mayMatch(held) ? await hitsOf(tile, { first, plan, held }) : [], typeSeen: held.typeSeen };
}

/** A leaf is a hit as long as its mark equals the number of criteria so far. */
interface Held {
  readonly marks: Uint8Array;
  criteria: number;
  readonly mentions: Map<number, IndexMention[]>;
  typeSeen: boolean;
}

function mayMatch(held: Held): boolean {
  return held.criteria === 0 || held.marks.includes(held.criteria);
}

function keepMarked(held: Held, holds: (position: number) => boolean): void {
  const { marks } = held;
  for (let position = 0; position < marks.length; position++) {
    if (marks[position] === held.criteria && holds(position)) marks[position] = held.criteria + 1;
  }
  held.criteria++;
}

function markMentions(held: Held, part: PartReader, tests: readonly MentionTest[]): void {
  const reader = new MentionReader(part);
  const rows = new Set<number>();
  for (const test of tests) {
    const marked = new Uint8Array(TILE_LEAVES);
    for (const row of matchMentions(part, test)) {
      rows.add(row);
      marked[reader.position(row)] = 1;
    }
    keepMarked(held, (position) => marked[position] === 1);
  }
  for (const row of [...rows].sort((a, b) => a - b)) {
    const position = reader.position(row);
    if (held.marks[position] !== held.criteria) continue;
    const mentions = held.mentions.get(position);
    if (mentions === undefined) held.mentions.set(position, [reader.mention(row)]);
    else mentions.push(reader.mention(row));
  }
}

async function hitsOf(tile: Tile, ask: { first: number; plan: QueryPlan; held: Held }): Promise<IndexHit[]> {
  const { first, plan, held } = ask;
  const items = new PartReader(await tile.readPart('items'));
  const hits: IndexHit[] = [];
  for (let page = 0; page < items.pages; page++) {
    const positions = items.numbers('position', page);
    let sent: Float64Array | null = null;
    for (let row = 0; row < positions.length; row++) {
      const position = positions[row] as number;
      if (!(position >= 0 && position < TILE_LEAVES)) throw partMalformed('names a leaf that its segment cannot have');
      if (held.marks[position] !== held.criteria) continue;
      sent ??= items.longNumbers('sentMs', page);
      const ms = sent[row] as number;
      if (!inTime(ms, plan)) continue;
      hits.push({
        leafIndex: first + position,
        position,
        sentMs: Number.isNaN(ms) ? null : ms,
        mentions: held.mentions.get(position) ?? [],
        phraseUnchecked: plan.phrase,
      });
    }
  }
  return hits;
}

/** An undated item is in no period. */
function inTime(ms: number, { from, to }: QueryPlan): boolean {
  if (from !== null && !(ms >= from)) return false;
  return to === null || ms < to;
}
