import type { Worker } from 'node:worker_threads';
import { takeThread } from './spare-threads.ts';
import type { DerivationJob, Order, Outcome, UnitDone, UnitJob } from './unit-job.ts';
import { UnitRunner } from './unit-runner.ts';
import { reviveError, type WireError } from './wire-error.ts';

/**
 * Units a thread has at once: while one waits for the disk the next is computed, and those that are stored at the same time
 * share what waiting costs, above all the syncs of folders. Of each only its sealed objects are kept meanwhile, 1 to 2 MB.
 */
const UNDER_WAY = 6;

/**
 * Runs units of one derivation, on threads where there is more than one unit and more than one thread, and yields
 * results in unit order with a bounded number under way. What comes out does not depend on the number of threads.
 */
export class UnitPool {
  readonly #job: DerivationJob;
  readonly #threads: number;
  readonly #all: UnitThread[] = [];
  readonly #waiting: (() => void)[] = [];
  #inline: Promise<UnitRunner> | null = null;
  #runs = 0;

  constructor(job: DerivationJob, threads: number) {
    this.#job = job;
    this.#threads = threads;
  }

  /** In this thread. */
  async runInline(unit: UnitJob): Promise<UnitDone> {
    this.#inline ??= UnitRunner.open(this.#job);
    return (await this.#inline).run(unit);
  }

  async *run(units: Iterable<UnitJob>): AsyncGenerator<UnitDone, void, undefined> {
    const under: Promise<UnitDone>[] = [];
    const source = units[Symbol.iterator]();
    const start = (unit: UnitJob) => (this.#threads === 1 ? this.runInline(unit) : this.#runOnThread(unit));
    // One more than all threads hold, so that none waits for the result that is next in order.
    const most = this.#threads === 1 ? UNDER_WAY : this.#threads * UNDER_WAY + 1;
    this.#runs++;
    try {
      for (;;) {
        while (under.length < most) {
          const next = source.next();
          if (next.done === true) break;
          under.push(marked(start(next.value)));
        }
        const first = under.shift();
        if (first === undefined) return;
        yield await first;
      }
    } finally {
      await Promise.allSettled(under);
      this.#runs--;
    }
  }

  /** Ends all threads unless units are run at this moment; who runs some again gets new ones. */
  async rest(): Promise<void> {
    if (this.#runs === 0) await Promise.all(this.#all.splice(0).map((thread) => thread.stop()));
  }

  async close(): Promise<void> {
    (await this.#inline)?.close();
    await Promise.all(this.#all.map((thread) => thread.stop()));
  }

  async #runOnThread(unit: UnitJob): Promise<UnitDone> {
    const thread = await this.#take();
    try {
      return await thread.run(unit);
    } finally {
      this.#waiting.shift()?.();
    }
  }

  /** The thread with least to do that may have one more. */
  async #take(): Promise<UnitThread> {
    for (;;) {
      const least = this.#all.reduce<UnitThread | null>((a, b) => (a !== null && a.load <= b.load ? a : b), null);
      if (least !== null && (least.load === 0 || this.#all.length === this.#threads) && least.load < UNDER_WAY) {
        return least;
      }
      if (this.#all.length < this.#threads) {
        const thread = new UnitThread(this.#job);
        this.#all.push(thread);
        return thread;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

class UnitThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, (outcome: Outcome | Failure) => void>();
  #ended: Failure | null = null;

  constructor(job: DerivationJob) {
    this.#worker = takeThread();
    this.#tell({ job });
    this.#worker.on('message', (outcome: Outcome) => this.#settle(outcome.unit, outcome));
    this.#worker.on('error', (error) => this.#end({ failed: { message: error.stack ?? String(error) } }));
    this.#worker.on('exit', (code) => this.#end({ failed: { message: `a worker thread ended with code ${code}` } }));
  }

  /** Units it was given and has not answered. */
  get load(): number {
    return this.#pending.size;
  }

  run(unit: UnitJob): Promise<UnitDone> {
    return new Promise((resolve, reject) => {
      this.#pending.set(unit.unit, (outcome) => {
        if ('done' in outcome && outcome.done !== undefined) resolve(outcome.done);
        else reject(reviveError(outcome.failed ?? { message: 'a worker thread gave no answer' }));
      });
      if (this.#ended === null) this.#tell({ unit });
      else this.#settle(unit.unit, this.#ended);
    });
  }

  stop(): Promise<void> {
    if (this.#ended !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#worker.once('exit', () => resolve());
      this.#tell(null);
    });
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order);
  }

  #settle(unit: number, outcome: Outcome | Failure): void {
    const settle = this.#pending.get(unit);
    this.#pending.delete(unit);
    settle?.(outcome);
  }

  #end(failure: Failure): void {
    this.#ended ??= failure;
    for (const unit of [...this.#pending.keys()]) this.#settle(unit, this.#ended);
  }
}

interface Failure {
  readonly failed: WireError;
}

/** A failure is met where the result is awaited, in order; until then it is not an unhandled one. */
function marked<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
