import { CustodyError } from '@custody/bytes';

/** What becomes of a job that failed, and the words that may stand in Redis and in logs: never content, never keys. */
export interface Fate {
  /** Whether trying again later may help. */
  readonly again: boolean;
  /** The worker is what does not fit, not the job: another may do it, and this one should leave such jobs alone. */
  readonly elsewhere?: boolean;
  readonly code: string;
  readonly message: string;
}

/** A failure as it crosses from the thread of a hop: its fate, and where it happened. */
export interface Failure extends Fate {
  readonly at: readonly string[];
}

/** A hop failed in its thread. */
export class FailedHop extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Tries of one job: half a second after the first, doubling, so a store may be away for a quarter of an hour. */
export const RETRIES = { attempts: 12, delayMs: 500, jitter: 0.5 } as const;

/** What a worker lacks: keys, an identity, the version of the decoder that the derivation was begun with. */
const OF_THE_WORKER = new Set(['NO_RIGHTS', 'SEALED_TO_OTHERS', 'IDENTITY_UNREADABLE', 'DECODER_DIFFERS']);

/**
 * Maps the four families to a job's fate; nothing else decides it. Only what is unavailable comes back, and what
 * another worker may be able to do. Messages of
 * custody's own errors hold neither content nor keys; of any other error only its class is told, because nobody knows
 * what its message holds.
 */
export function fateOf(error: unknown): Fate {
  if (error instanceof FailedHop) {
    const { at: _, ...fate } = error.failure;
    return fate;
  }
  if (error instanceof CustodyError) {
    const { code, message } = error;
    if (OF_THE_WORKER.has(code)) return { again: true, elsewhere: true, code, message };
    return { again: error.family === 'unavailable', code, message };
  }
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return { again: false, code: 'FAULT', message: `a fault of the program (${name}): the worker's log says where` };
}

/** A failure to be told to another thread. */
export function failureOf(error: unknown): Failure {
  return { ...fateOf(error), at: framesOf(error) };
}

/** Where a fault happened: the frames of its stack without its message. */
export function framesOf(error: unknown): readonly string[] {
  if (error instanceof FailedHop) return error.failure.at;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .slice(0, 12);
}
