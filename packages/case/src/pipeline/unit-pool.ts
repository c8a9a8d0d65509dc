import { Worker } from 'node:worker_threads';
import type { DerivationJob, UnitDone, UnitJob } from './unit-job.ts';
import { UnitRunner } from './unit-runner.ts';
import { reviveError, type WireError } from './wire-error.ts';

/** Threads run the same program as this file: TypeScript in a checkout, JavaScript in a package. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './unit-thread.ts' : './unit-thread.js', import.meta.url);

interface Outcome {
  readonly done?: UnitDone;
  readonly failed?: WireError;
}

/**
 * Runs units of one derivation, on threads where there is more than one unit and more than one thread, and yields
 * results in unit order with a bounded number under way. What comes out does not depend on the number of threads.
 */
export class UnitPool {
  readonly #job: DerivationJob;
  readonly #threads: number;
  readonly #idle: UnitThread[] = [];
  readonly #all: UnitThread[] = [];
  readonly #waiting: ((thread: UnitThread) => void)[] = [];
  #inline: UnitRunner | null = null;

  constructor(job: DerivationJob, threads: number) {
    this.#job = job;
    this.#threads = threads;
  }

  /** In this thread. */
  async runInline(unit: UnitJob): Promise<UnitDone> {
    this.#inline ??= await UnitRunner.open(this.#job);
    return this.#inline.run(unit);
  }

  async *run(units: Iterable<UnitJob>): AsyncGenerator<UnitDone, void, undefined> {
    if (this.#threads === 1) {
      for (const unit of units) yield await this.runInline(unit);
      return;
    }
    const under: Promise<UnitDone>[] = [];
    const source = units[Symbol.iterator]();
    try {
      for (;;) {
        while (under.length < this.#threads * 2) {
          const next = source.next();
          if (next.done === true) break;
          under.push(marked(this.#runOnThread(next.value)));
        }
        const first = under.shift();
        if (first === undefined) return;
        yield await first;
      }
    } finally {
      await Promise.allSettled(under);
    }
  }

  async close(): Promise<void> {
    this.#inline?.close();
    await Promise.all(this.#all.map((thread) => thread.stop()));
  }

  async #runOnThread(unit: UnitJob): Promise<UnitDone> {
    const thread = await this.#take();
    try {
      return await thread.run(unit);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(thread);
      else next(thread);
    }
  }

  #take(): UnitThread | Promise<UnitThread> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.length < this.#threads) {
      const thread = new UnitThread(this.#job);
      this.#all.push(thread);
      return thread;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

class UnitThread {
  readonly #worker: Worker;
  #settle: ((outcome: Outcome) => void) | null = null;
  #ended: Outcome | null = null;

  constructor(job: DerivationJob) {
    this.#worker = new Worker(entry, { workerData: job });
    this.#worker.on('message', (outcome: Outcome) => this.#finish(outcome));
    this.#worker.on('error', (error) => this.#end({ failed: { message: error.stack ?? String(error) } }));
    this.#worker.on('exit', (code) => this.#end({ failed: { message: `a worker thread ended with code ${code}` } }));
  }

  run(unit: UnitJob): Promise<UnitDone> {
    return new Promise((resolve, reject) => {
      this.#settle = ({ done, failed }) => {
        if (done !== undefined) resolve(done);
        else reject(reviveError(failed ?? { message: 'a worker thread gave no answer' }));
      };
      if (this.#ended === null) this.#worker.postMessage(unit);
      else this.#finish(this.#ended);
    });
  }

  stop(): Promise<void> {
    if (this.#ended !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#worker.once('exit', () => resolve());
      this.#worker.postMessage(null);
    });
  }

  #finish(outcome: Outcome): void {
    const settle = this.#settle;
    this.#settle = null;
    settle?.(outcome);
  }

  #end(outcome: Outcome): void {
    this.#ended ??= outcome;
    this.#finish(outcome);
  }
}

/** A failure is met where the result is awaited, in order; until then it is not an unhandled one. */
function marked<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
