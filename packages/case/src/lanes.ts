/** Runs jobs, a bounded number at once. The first failure is thrown to whoever asks next. */
export class Lanes {
  readonly #most: number;
  readonly #running = new Set<Promise<void>>();
  #failed: { readonly error: unknown } | null = null;

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when the job has begun. */
  async run(job: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    this.#check();
    const done = job()
      .catch((error: unknown) => {
        this.#failed ??= { error };
      })
      .finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  /** Resolves when all jobs are done. */
  async done(): Promise<void> {
    await Promise.all(this.#running);
    this.#check();
  }

  #check(): void {
    if (this.#failed !== null) throw this.#failed.error;
  }
}
