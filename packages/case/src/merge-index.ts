import {
  coverTiles,
  generationOver,
  MERGE_WIDTH,
  type MergedTile,
  type MergeOutcome,
  type MergeSource,
  segmentsOf,
  TOP_LEVEL,
} from '@custody/search';
import type { Ledger } from '@custody/segment';
import { usage } from './errors.ts';
import type { Case } from './open-case.ts';
import { mergeOnThreads } from './pipeline/merge-on-threads.ts';
import { mergeOrder } from './pipeline/merge-order.ts';
import { threadCount } from './pipeline/thread-count.ts';
import type { Progress } from './progress.ts';
import { indexGenerations, queriedTiles } from './queried-tiles.ts';

/** One merge: the tile `number` of `level`, from the 16 tiles below it. Plain data, so it can be a job of a queue. */
export interface MergeJob {
  readonly level: number;
  readonly number: number;
}

export interface MergeResult {
  /** Tiles made or completed now. */
  readonly merged: number;
  /** Merges that could not be made because a tile below is not there: `custody index` builds it. */
  readonly waiting: number;
}

export interface MergeOptions {
  /** Leaves the tiles below in place. Otherwise a tile that is covered by a wider one is removed: it would be stored twice. */
  readonly keepNarrow?: boolean;
  /** Default: all cores, where there is enough to do. What comes out does not depend on how many. */
  readonly threads?: number;
  readonly progress?: Progress;
}

/**
 * The merges that can be made now, widest tiles last: every full stretch of 16 tiles of one level that no wider tile
 * covers. A function of log and store, so whoever asks names the same jobs. When they are done, ask again: the next
 * level may be full now. A job whose outcome was `missing` comes again until `custody index` has built what it lacks.
 */
export async function mergeJobs(opened: Case): Promise<readonly MergeJob[]> {
  const levels = await levelsOf(opened);
  return jobsOver(levels);
}

/**
 * Does one merge, in constant memory. Create-once: it may be done twice, by several at once, and again after a crash.
 * Throws UsageError NO_RIGHTS without `evidence`; IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED, INDEX_PART_MALFORMED;
 * UnavailableError.
 */
export async function mergeOne(opened: Case, job: MergeJob, options: MergeOptions = {}): Promise<MergeOutcome> {
  const { vault, ledger } = opened;
  return mergeOrder(vault, mergeOf(ledger, job), { ...keysOf(opened), keepNarrow: options.keepNarrow === true });
}

/** Makes every merge that can be made, level by level. Errors as mergeOne. */
export async function mergeIndex(opened: Case, options: MergeOptions = {}): Promise<MergeResult> {
  const levels = await levelsOf(opened);
  const stage = options.progress?.stage('merge', allJobs(levels), 'objects');
  let [merged, waiting, done] = [0, 0, 0];
  for (let jobs = jobsOver(levels); jobs.length > 0; jobs = jobsOver(levels)) {
    await mergeAll(opened, jobs, options, (outcome, job) => {
      const { from, to } = stretchOf(job);
      levels.fill(outcome === 'missing' ? BLOCKED : job.level, from, to);
      if (outcome === 'stored') merged++;
      if (outcome === 'missing') waiting++;
      stage?.at(++done);
    });
  }
  return { merged, waiting };
}

/** Below this many merges threads take longer to start than they save. */
const WORTH_THREADS = 4;

/** Merges of which none waits for another, on threads where there are many. */
async function mergeAll(
  opened: Case,
  jobs: readonly MergeJob[],
  options: MergeOptions,
  done: (outcome: MergeOutcome, job: MergeJob) => void,
): Promise<void> {
  const threads = options.threads ?? (jobs.length < WORTH_THREADS ? 1 : threadCount(undefined));
  if (threads === 1) {
    for (const job of jobs) done(await mergeOne(opened, job, options), job);
    return;
  }
  const { vault, ledger } = opened;
  const place = { location: vault.location, keepNarrow: options.keepNarrow === true, ...keysOf(opened) };
  const orders = jobs.map((job) => ({ ...mergeOf(ledger, job), job }));
  await mergeOnThreads(place, orders, { threads, done: (outcome, { job }) => done(outcome, job) });
}

/** Level of a segment's tile where the merge over it was tried and something was missing. */
const BLOCKED = 255;

/** Of each segment in log order the level of the widest tile that covers it. */
async function levelsOf({ vault, ledger }: Case): Promise<Uint8Array> {
  const levels = new Uint8Array(ledger.segments.length);
  const units = await coverTiles(vault, queriedTiles(ledger, ledger.segments), indexGenerations(ledger), {
    thorough: true,
  });
  for (const { tile, segments } of units) {
    for (const { ordinal } of segments) levels[ordinal as number] = tile?.level ?? 0;
  }
  return levels;
}

function stretchOf({ level, number }: MergeJob): { readonly from: number; readonly to: number } {
  const width = segmentsOf(level);
  return { from: number * width, to: (number + 1) * width };
}

function jobsOver(levels: Uint8Array): MergeJob[] {
  const jobs: MergeJob[] = [];
  for (let level = 1; level <= TOP_LEVEL; level++) {
    for (let number = 0; stretchOf({ level, number }).to <= levels.length; number++) {
      const { from, to } = stretchOf({ level, number });
      if (levels.subarray(from, to).every((one) => one === level - 1)) jobs.push({ level, number });
    }
  }
  return jobs;
}

/** Merges until nothing can be merged any more, unless something is missing. */
function allJobs(levels: Uint8Array): number {
  const after = levels.slice();
  let count = 0;
  for (let jobs = jobsOver(after); jobs.length > 0; jobs = jobsOver(after)) {
    for (const job of jobs) after.fill(job.level, stretchOf(job).from, stretchOf(job).to);
    count += jobs.length;
  }
  return count;
}

function mergeOf(ledger: Ledger, job: MergeJob): { readonly tile: MergedTile; readonly sources: MergeSource[] } {
  const { level, number } = job;
  const { from, to } = stretchOf(job);
  const fits = Number.isInteger(level) && level >= 1 && level <= TOP_LEVEL && Number.isInteger(number) && number >= 0;
  if (!fits || to > ledger.segments.length) {
    throw usage(
      'ARGUMENT_INVALID',
      `there is no tile ${number} of level ${level}: the log has ${ledger.segments.length} segments`,
    );
  }
  const generations = indexGenerations(ledger);
  const tileAt = (at: number, n: number) => ({ level: at, number: n, generation: generationOver(at, n, generations) });
  const sources =
    level === 1
      ? queriedTiles(ledger, ledger.segments.slice(from, to))
      : Array.from({ length: MERGE_WIDTH }, (_, i) => ({ tile: tileAt(level - 1, number * MERGE_WIDTH + i) }));
  return { tile: tileAt(level, number), sources };
}

function keysOf(opened: Case): { readonly recipient: string; readonly identities: readonly string[] } {
  const held = opened.held.evidence;
  const { keys } = opened.state;
  if (held === undefined || keys === null) {
    throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case, which the index is sealed to');
  }
  return { recipient: keys.evidence.recipient, identities: held.all };
}
