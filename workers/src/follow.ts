import { setTimeout as sleep } from 'node:timers/promises';
import { type CustodyError, IntegrityError, UnavailableError, UsageError } from '@custody/bytes';
import type { Case } from '@custody/case';
import { handIn } from './hand-in.ts';
import type { JobLine } from './queue.ts';
import type { Queues } from './queues.ts';
import { Watch } from './snapshot.ts';
import { readStretchJob } from './stretch-job.ts';

/** Between two looks at the store: at first, and longest. A look costs some requests, and long runs need no seconds' news. */
const LOOK_MS = 500;
const MOST_LOOK_MS = 2_000;
/** Of the time that has passed, what may go by until the next look. */
const LOOK_PART = 0.05;
/** Looks without progress after which the queue is looked into. */
const PATIENCE = 4;
/** Jobs looked through for those of a derivation. */
const MOST_JOBS = 100_000;

/** What is told while one waits. */
export type FollowNews =
  | { readonly progress: { readonly committed: number; readonly stored: number; readonly records: number } }
  | { readonly note: string };

/**
 * Waits until workers have completed these derivations. What is missing in the queue is handed in again: Redis may lose
 * everything meanwhile, or be away. Throws the error of a job that was set aside, once nothing else is left to do.
 */
export async function follow(
  opened: Case,
  derivations: readonly number[],
  { queues, tell }: { readonly queues: Queues; readonly tell: (news: FollowNews) => void },
): Promise<void> {
  const watch = new Watch(opened, queues, derivations);
  const notes = new Notes(tell);
  let before = '';
  let quiet = 0;
  const started = performance.now();
  for (;;) {
    const all = await watch.progress();
    if (all.every(({ complete }) => complete)) return;
    const sum = (key: 'records' | 'recordsStored' | 'recordsCommitted') =>
      all.reduce((total, one) => total + one[key], 0);
    const progress = { committed: sum('recordsCommitted'), stored: sum('recordsStored'), records: sum('records') };
    tell({ progress });
    const now = JSON.stringify([progress, all.map(({ stored }) => stored.length)]);
    quiet = now === before ? quiet + 1 : 0;
    before = now;
    if (quiet > 0 && quiet % PATIENCE === 0) await revive(opened, derivations, { queues, notes });
    await sleep(Math.min(MOST_LOOK_MS, Math.max(LOOK_MS, (performance.now() - started) * LOOK_PART)));
  }
}

async function revive(
  opened: Case,
  derivations: readonly number[],
  { queues, notes }: { readonly queues: Queues; readonly notes: Notes },
): Promise<void> {
  try {
    const { open, setAside, again } = await jobsOf(opened.vault.location, new Set(derivations), queues);
    if (open === 0 && setAside.length > 0) throw new SetAside(setAside);
    if (open === 0) for (const derivation of derivations) await handIn(opened, derivation, queues);
    const idle = await queues.of('decode').workers();
    const reason = setAside[0]?.reason ?? again[0]?.reason ?? null;
    const why = reason === null ? '' : ` (${reason})`;
    if (idle === 0) notes.once(`no worker takes decode jobs: start "custody worker --redis URL" on some machine${why}`);
    else if (setAside.length > 0)
      notes.once(`${setAside.length} job(s) were set aside${why}: "custody jobs" lists them`);
    else if (again.length > 0) notes.once(`${again.length} job(s) are to be tried again${why}`);
  } catch (error) {
    if (error instanceof SetAside) throw error.told();
    if (!(error instanceof UnavailableError)) throw error;
    notes.once(`${error.message}: waiting, nothing is lost`);
  }
}

/** Says each thing once, until it says another. */
export class Notes {
  readonly #tell: (news: { readonly note: string }) => void;
  #last = '';

  constructor(tell: (news: { readonly note: string }) => void) {
    this.#tell = tell;
  }

  once(note: string): void {
    if (note !== this.#last) this.#tell({ note });
    this.#last = note;
  }
}

async function jobsOf(
  location: string,
  derivations: ReadonlySet<number>,
  queues: Queues,
): Promise<{ readonly open: number; readonly setAside: readonly JobLine[]; readonly again: readonly JobLine[] }> {
  const mine = (hop: 'decode' | 'commit') => (line: JobLine) => {
    try {
      const job = readStretchJob(hop, line.data);
      return job.case === location && derivations.has(job.derivation);
    } catch {
      return false;
    }
  };
  let open = 0;
  const setAside: JobLine[] = [];
  const again: JobLine[] = [];
  for (const hop of ['decode', 'commit'] as const) {
    const queue = queues.of(hop);
    for (const state of ['active', 'waiting'] as const) {
      open += (await queue.list(state, MOST_JOBS)).filter(mine(hop)).length;
    }
    again.push(...(await queue.list('again', MOST_JOBS)).filter(mine(hop)));
    setAside.push(...(await queue.list('set-aside', MOST_JOBS)).filter(mine(hop)));
  }
  return { open: open + again.length, setAside, again };
}

/** Jobs that wait for a person, to be thrown as the error of the first. */
export class SetAside extends Error {
  readonly #jobs: readonly JobLine[];

  constructor(jobs: readonly JobLine[]) {
    super('set aside');
    this.#jobs = jobs;
  }

  /** As the error of the first job, with what to do. */
  told(): CustodyError {
    const [first] = this.#jobs;
    const reason = first?.reason ?? 'for no known reason';
    const code = /^([A-Z_]+): /.exec(reason)?.[1] ?? 'JOB_SET_ASIDE';
    const message = `${this.#jobs.length} job(s) were set aside, the first (${first?.hop} ${first?.id}): ${reason}. "custody jobs" lists them, "custody jobs retry" hands them in again`;
    if (UNAVAILABLE.has(code)) return new UnavailableError(code, message);
    return USAGE.has(code) ? new UsageError(code, message) : new IntegrityError(code, message);
  }
}

/** Families do not survive Redis; codes that are not listed mean evidence or store that is not as it was. */
const UNAVAILABLE = new Set(['STORE_UNAVAILABLE', 'STORE_FULL', 'QUEUE_UNAVAILABLE', 'THREAD_ENDED']);
const USAGE = new Set([
  'NO_RIGHTS',
  'SEALED_TO_OTHERS',
  'DECODER_DIFFERS',
  'DERIVATION_UNKNOWN',
  'NOT_YET',
  'NOT_A_CASE',
  'STORE_VERSION_UNKNOWN',
  'JOB_MALFORMED',
  'EXHIBIT_FAILED',
  'JOB_SET_ASIDE',
  'WORKER_DIED',
  'FAULT',
  'IDENTITY_UNREADABLE',
]);
