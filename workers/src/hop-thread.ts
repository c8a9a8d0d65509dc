import { Worker } from 'node:worker_threads';
import { UnavailableError } from '@custody/bytes';
import type { WorkersErrorCode } from './errors.ts';
import type { Hop, HopName, HopResult } from './queue.ts';
import { FailedHop, type Failure } from './retry.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './hop-entry.ts' : './hop-entry.js', import.meta.url);

/** What the thread of hops is told at its start. */
export interface HopTerms {
  readonly hops: readonly HopName[];
  /** Threads that one decode job may use. */
  readonly threads: number;
}

/** A job as the thread gets it; `null` instead of one: no more come. */
export interface HopOrder {
  readonly id: number;
  readonly hop: HopName;
  readonly data: unknown;
}

/** What a thread answers to a job. */
export type HopAnswer = { readonly id: number } & ({ readonly result: HopResult } | { readonly failed: Failure });

interface Waiting {
  readonly resolve: (result: HopResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hops in a thread of their own, one job each at a time: however long they compute, this thread renews the jobs' locks,
 * tells Redis how it is, and answers who asks for health. A thread that ends unasked fails the job it had, and the next
 * job gets a new one; of several jobs nobody knows which it was, so all are tried again.
 */
export class HopThread {
  readonly #terms: HopTerms;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #next = 0;

  constructor(terms: HopTerms) {
    this.#terms = terms;
  }

  /** The hop `name`, to be handed on. */
  hop(name: HopName): Hop {
    return (data) =>
      new Promise((resolve, reject) => {
        const id = this.#next++;
        const worker = this.#started();
        this.#waiting.set(id, { resolve, reject });
        worker.postMessage({ id, hop: name, data } satisfies HopOrder);
      });
  }

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
    worker.on('message', (answer: HopAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, new Error('the thread of a hop ended before its job')));
    this.#worker = worker;
    return worker;
  }

  #settle(answer: HopAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('failed' in answer) waiting?.reject(new FailedHop(answer.failed));
    else waiting?.resolve(answer.result);
  }

  #lost(worker: Worker, error: unknown): void {
    // What came after has a thread of its own.
    if (this.#worker !== worker) return;
    this.#worker = null;
    const jobs = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of jobs) reject(jobs.length === 1 ? error : oneOfThem(jobs.length));
  }
}

function oneOfThem(count: number): UnavailableError<WorkersErrorCode> {
  return new UnavailableError(
    'THREAD_ENDED',
    `the thread of ${count} jobs ended, and it cannot be told over which: each is tried again`,
  );
}
