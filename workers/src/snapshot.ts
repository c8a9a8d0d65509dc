import { type Case, type StretchProgress, stretchProgress } from '@custody/case';
import { type HopName, hopNames, type JobCounts, type JobLine } from './queue.ts';
import type { Queues } from './queues.ts';

/** How one hop stands: its queue from Redis, what is done from the store. */
export interface StageLine extends JobCounts {
  readonly stage: HopName;
  /** Of `total`, from the store; null for what only the queue knows. */
  readonly records: number | null;
  readonly total: number | null;
  /** Records a second while this was watched; null before two looks. */
  readonly rate: number | null;
  readonly secondsLeft: number | null;
  /** The job that is under way for longest, or waits to be tried again. */
  readonly slowest: { readonly id: string; readonly data: unknown; readonly seconds: number } | null;
  /** Worker processes on this queue; null where Redis does not show them. */
  readonly workers: number | null;
}

export interface Snapshot {
  readonly at: string;
  readonly case: string;
  readonly derivations: readonly StretchProgress[];
  readonly complete: boolean;
  readonly stages: readonly StageLine[];
}

/** Looks at a case and its queues again and again, and knows how fast things go. */
export class Watch {
  readonly #case: Case;
  readonly #queues: Queues;
  readonly #wanted: readonly number[] | null;
  /** Seen unfinished: they stay in view when they are complete. */
  readonly #seen = new Set<number>();
  readonly #rates = new Map<HopName, RateMeter>();

  /** `derivations`: those to look at; else all that workers have left to do, as they come. */
  constructor(opened: Case, queues: Queues, derivations: readonly number[] | null = null) {
    this.#case = opened;
    this.#queues = queues;
    this.#wanted = derivations;
  }

  /** From the store alone: works while Redis is away. */
  async progress(): Promise<readonly StretchProgress[]> {
    await this.#case.refresh();
    const all = [...this.#case.state.derivations.values()];
    for (const { entry, totals } of all) if (totals === null) this.#seen.add(entry);
    const entries = this.#wanted ?? [...this.#seen];
    const found = await Promise.all(entries.map((entry) => stretchProgress(this.#case, entry)));
    return found.filter((one) => one !== null);
  }

  async look(): Promise<Snapshot> {
    const derivations = await this.progress();
    const sum = (key: 'records' | 'recordsStored' | 'recordsCommitted') =>
      derivations.reduce((total, one) => total + one[key], 0);
    const total = sum('records');
    const done: Readonly<Record<HopName, number | null>> = {
      decode: sum('recordsStored'),
      commit: sum('recordsCommitted'),
      index: null,
      merge: null,
      exhibit: null,
    };
    const stages = await Promise.all(hopNames.map((hop) => this.#stage(hop, done[hop], total)));
    const complete = derivations.every((one) => one.complete);
    return { at: new Date().toISOString(), case: this.#case.vault.location, derivations, complete, stages };
  }

  async #stage(stage: HopName, records: number | null, all: number): Promise<StageLine> {
    const queue = this.#queues.of(stage);
    const [counts, workers] = await Promise.all([queue.countsByState(), queue.workers()]);
    const active = await queue.list('active', 100);
    const slowest = slowestOf(active.length > 0 ? active : await queue.list('again', 100));
    const total = records === null ? null : all;
    const rate = records === null ? null : this.#meter(stage).rate(records);
    const left = total === null || records === null ? null : Math.max(0, total - records);
    const secondsLeft = left === null || rate === null || rate <= 0 ? null : Math.ceil(left / rate);
    return { stage, ...counts, records, total, rate, secondsLeft, slowest, workers };
  }

  #meter(stage: HopName): RateMeter {
    const known = this.#rates.get(stage) ?? new RateMeter();
    this.#rates.set(stage, known);
    return known;
  }
}

/** Seconds that a rate is taken over. */
const WINDOW_S = 30;

class RateMeter {
  readonly #looks: { readonly at: number; readonly done: number }[] = [];

  rate(done: number): number | null {
    const at = performance.now() / 1000;
    this.#looks.push({ at, done });
    while (this.#looks.length > 2 && at - (this.#looks[0]?.at ?? at) > WINDOW_S) this.#looks.shift();
    const first = this.#looks[0];
    if (first === undefined || at === first.at) return null;
    return Math.round((done - first.done) / (at - first.at));
  }
}

function slowestOf(jobs: readonly JobLine[]): StageLine['slowest'] {
  const [oldest] = [...jobs].sort((a, b) => a.since - b.since);
  if (oldest === undefined) return null;
  // The other clock may be ahead of this one.
  return { id: oldest.id, data: oldest.data, seconds: Math.max(0, Math.round((Date.now() - oldest.since) / 1000)) };
}
