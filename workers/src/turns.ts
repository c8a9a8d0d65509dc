/** How many jobs may be under way, as the worker that takes them is told. */
export interface Takes {
  concurrency: number;
}

/**
 * Lets up to `most` jobs of a hop overlap, so that one begins while the last results of another are being stored. A job
 * that failed before, or outlived a worker, runs alone, and a worker that has done nothing yet takes one at a time:
 * what kills workers or threads takes no other job with it for long.
 */
export class Turns {
  readonly #takes: Takes;
  readonly #most: number;
  readonly #running = new Set<Promise<unknown>>();
  #suspects = 0;

  constructor(takes: Takes, most: number) {
    this.#takes = takes;
    this.#most = most;
  }

  async run<T>(isSuspect: boolean, work: () => Promise<T>): Promise<T> {
    if (!isSuspect) return this.#run(work);
    this.#suspects++;
    this.#takes.concurrency = 1;
    try {
      while (this.#running.size > 0) await Promise.allSettled(this.#running);
      return await this.#run(work);
    } finally {
      this.#suspects--;
    }
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#running.add(running);
    try {
      const result = await running;
      if (this.#suspects === 0) this.#takes.concurrency = this.#most;
      return result;
    } finally {
      this.#running.delete(running);
    }
  }
}
