import { IntegrityError } from '@custody/bytes';
import {
  type CoverUnit,
  compareTile,
  coverTiles,
  openTile,
  storeTile,
  sumMergedTile,
  sumTilePlain,
  type TilePlain,
} from '@custody/search';
import { type Ledger, type LoggedSegment, openSegment } from '@custody/segment';
import type { Vault } from '@custody/vault';
import { broken } from '../errors.ts';
import { indexGenerations, queriedTiles } from '../queried-tiles.ts';
import { tileLabel } from '../tile-label.ts';
import { buildTile } from './index-segment.ts';
import { emptyTileInput, storedTileInput } from './stored-tile-input.ts';

/** Segments under way at once: their reads and writes overlap, their building does not. */
const LANES = 8;

/** All that indexing a case's segments takes. */
export interface IndexPlace {
  readonly vault: Vault;
  readonly ledger: Ledger;
  /** Of the compartment `evidence`. */
  readonly identities: readonly string[];
  readonly recipient: string;
  /** Region of each derivation, by its entry. */
  readonly regions: ReadonlyMap<number, string | null>;
}

export interface IndexCounts {
  /** Tiles made or completed now. */
  readonly stored: number;
  /** Tiles that were there; when checking: that are there and equal. */
  readonly existed: number;
  /** When checking: segments that have no tile, or not all of it. */
  readonly missing: number;
  /** When checking: labels of tiles that are not what their segment gives, each with why. */
  readonly different: readonly { readonly label: string; readonly why: string }[];
}

/** Builds and stores the tile of one segment from its stored `evidence` part, or completes one whose maker died. */
export async function storeStoredTile(place: IndexPlace, segment: LoggedSegment): Promise<'stored' | 'exists'> {
  const { vault, identities, recipient } = place;
  const label = tileLabel(place.ledger, segment);
  if ((await openTile(vault, label, identities)) !== null) return 'exists';
  return storeTile(vault, label, await plainOf(place, segment), recipient, identities);
}

/** Gives each segment its tile, or with `check` compares what is stored with what it should be. */
export async function indexTiles(
  place: IndexPlace,
  segments: readonly LoggedSegment[],
  { check = false, done = () => {} }: { readonly check?: boolean; readonly done?: () => void } = {},
): Promise<IndexCounts> {
  const counts = { stored: 0, exists: 0, equal: 0, missing: 0, different: 0 };
  const merged = await coveredByMerged(place, segments);
  const different: { label: string; why: string }[] = [];
  await inLanes(segments, async (segment) => {
    if (check && merged.has(segment)) return;
    if (check) {
      const { outcome, why } = await checkTile(place, segment);
      counts[outcome]++;
      if (outcome === 'different') different.push({ label: tileLabel(place.ledger, segment), why });
    } else counts[merged.has(segment) ? 'exists' : await storeStoredTile(place, segment)]++;
    done();
  });
  return { stored: counts.stored, existed: counts.exists + counts.equal, missing: counts.missing, different };
}

/**
 * Compares each merged tile with what its segments give, in one pass over it: sums over the rows of each segment. Counts
 * segments.
 */
export async function checkMerged(place: IndexPlace, done: () => void = () => {}): Promise<IndexCounts> {
  const { vault, ledger } = place;
  const units = await coverTiles(vault, queriedTiles(ledger, ledger.segments), indexGenerations(ledger), {
    thorough: true,
  });
  let existed = 0;
  const different: { label: string; why: string }[] = [];
  for (const { tile, segments } of units) {
    if (tile === null) continue;
    const label = `${tile.level}/${tile.number}`;
    const sums = await sumsOf(place, tile);
    for (const { ordinal } of segments) {
      const plain = await plainOf(place, ledger.segments[ordinal as number] as LoggedSegment);
      const stated = Array.isArray(sums) ? sums[(ordinal as number) % sums.length] : undefined;
      if (stated === (await sumTilePlain(plain))) existed++;
      else if (different.at(-1)?.label !== label) {
        different.push({ label, why: Array.isArray(sums) ? 'it does not hold what its segments give' : String(sums) });
      }
      done();
    }
  }
  return { stored: 0, existed, missing: 0, different };
}

/** Sums by segment, or why there are none. */
async function sumsOf(
  { vault, identities }: IndexPlace,
  tile: NonNullable<CoverUnit['tile']>,
): Promise<readonly string[] | string> {
  try {
    return (await sumMergedTile(vault, tile, identities)) ?? 'its key is missing';
  } catch (error) {
    if (error instanceof IntegrityError) return error.message;
    throw error;
  }
}

/** Those of the segments that a merged tile covers: they need none of their own. */
async function coveredByMerged(
  { vault, ledger }: IndexPlace,
  segments: readonly LoggedSegment[],
): Promise<ReadonlySet<LoggedSegment>> {
  const units = await coverTiles(vault, queriedTiles(ledger, segments), indexGenerations(ledger), { thorough: true });
  const ordinals = new Set(
    units.flatMap((unit) => (unit.tile === null ? [] : unit.segments.map((one) => one.ordinal))),
  );
  return new Set(segments.filter(({ ordinal }) => ordinals.has(ordinal)));
}

/** Those of the segments that are in no whole tile, in the order given. */
export async function withoutTile(
  place: IndexPlace,
  segments: readonly LoggedSegment[],
): Promise<readonly LoggedSegment[]> {
  const missing = new Set<LoggedSegment>();
  const merged = await coveredByMerged(place, segments);
  await inLanes(segments, async (segment) => {
    if (merged.has(segment)) return;
    if ((await openTile(place.vault, tileLabel(place.ledger, segment), place.identities)) === null)
      missing.add(segment);
  });
  return segments.filter((segment) => missing.has(segment));
}

async function checkTile(
  place: IndexPlace,
  segment: LoggedSegment,
): Promise<{ outcome: 'equal' | 'different' | 'missing'; why: string }> {
  const plain = await plainOf(place, segment);
  try {
    const outcome = await compareTile(place.vault, tileLabel(place.ledger, segment), plain, place.identities);
    return { outcome, why: 'it does not hold what its segment gives' };
  } catch (error) {
    if (error instanceof IntegrityError) return { outcome: 'different', why: error.message };
    throw error;
  }
}

async function plainOf(place: IndexPlace, segment: LoggedSegment): Promise<TilePlain> {
  const read = await openSegment(place.vault, place.ledger, segment, { evidence: place.identities });
  const content = read.parts[0]?.content;
  const input = content === undefined ? emptyTileInput(segment.count) : storedTileInput(content, segment.count);
  const region = place.regions.get(segment.derive);
  if (region === undefined) {
    throw broken('COUNTS_DO_NOT_ADD_UP', `the segment in entry ${segment.entry} names a derivation the log lacks`);
  }
  return buildTile(input, region);
}

/** The first failure is the answer, and nothing more is begun after it. */
async function inLanes<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = all.values();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const one of waiting) {
      if (failed) return;
      try {
        await work(one);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, all.length) }, lane));
}
