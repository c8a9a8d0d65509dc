import { sha256Hex, utf8Encode } from '@custody/bytes';
import { type LinksIndex, queryTiles } from '@custody/search';
import { usage } from '../errors.ts';
import type { Case } from '../open-case.ts';
import type { Progress } from '../progress.ts';
import { indexGenerations, queriedTiles } from '../queried-tiles.ts';
import { notLogged, recordAccess } from '../record-access.ts';
import { isOpenTo, SegmentCache, segmentsInForce } from '../selection.ts';
import { canonicalIdentifier } from './canonical-identifier.ts';
import { linksOfCase } from './links-of-case.ts';
import { readWatchList, type WatchEntry } from './read-watch-list.ts';

/** Where an entry of the list was found on one basis. */
export interface WatchHits {
  readonly count: number;
  /** Item numbers, the first ones where `count` is greater. */
  readonly items: readonly number[];
}

/** One line of `custody watch --json`. */
export interface WatchLine {
  readonly line: number;
  readonly raw: string;
  readonly note: string | null;
  /** Null: the entry can be nothing we know, and was not looked for. */
  readonly type: string | null;
  readonly value: string;
  readonly hit: boolean;
  readonly metadata: WatchHits;
  readonly mentioned: WatchHits;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly logged?: false;
}

export interface WatchOptions {
  /** Entries without a hit too. */
  readonly all?: boolean;
  readonly cite?: number;
  readonly reason?: string;
  readonly progress?: Progress;
  /** How the list is called, for the record. */
  readonly name: string;
}

const CITED = 100;
const MOST_ENTRIES = 1_000_000;

/**
 * Holds the case against a list of handsets, cards, numbers and handles, each in its canonical form. The access is
 * recorded first, with the list's SHA-256. Errors as linksOfCase; UsageError ARGUMENT_INVALID for a list of nothing.
 */
export async function* watch(opened: Case, list: string, options: WatchOptions): AsyncGenerator<WatchLine> {
  const { name, all = false, cite = CITED, reason } = options;
  const entries = readWatchList(list);
  if (entries.length === 0) throw usage('ARGUMENT_INVALID', `${name} lists nothing: one IMEI, number or handle a line`);
  if (entries.length > MOST_ENTRIES) throw usage('ARGUMENT_INVALID', `${name} has more than ${MOST_ENTRIES} entries`);
  const parameters = { list: name, sha256: sha256Hex(utf8Encode(list)), entries: entries.length };
  const logged = await recordAccess(opened, 'watch', { parameters, ...(reason !== undefined && { reason }) });
  const links = await linksOfCase(opened, options.progress);
  const cache = new SegmentCache(opened);
  for (const entry of entries) {
    let hit = false;
    for (const type of entry.types) {
      const line = await lineOf(opened, { links, cache, entry, type, cite });
      if (!line.hit) continue;
      hit = true;
      yield { ...line, ...notLogged(logged) };
    }
    if (!hit && (all || entry.types.length === 0)) yield { ...missed(entry), ...notLogged(logged) };
  }
}

interface Wanted {
  readonly links: LinksIndex;
  readonly cache: SegmentCache;
  readonly entry: WatchEntry;
  readonly type: string;
  readonly cite: number;
}

async function lineOf(opened: Case, { links, cache, entry, type, cite }: Wanted): Promise<WatchLine> {
  const canonical = canonicalIdentifier(type, entry.value);
  const metadata = new Map<number, number>();
  const mentioned = new Map<number, number>();
  for await (const { leafIndex, where } of indexed(opened, canonical)) {
    const read = await cache.leaf(leafIndex);
    if (read === null || read.leaf.kind !== 'item' || !isOpenTo(opened, read.leaf)) continue;
    const into = where === 'metadata' ? metadata : mentioned;
    into.set(leafIndex, read.leaf.item.sentAt?.utc ?? Number.NaN);
  }
  const node = links.find(canonical.type, canonical.value);
  if (node >= 0) {
    for (const item of links.itemsOfNode(node, 'metadata', Number.MAX_SAFE_INTEGER).items) {
      if (metadata.has(item)) continue;
      const read = await cache.leaf(item);
      if (read !== null && read.leaf.kind === 'item') metadata.set(item, read.leaf.item.sentAt?.utc ?? Number.NaN);
    }
  }
  const times = [...metadata.values(), ...mentioned.values()].filter((ms) => !Number.isNaN(ms));
  return {
    ...missed(entry),
    type: canonical.type,
    value: canonical.value,
    hit: metadata.size + mentioned.size > 0,
    metadata: hits(metadata, cite),
    mentioned: hits(mentioned, cite),
    firstSeen: times.length === 0 ? null : new Date(times.reduce((a, b) => Math.min(a, b))).toISOString(),
    lastSeen: times.length === 0 ? null : new Date(times.reduce((a, b) => Math.max(a, b))).toISOString(),
  };
}

/** What the index has of a value, whatever its place in the item. */
async function* indexed(
  opened: Case,
  { type, value }: { readonly type: string; readonly value: string },
): AsyncGenerator<{ leafIndex: number; where: 'metadata' | 'mentioned' }> {
  const tiles = queriedTiles(opened.ledger, segmentsInForce(opened));
  const identities = opened.held.evidence?.all ?? [];
  const options = { generations: indexGenerations(opened.ledger) };
  for await (const hit of queryTiles(opened.vault, tiles, { type, value }, identities, options)) {
    const places = new Set(hit.mentions.map(({ where }) => where));
    const inText = places.has('body') || places.has('attachment');
    if (inText) yield { leafIndex: hit.leafIndex, where: 'mentioned' };
    if (places.size > (places.has('body') ? 1 : 0) + (places.has('attachment') ? 1 : 0)) {
      yield { leafIndex: hit.leafIndex, where: 'metadata' };
    }
  }
}

function hits(found: ReadonlyMap<number, number>, cite: number): WatchHits {
  return { count: found.size, items: [...found.keys()].sort((a, b) => a - b).slice(0, cite) };
}

function missed({ line, raw, note, value }: WatchEntry): WatchLine {
  const none: WatchHits = { count: 0, items: [] };
  return {
    line,
    raw,
    note,
    type: null,
    value,
    hit: false,
    metadata: none,
    mentioned: none,
    firstSeen: null,
    lastSeen: null,
  };
}
