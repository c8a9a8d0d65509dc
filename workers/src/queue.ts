import { Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { usage } from './errors.ts';
import { answered, connectRedis } from './redis-connection.ts';
import { type Fate, fateOf, RETRIES } from './retry.ts';

/** What a hop's queue is called. */
export type HopName = 'index';

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

/** One hop: takes a job's data as found in Redis, and returns numbers to show. */
export type Hop = (data: unknown) => Promise<Readonly<Record<string, number>>>;

/** Jobs kept after they ended, for `custody-worker` and people to look at. */
const KEPT = { completed: 1_000, failed: 10_000 } as const;
/** How long a worker may be silent before another takes its job: it renews at half of this. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
/** How often a job may outlive its worker before it is set aside as what kills workers. */
const MOST_DEATHS = 5;

const JOB_OPTIONS = {
  attempts: RETRIES.attempts,
  backoff: { type: 'exponential', delay: RETRIES.delayMs, jitter: RETRIES.jitter },
  // A reason is kept, of our own words; a stack would show others'.
  stackTraceLimit: 0,
} as const;

/** Where jobs are handed in. Throws UnavailableError QUEUE_UNAVAILABLE wherever Redis does not do as asked. */
export class JobQueue<Data> {
  readonly #queue: Queue;
  readonly #close: () => Promise<void>;

  private constructor(queue: Queue, close: () => Promise<void>) {
    this.#queue = queue;
    this.#close = close;
  }

  static async open<Data>(hop: HopName, place: QueuePlace): Promise<JobQueue<Data>> {
    const connection = await connectRedis(place.redis, { patient: false });
    const queue = new Queue(hop, { connection, prefix: prefixOf(place) });
    queue.on('error', () => {});
    return new JobQueue<Data>(queue, async () => {
      await queue.close();
      connection.disconnect();
    });
  }

  /**
   * Adds the jobs that are not waiting or running already; resolves with how many. One that ended earlier is removed
   * first: as long as Redis remembers a job id, adding it again would do nothing.
   */
  async add(jobs: readonly NewJob<Data>[]): Promise<number> {
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
    const { completed = 0, failed = 0, ...open } = await answered(() => this.#queue.getJobCounts());
    return { open: Object.values(open).reduce((sum, count) => sum + count, 0), completed, failed };
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** What a worker tells its log. */
export interface WorkerEvents {
  readonly done: (job: string, result: Readonly<Record<string, number>>, ms: number) => void;
  readonly failed: (job: string, fate: Fate, error: unknown) => void;
  readonly connection: (state: 'lost' | 'back') => void;
}

export interface RunningWorker {
  /** Takes no further job and resolves when the one under way is done. */
  drain(): Promise<void>;
}

/** Starts to take jobs, one at a time: a job is a batch, and keeps the machine busy by itself. */
export async function startWorker(
  name: HopName,
  place: QueuePlace,
  { hop, events }: { readonly hop: Hop; readonly events: WorkerEvents },
): Promise<RunningWorker> {
  const connection = await connectRedis(place.redis, { patient: true });
  const worker = new Worker(name, (job) => runJob(job.id ?? '', job.data, { hop, events }), {
    connection,
    prefix: prefixOf(place),
    concurrency: 1,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MOST_DEATHS,
    // `true` here would never finish a job.
    removeOnComplete: { count: KEPT.completed },
    removeOnFail: { count: KEPT.failed },
  });
  worker.on('error', () => {});
  tellChanges(connection, events);
  await worker.waitUntilReady();
  return {
    drain: async () => {
      await worker.close();
      connection.removeAllListeners('close');
      connection.disconnect();
    },
  };
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

async function runJob(
  id: string,
  data: unknown,
  { hop, events }: { readonly hop: Hop; readonly events: WorkerEvents },
): Promise<Readonly<Record<string, number>>> {
  const started = performance.now();
  try {
    const result = await hop(data);
    events.done(id, result, performance.now() - started);
    return result;
  } catch (error) {
    const fate = fateOf(error);
    events.failed(id, fate, error);
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
