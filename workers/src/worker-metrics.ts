import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HopName, JobState, QueuePlace } from './queue.ts';
import { Queues } from './queues.ts';
import type { Fate } from './retry.ts';

/** Seconds of a job: a stretch is half a second of work, a capture to be prepared first may take minutes. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** What hops count, and under which name it is shown. */
const COUNTED = {
  records: ['custody_records_decoded_total', 'records decoded and stored'],
  segments: ['custody_segments_committed_total', 'segments added to logs'],
  stored: ['custody_outputs_stored_total', 'stretches and index tiles stored'],
} as const;

/** What Prometheus reads from a worker (https://prometheus.io/docs/instrumenting/exposition_formats): numbers only. */
export class WorkerMetrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #jobs: Counter<'hop' | 'outcome' | 'code'>;
  readonly #seconds: Histogram<'hop'>;
  readonly #counted = new Map<string, Counter<'hop'>>();
  readonly #queue: Gauge<'hop' | 'state'>;
  readonly #redis: Gauge;
  readonly #place: QueuePlace;
  #queues: Promise<Queues> | null = null;

  constructor(place: QueuePlace) {
    const registers = [this.#registry];
    this.contentType = this.#registry.contentType;
    this.#place = place;
    collectDefaultMetrics({ register: this.#registry });
    this.#jobs = new Counter({
      name: 'custody_jobs_total',
      help: 'jobs that ended here: done, to be tried again, or set aside with a code',
      labelNames: ['hop', 'outcome', 'code'],
      registers,
    });
    const seconds = { name: 'custody_job_seconds', help: 'time of jobs that were done', buckets: BUCKETS };
    this.#seconds = new Histogram({ ...seconds, labelNames: ['hop'], registers });
    for (const [key, [name, help]] of Object.entries(COUNTED)) {
      this.#counted.set(key, new Counter({ name, help, labelNames: ['hop'], registers }));
    }
    const jobs = { name: 'custody_queue_jobs', help: 'jobs of this laboratory in Redis, by state' };
    this.#queue = new Gauge({ ...jobs, labelNames: ['hop', 'state'], registers });
    this.#redis = new Gauge({ name: 'custody_redis_up', help: '1 when Redis answered this scrape', registers });
  }

  done(hop: HopName, numbers: Readonly<Record<string, number>>, ms: number): void {
    this.#jobs.inc({ hop, outcome: 'done', code: '' });
    this.#seconds.observe({ hop }, ms / 1000);
    for (const [key, counter] of this.#counted) counter.inc({ hop }, numbers[key] ?? 0);
  }

  failed(hop: HopName, { again, code }: Fate): void {
    this.#jobs.inc({ hop, outcome: again ? 'again' : 'set_aside', code });
  }

  async text(): Promise<string> {
    await this.#look();
    return this.#registry.metrics();
  }

  async close(): Promise<void> {
    const queues = await this.#queues?.catch(() => null);
    await queues?.close();
  }

  /** Asks Redis at each scrape; a worker whose Redis is away still tells everything else. */
  async #look(): Promise<void> {
    this.#queue.reset();
    try {
      this.#queues ??= Queues.open(this.#place);
      for (const [hop, queue] of (await this.#queues).all) {
        const counts = Object.entries(await queue.countsByState()) as [JobState, number][];
        for (const [state, count] of counts) this.#queue.set({ hop, state }, count);
      }
      this.#redis.set(1);
    } catch {
      const queues = this.#queues;
      this.#queues = null;
      queues?.then((opened) => opened.close()).catch(() => {});
      this.#redis.set(0);
    }
  }
}
