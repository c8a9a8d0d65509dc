import { Worker } from 'node:worker_threads';
import type { Hop, HopName, HopResult } from './queue.ts';
import { FailedHop, type Failure } from './retry.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './hop-entry.ts' : './hop-entry.js', import.meta.url);

/** What the thread of a hop is told at its start. */
export interface HopTerms {
  readonly hop: HopName;
  /** Threads that one decode job may use. */
  readonly threads: number;
}

/** What a thread answers to a job. */
export type HopAnswer = { readonly result: HopResult } | { readonly failed: Failure };

/**
 * A hop in a thread of its own: however long it computes, this thread renews the job's lock, tells Redis how it is, and
 * answers who asks for health. A thread that ends unasked fails the job it had, and the next job gets a new one.
 */
export class HopThread {
  readonly #terms: HopTerms;
  #worker: Worker | null = null;

  constructor(terms: HopTerms) {
    this.#terms = terms;
  }

  /** A field, so that it can be handed on. */
  readonly run: Hop = (data) =>
    new Promise((resolve, reject) => {
      const worker = this.#started();
      const settle = (settled: () => void): void => {
        worker.off('message', answered).off('error', died).off('exit', ended);
        settled();
      };
      const answered = (answer: HopAnswer): void =>
        settle(() => ('failed' in answer ? reject(new FailedHop(answer.failed)) : resolve(answer.result)));
      const died = (error: unknown): void => settle(() => reject(error));
      const ended = (): void => settle(() => reject(new Error('the thread of a hop ended before its job')));
      worker.on('message', answered).on('error', died).on('exit', ended);
      worker.postMessage({ data });
    });

  /** Lets the thread close what it has open. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage(null);
    await gone;
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(entry, { workerData: this.#terms });
    // Who waits for a job hears of it; where none does, the next job starts anew.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    this.#worker = worker;
    return worker;
  }
}
