import { openCase, StretchDecoder } from '@custody/case';
import type { Hop } from './queue.ts';
import { commitJob, readStretchJob } from './stretch-job.ts';

/** Derivations kept open: to open one means to prepare its capture. As many as jobs that may overlap (queue.ts). */
const MOST_OPEN = 2;

interface OpenDerivation {
  readonly decoder: Promise<StretchDecoder>;
  /** Jobs that decode by it now. */
  users: number;
}

/** The hop from a stretch of units to stored, uncommitted segments. Needs `source`; keys never leave this process. */
export class DecodeHop {
  readonly #threads: number;
  readonly #open = new Map<string, OpenDerivation>();

  constructor({ threads = 1 }: { readonly threads?: number } = {}) {
    this.#threads = threads;
  }

  /** A field, so that it can be handed on. */
  readonly run: Hop = async (data) => {
    const job = readStretchJob('decode', data);
    const used = await this.#take(job.case, job.derivation);
    try {
      const { stored, units, records } = await (await used.decoder).decode(job.stretch);
      const numbers = { derivation: job.derivation, stretch: job.stretch, units, records, stored: stored ? 1 : 0 };
      return { numbers, next: [{ hop: 'commit', job: commitJob(job) }] };
    } finally {
      used.users--;
    }
  };

  async close(): Promise<void> {
    for (const decoder of await Promise.allSettled([...this.#open.values()].map((one) => one.decoder))) {
      if (decoder.status === 'fulfilled') await decoder.value.close();
    }
    this.#open.clear();
  }

  /** The derivation, opened or being opened; whoever took it counts as its user. */
  async #take(location: string, derivation: number): Promise<OpenDerivation> {
    const key = JSON.stringify([location, derivation]);
    if (!this.#open.has(key)) await this.#closeIdle();
    // Another job may have opened it meanwhile.
    const known = this.#open.get(key);
    if (known !== undefined) {
      known.users++;
      return known;
    }
    const opening: OpenDerivation = { decoder: openDecoder(location, derivation, this.#threads), users: 1 };
    this.#open.set(key, opening);
    // What could not be opened is tried afresh the next time.
    opening.decoder.catch(() => this.#open.delete(key));
    return opening;
  }

  /** Makes room for one more, of those that no job uses the oldest. */
  async #closeIdle(): Promise<void> {
    for (const [key, { decoder, users }] of this.#open) {
      if (this.#open.size < MOST_OPEN) return;
      if (users > 0) continue;
      this.#open.delete(key);
      await (await decoder.catch(() => null))?.close();
    }
  }
}

async function openDecoder(location: string, derivation: number, threads: number): Promise<StretchDecoder> {
  return StretchDecoder.open(await openCase(location), derivation, { threads });
}
