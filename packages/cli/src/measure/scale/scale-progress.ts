import { readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { ScalePart } from './scale-parts.ts';

const TICK_MS = 30_000;
const GIB = 1024 ** 3;
/** Messages of a full commit: 16 segments of at most 4,096 leaves, some of them findings. */
const A_COMMIT = 64_000;
/** What a case takes of the capture's length with its sealed original: 1.3 measured, and room for what is not yet merged. */
const CASE = 1.4;

/** Says every half minute how far something is, until `stop` is called. */
export function tellEvery(say: (what: string) => void, howFar: () => string): { stop(): void } {
  const started = performance.now();
  const timer = setInterval(() => {
    say(`  ${Math.round((performance.now() - started) / 1000)} s: ${howFar()}`);
  }, TICK_MS);
  return { stop: () => clearInterval(timer) };
}

/** How far an ingest into a directory is, by the commits that stand. */
export function committedIn(place: string, messages: number): string {
  let commits = 0;
  try {
    commits = readdirSync(join(place, 'log', 'commit')).length;
  } catch {
    // The case is being made.
  }
  // The first ones are the case, its authority, the intake, the derivation.
  const done = Math.min(messages, Math.max(0, commits - 4) * A_COMMIT);
  return done === 0
    ? 'taking the capture in'
    : `some ${done.toLocaleString('en-US')} of ${messages.toLocaleString('en-US')} messages committed`;
}

/**
 * Bytes that a run takes at most at one time in the temporary folder, for a capture of `length` bytes: the capture, the
 * case, and a sealed copy of the original for each worker.
 */
export function diskNeeded(parts: readonly ScalePart[], length: number): number {
  const workers = parts.includes('two-workers') ? 2 : parts.includes('one-worker') ? 1 : 0;
  const lookups = parts.includes('s3-lookups') ? CASE : 0;
  return length * (1 + CASE + Math.max(workers, lookups));
}

/** In words: what the run needs, what is there, and where too little is there that it will likely fail. */
export function diskWords(needed: number, folder: string): string {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const words = `needs up to ${(needed / GIB).toFixed(1)} GiB in ${folder}, ${(free / GIB).toFixed(1)} GiB are free`;
  return free > needed ? words : `${words}: it will likely fail for want of room ($TMPDIR names another place)`;
}

/** Removes what a run made when somebody ends it before its time; `release` when the run does so itself. */
export function removeWhenEnded(folder: string): { release(): void } {
  const end = (signal: NodeJS.Signals): void => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  return { release: () => void process.off('SIGINT', end).off('SIGTERM', end) };
}
