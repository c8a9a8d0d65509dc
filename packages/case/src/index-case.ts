import { IntegrityError } from '@custody/bytes';
import { compareTile, openTile, storeTile, type TilePlain } from '@custody/search';
import { type LoggedSegment, openSegment, segmentLabel } from '@custody/segment';
import { usage } from './errors.ts';
import { emptyTileInput, storedTileInput } from './index-stored.ts';
import type { Case } from './open-case.ts';
import { buildTile } from './pipeline/index-segment.ts';
import type { Progress } from './progress.ts';
import { derivationOf } from './selection.ts';

/** Segments under way at once: their reads and writes overlap, their building does not. */
const LANES = 8;

/**
 * Builds and stores the index tile of one committed segment from its stored `evidence` part, with the plaintext that
 * ingest gives it. Create-once: done twice, or by two at once, it is there once. Completes a tile whose maker died.
 *
 * Throws UsageError NO_RIGHTS for who does not hold `evidence`; IntegrityError OBJECT_ALTERED, CONTENT_MISMATCH,
 * INDEX_PART_ALTERED; UnavailableError.
 */
export async function indexOneSegment(opened: Case, segment: LoggedSegment): Promise<'stored' | 'exists'> {
  const { identities, recipient } = indexKeys(opened);
  const label = segmentLabel(segment);
  if ((await openTile(opened.vault, label, identities)) !== null) return 'exists';
  return storeTile(opened.vault, label, await tileOf(opened, segment), recipient, identities);
}

/** Segments without a whole tile, in log order. Errors as indexOneSegment. */
export async function segmentsWithoutTile(opened: Case): Promise<readonly LoggedSegment[]> {
  const { identities } = indexKeys(opened);
  const missing: LoggedSegment[] = [];
  await inLanes(opened.ledger.segments, async (segment) => {
    if ((await openTile(opened.vault, segmentLabel(segment), identities)) === null) missing.push(segment);
  });
  return missing.sort((a, b) => a.ordinal - b.ordinal);
}

/** Gives each of these segments its tile. Resolves with how many were made now and how many were there. */
export async function indexSegments(
  opened: Case,
  segments: readonly LoggedSegment[],
  done: () => void = () => {},
): Promise<{ readonly stored: number; readonly existed: number }> {
  const counts = { stored: 0, exists: 0 };
  await inLanes(segments, async (segment) => {
    counts[await indexOneSegment(opened, segment)]++;
    done();
  });
  return { stored: counts.stored, existed: counts.exists };
}

export interface IndexResult {
  readonly segments: number;
  /** Tiles made or completed now. */
  readonly stored: number;
  /** Tiles that were there. With `check`: that are there and equal. */
  readonly existed: number;
  /** With `check`: segments that have no tile, or not all of it. */
  readonly missing: number;
  /** With `check`: labels of tiles that are not what their segment gives, each with why. */
  readonly different: readonly { readonly label: string; readonly why: string }[];
}

/**
 * Gives every segment in the log its index tile. With `check` nothing is written: every tile is built again in memory
 * and compared with what is stored. Errors as indexOneSegment; with `check`, damage is in `different` instead.
 */
export async function indexCase(
  opened: Case,
  options: { readonly check?: boolean; readonly progress?: Progress } = {},
): Promise<IndexResult> {
  const { segments } = opened.ledger;
  const stage = options.progress?.stage('index', segments.length, 'segments');
  let count = 0;
  const done = () => stage?.at(++count);
  if (options.check === true) return checkSegments(opened, segments, done);
  const { stored, existed } = await indexSegments(opened, segments, done);
  return { segments: segments.length, stored, existed, missing: 0, different: [] };
}

async function checkSegments(opened: Case, segments: readonly LoggedSegment[], done: () => void): Promise<IndexResult> {
  const counts = { equal: 0, missing: 0, different: 0 };
  const different: { label: string; why: string }[] = [];
  await inLanes(segments, async (segment) => {
    const { outcome, why } = await checkOneSegment(opened, segment);
    counts[outcome]++;
    if (outcome === 'different') different.push({ label: segmentLabel(segment), why });
    done();
  });
  different.sort((a, b) => (a.label < b.label ? -1 : 1));
  return { segments: segments.length, stored: 0, existed: counts.equal, missing: counts.missing, different };
}

async function checkOneSegment(
  opened: Case,
  segment: LoggedSegment,
): Promise<{ outcome: 'equal' | 'different' | 'missing'; why: string }> {
  const { identities } = indexKeys(opened);
  const plain = await tileOf(opened, segment);
  try {
    const outcome = await compareTile(opened.vault, segmentLabel(segment), plain, identities);
    return { outcome, why: 'it does not hold what its segment gives' };
  } catch (error) {
    if (error instanceof IntegrityError) return { outcome: 'different', why: error.message };
    throw error;
  }
}

async function tileOf(opened: Case, segment: LoggedSegment): Promise<TilePlain> {
  const { identities } = indexKeys(opened);
  const read = await openSegment(opened.vault, opened.ledger, segment, { evidence: identities });
  const content = read.parts[0]?.content;
  const input = content === undefined ? emptyTileInput(segment.count) : storedTileInput(content, segment.count);
  return buildTile(input, derivationOf(opened, segment).region);
}

function indexKeys(opened: Case): { readonly identities: readonly string[]; readonly recipient: string } {
  const held = opened.held.evidence;
  const keys = opened.state.keys;
  if (held === undefined || keys === null) {
    throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case, which the index is made from');
  }
  return { identities: [held.secret], recipient: keys.evidence.recipient };
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
