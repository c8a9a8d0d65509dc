import { hostname } from 'node:os';
import { type Job, type JobType, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { usage } from './errors.ts';
import { answered, connectRedis } from './redis-connection.ts';
import { type Fate, fateOf, RETRIES } from './retry.ts';
import { Turns } from './turns.ts';

/** What a hop's queue is called, in the order of the work. */
export const hopNames = ['decode', 'commit', 'index', 'merge', 'exhibit'] as const;
export type HopName = (typeof hopNames)[number];

export interface QueuePlace {
  /** `redis://` or `rediss://` address. */
  readonly redis: string;
  /** Laboratories that share a Redis each have keys of their own. */
  readonly lab?: string;
}

/** A job as it is handed in: references only, never a key, never content. The id follows from the data. */
export interface NewJob<Data> {
  readonly id: string;
  readonly data: Data;
}

/** What follows from a job that is done. */
export interface NextJob {
  readonly hop: HopName;
  readonly job: NewJob<unknown>;
}

export interface HopResult {
  /** To show: references and numbers only. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Handed in before the job counts as done. */
  readonly next?: readonly NextJob[];
}

/** One hop: takes a job's data as found in Redis. */
export type Hop = (data: unknown) => Promise<HopResult>;

/** Set aside: it failed for good, and waits for a person. */
export type JobState = 'waiting' | 'active' | 'again' | 'set-aside' | 'done';

/** A job as Redis has it, for people to look at. */
export interface JobLine {
  readonly hop: HopName;
  readonly id: string;
  readonly state: JobState;
  /** As found: whoever can write to Redis controls it. */
  readonly data: unknown;
  readonly attempts: number;
  /** Why it failed last, in our own words. */
  readonly reason: string | null;
  /** When it was handed in, taken, or set aside: milliseconds since 1970 by the clock of whoever did it. */
  readonly since: number;
  readonly worker: string | null;
}

export type JobCounts = Readonly<Record<JobState, number>>;

/** Jobs kept after they ended, for people to look at. */
const KEPT = { completed: 1_000, failed: 10_000 } as const;
/** How long a worker may be silent before another takes its job: it renews at half of this, from a thread that only waits. */
const LOCK_MS = 6_000;
const STALLED_CHECK_MS = 2_000;
/** How often a job may outlive its worker before it is set aside as what kills workers. */
const MOST_DEATHS = 5;
/** Jobs handed in at once. */
const BATCH = 500;

const JOB_OPTIONS = {
  attempts: RETRIES.attempts,
  backoff: { type: 'exponential', delay: RETRIES.delayMs, jitter: RETRIES.jitter },
  // A reason is kept, of our own words; a stack would show others'.
  stackTraceLimit: 0,
} as const;

const STATES: Readonly<Record<JobState, readonly JobType[]>> = {
  waiting: ['waiting', 'prioritized', 'waiting-children'],
  active: ['active'],
  again: ['delayed'],
  'set-aside': ['failed'],
  done: ['completed'],
};

/** Where jobs are handed in and looked at. Throws UnavailableError QUEUE_UNAVAILABLE wherever Redis does not do as asked. */
export class JobQueue<Data> {
  readonly hop: HopName;
  readonly #queue: Queue;
  readonly #close: () => Promise<void>;

  private constructor(hop: HopName, queue: Queue, close: () => Promise<void>) {
    this.hop = hop;
    this.#queue = queue;
    this.#close = close;
  }

  static async open<Data>(hop: HopName, place: QueuePlace): Promise<JobQueue<Data>> {
    const connection = await connectRedis(place.redis, { patient: false });
    const queue = new Queue(hop, { connection, prefix: prefixOf(place) });
    queue.on('error', () => {});
    return new JobQueue<Data>(hop, queue, async () => {
      await queue.close();
      connection.disconnect();
    });
  }

  /**
   * Adds the jobs that are not waiting or running already; resolves with how many. One that ended earlier is removed
   * first: as long as Redis remembers a job id, adding it again would do nothing.
   */
  async add(jobs: readonly NewJob<Data>[]): Promise<number> {
    let added = 0;
    for (let at = 0; at < jobs.length; at += BATCH) added += await this.#add(jobs.slice(at, at + BATCH));
    return added;
  }

  #add(jobs: readonly NewJob<Data>[]): Promise<number> {
    return answered(async () => {
      const states = await Promise.all(jobs.map(({ id }) => this.#queue.getJobState(id)));
      const fresh = jobs.filter((_, i) => ['unknown', 'completed', 'failed'].includes(states[i] as string));
      await Promise.all(fresh.map(({ id }) => this.#queue.remove(id)));
      await this.#queue.addBulk(
        fresh.map(({ id, data }) => ({ name: this.#queue.name, data, opts: { ...JOB_OPTIONS, jobId: id } })),
      );
      return fresh.length;
    });
  }

  /** Jobs by state. */
  async counts(): Promise<{ readonly open: number; readonly completed: number; readonly failed: number }> {
    const { done, 'set-aside': failed, waiting, active, again } = await this.countsByState();
    return { open: waiting + active + again, completed: done, failed };
  }

  async countsByState(): Promise<JobCounts> {
    const found = await answered(() => this.#queue.getJobCounts());
    const sum = (state: JobState) => STATES[state].reduce((total, type) => total + (found[type] ?? 0), 0);
    return {
      waiting: sum('waiting'),
      active: sum('active'),
      again: sum('again'),
      'set-aside': sum('set-aside'),
      done: sum('done'),
    };
  }

  /** The jobs of a state, oldest first, at most `most`. */
  async list(state: JobState, most: number): Promise<readonly JobLine[]> {
    const jobs = await answered(() => this.#queue.getJobs([...STATES[state]], 0, most - 1, true));
    // A job may end between the list and the look at it.
    return jobs.filter((job) => job?.id !== undefined).map((job) => lineOf(this.hop, state, job as Job));
  }

  /** Hands a job that was set aside in again, with all its tries. False where there is no such job. */
  async retry(id: string): Promise<boolean> {
    return answered(async () => {
      const job = await this.#queue.getJob(id);
      if (job === undefined || !(await job.isFailed())) return false;
      await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
      return true;
    });
  }

  /** Removes a job that no worker has under way. False where there is none. */
  async drop(id: string): Promise<boolean> {
    return answered(async () => (await this.#queue.remove(id)) === 1);
  }

  /** Worker processes that take jobs of this hop, as far as Redis lets one see; null where it does not. */
  async workers(): Promise<number | null> {
    return this.#queue.getWorkersCount().catch(() => null);
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function lineOf(hop: HopName, state: JobState, job: Job): JobLine {
  const { id = '', data, attemptsMade, failedReason, finishedOn, processedOn, timestamp, processedBy } = job;
  const ended = state === 'set-aside' || state === 'done';
  const since = (ended ? finishedOn : state === 'active' ? processedOn : undefined) ?? timestamp;
  // What BullMQ itself says of a job is in the words of its version.
  const reason = failedReason === undefined ? null : ownWords(failedReason);
  return { hop, id, state, data, attempts: attemptsMade, reason, since, worker: processedBy ?? null };
}

function ownWords(reason: string): string {
  if (!/stalled/.test(reason) || /^[A-Z_]+: /.test(reason)) return reason;
  return `WORKER_DIED: ${MOST_DEATHS} workers died or fell silent over this job: what kills them is likely in it`;
}

/** What a worker tells its log. */
export interface WorkerEvents {
  readonly done: (job: string, result: Readonly<Record<string, number>>, ms: number) => void;
  readonly failed: (job: string, fate: Fate, error: unknown) => void;
  readonly connection: (state: 'lost' | 'back') => void;
  /** This worker takes no further job of the hop: others may be able to do them. */
  readonly stoodDown?: (fate: Fate) => void;
}

export interface RunningWorker {
  /** Whether Redis answers, as far as the connection knows. */
  readonly connected: () => boolean;
  /** Takes no further job and resolves when the one under way is done. */
  drain(): Promise<void>;
}

/**
 * Starts to take jobs, one at a time: a job is a batch, and keeps the machine busy by itself. Decoding may begin the next
 * one meanwhile, or its threads would have nothing to do while the last units of a job are stored.
 */
export async function startWorker(
  name: HopName,
  place: QueuePlace,
  { hop, events }: { readonly hop: Hop; readonly events: WorkerEvents },
): Promise<RunningWorker> {
  const connection = await connectRedis(place.redis, { patient: true });
  const following = new NextQueues(place);
  const standDown = (fate: Fate): void => {
    // Not before the job is back in the queue.
    setImmediate(() => worker.close().catch(() => {}));
    events.stoodDown?.(fate);
  };
  const terms = { hop, events, following, standDown };
  const run = (job: Job) =>
    turns.run(job.stalledCounter > 0 || job.attemptsMade > 0, () => runJob(job.id ?? '', job.data, terms));
  const worker = new Worker(name, run, {
    connection,
    prefix: prefixOf(place),
    name: `${hostname()}-${process.pid}`,
    concurrency: 1,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MOST_DEATHS,
    // `true` here would never finish a job.
    removeOnComplete: { count: KEPT.completed },
    removeOnFail: { count: KEPT.failed },
  });
  const turns = new Turns(worker, name === 'decode' ? 2 : 1);
  worker.on('error', () => {});
  tellChanges(connection, events);
  await worker.waitUntilReady();
  return {
    connected: () => connection.status === 'ready',
    drain: async () => {
      await worker.close();
      await following.close();
      connection.removeAllListeners('close');
      connection.disconnect();
    },
  };
}

/** Queues that a worker's jobs lead on to, opened when the first does. */
class NextQueues {
  readonly #place: QueuePlace;
  readonly #open = new Map<HopName, Promise<JobQueue<unknown>>>();

  constructor(place: QueuePlace) {
    this.#place = place;
  }

  async add(next: readonly NextJob[]): Promise<void> {
    for (const hop of hopNames) {
      const jobs = next.filter((one) => one.hop === hop).map(({ job }) => job);
      if (jobs.length > 0) await (await this.#queue(hop)).add(jobs);
    }
  }

  async close(): Promise<void> {
    for (const queue of await Promise.allSettled(this.#open.values())) {
      if (queue.status === 'fulfilled') await queue.value.close();
    }
  }

  #queue(hop: HopName): Promise<JobQueue<unknown>> {
    const known = this.#open.get(hop);
    if (known !== undefined) return known;
    const opening = JobQueue.open<unknown>(hop, this.#place);
    this.#open.set(hop, opening);
    opening.catch(() => this.#open.delete(hop));
    return opening;
  }
}

/** Every failed attempt to reconnect closes again: only changes are told. */
function tellChanges(connection: Redis, events: WorkerEvents): void {
  let state: 'lost' | 'back' = 'back';
  const tell = (now: 'lost' | 'back') => {
    if (now !== state) events.connection(now);
    state = now;
  };
  connection.on('close', () => tell('lost'));
  connection.on('ready', () => tell('back'));
}

interface JobTerms {
  readonly hop: Hop;
  readonly events: WorkerEvents;
  readonly following: NextQueues;
  readonly standDown: (fate: Fate) => void;
}

async function runJob(
  id: string,
  data: unknown,
  { hop, events, following, standDown }: JobTerms,
): Promise<Readonly<Record<string, number>>> {
  const started = performance.now();
  try {
    const { numbers, next = [] } = await hop(data);
    await following.add(next);
    events.done(id, numbers, performance.now() - started);
    return numbers;
  } catch (error) {
    const fate = fateOf(error);
    events.failed(id, fate, error);
    if (fate.elsewhere === true) standDown(fate);
    const message = `${fate.code}: ${fate.message}`;
    throw fate.again ? new Error(message) : new UnrecoverableError(message);
  }
}

/** What all keys of a laboratory begin with. */
export function prefixOf({ lab }: QueuePlace): string {
  if (lab === undefined) return 'custody';
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(lab)) throw usage('ARGUMENT_INVALID', '--lab takes a-z 0-9 and - only');
  return `custody-${lab}`;
}
