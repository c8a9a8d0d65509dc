import { openCase, StretchDecoder } from '@custody/case';
import type { Hop } from './queue.ts';
import { commitJob, readStretchJob } from './stretch-job.ts';

/** Derivations kept open: to open one means to prepare its capture. As many as jobs that may overlap (queue.ts). */
const MOST_OPEN = 2;

/** One that nobody uses for so long is closed: its threads and its copy of the original take room that others need. */
const IDLE_MS = 60_000;

interface OpenDerivation {
  readonly decoder: Promise<StretchDecoder>;
  /** Jobs that decode by it now. */
  users: number;
  /** When it was used last: milliseconds of performance.now. */
  used: number;
}

/** The hop from a stretch of units to stored, uncommitted segments. Needs `source`; keys never leave this process. */
export class DecodeHop {
  readonly #threads: number;
  readonly #open = new Map<string, OpenDerivation>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ threads = 1 }: { readonly threads?: number } = {}) {
    this.#threads = threads;
  }

  /** A field, so that it can be handed on. */
  readonly run: Hop = async (data) => {
    const job = readStretchJob('decode', data);
    const used = await this.#take(job.case, job.derivation);
    let isLast = false;
    try {
      const decoder = await used.decoder;
      const { stored, units, records } = await decoder.decode(job.stretch);
      isLast = decoder.isClosing(job.stretch);
      const numbers = { derivation: job.derivation, stretch: job.stretch, units, records, stored: stored ? 1 : 0 };
      return { numbers, next: [{ hop: 'commit', job: commitJob(job) }] };
    } finally {
      used.users--;
      used.used = performance.now();
      // The stretch that closes a derivation comes after all others.
      if (isLast) await this.#closeIdle((one) => one === used);
      else this.#watch();
    }
  };

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const decoder of await Promise.allSettled([...this.#open.values()].map((one) => one.decoder))) {
      if (decoder.status === 'fulfilled') await decoder.value.close();
    }
    this.#open.clear();
  }

  /** The derivation, opened or being opened; whoever took it counts as its user. */
  async #take(location: string, derivation: number): Promise<OpenDerivation> {
    const key = JSON.stringify([location, derivation]);
    if (!this.#open.has(key)) await this.#closeIdle(() => this.#open.size >= MOST_OPEN);
    // Another job may have opened it meanwhile.
    const known = this.#open.get(key);
    if (known !== undefined) {
      known.users++;
      return known;
    }
    const opening: OpenDerivation = { decoder: openDecoder(location, derivation, this.#threads), users: 1, used: 0 };
    this.#open.set(key, opening);
    // What could not be opened is tried afresh the next time.
    opening.decoder.catch(() => this.#open.delete(key));
    return opening;
  }

  #watch(): void {
    clearTimeout(this.#timer);
    const isOld = ({ used }: OpenDerivation) => performance.now() - used >= IDLE_MS;
    this.#timer = setTimeout(() => void this.#closeIdle(isOld), IDLE_MS + 1).unref();
  }

  /** Closes those that no job uses, oldest first, where `which` says so. */
  async #closeIdle(which: (one: OpenDerivation) => boolean): Promise<void> {
    for (const [key, one] of this.#open) {
      if (one.users > 0 || !which(one)) continue;
      this.#open.delete(key);
      await (await one.decoder.catch(() => null))?.close();
    }
  }
}

async function openDecoder(location: string, derivation: number, threads: number): Promise<StretchDecoder> {
  return StretchDecoder.open(await openCase(location), derivation, { threads });
}
