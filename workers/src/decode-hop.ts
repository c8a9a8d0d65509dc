import { openCase, StretchDecoder } from '@custody/case';
import type { Hop } from './queue.ts';
import { commitJob, readStretchJob } from './stretch-job.ts';

/** Derivations kept open: to open one means to prepare its capture. */
const MOST_OPEN = 2;

/** The hop from a stretch of units to stored, uncommitted segments. Needs `source`; keys never leave this process. */
export class DecodeHop {
  readonly #threads: number;
  readonly #open = new Map<string, Promise<StretchDecoder>>();

  constructor({ threads = 1 }: { readonly threads?: number } = {}) {
    this.#threads = threads;
  }

  /** A field, so that it can be handed on. */
  readonly run: Hop = async (data) => {
    const job = readStretchJob('decode', data);
    const decoder = await this.#decoder(job.case, job.derivation);
    const { stored, units, records } = await decoder.decode(job.stretch);
    const numbers = { derivation: job.derivation, stretch: job.stretch, units, records, stored: stored ? 1 : 0 };
    return { numbers, next: [{ hop: 'commit', job: commitJob(job) }] };
  };

  async close(): Promise<void> {
    for (const decoder of await Promise.allSettled(this.#open.values())) {
      if (decoder.status === 'fulfilled') await decoder.value.close();
    }
    this.#open.clear();
  }

  async #decoder(location: string, derivation: number): Promise<StretchDecoder> {
    const key = JSON.stringify([location, derivation]);
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    while (this.#open.size >= MOST_OPEN) await this.#closeOldest();
    const opening = openDecoder(location, derivation, this.#threads);
    this.#open.set(key, opening);
    // What could not be opened is tried afresh the next time.
    opening.catch(() => this.#open.delete(key));
    return opening;
  }

  async #closeOldest(): Promise<void> {
    const [key, oldest] = this.#open.entries().next().value as [string, Promise<StretchDecoder>];
    this.#open.delete(key);
    const decoder = await oldest.catch(() => null);
    await decoder?.close();
  }
}

async function openDecoder(location: string, derivation: number, threads: number): Promise<StretchDecoder> {
  return StretchDecoder.open(await openCase(location), derivation, { threads });
}
