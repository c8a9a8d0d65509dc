import { createHash } from 'node:crypto';
import { usage } from './errors.ts';

/** A path on a file system is shorter, and so is a bucket with its prefix. */
const LONGEST_LOCATION = 4_096;

/** The id that follows from what a job is about. Ids hold no colon: BullMQ refuses it. */
export function jobId(kind: string, ...parts: readonly (string | number)[]): string {
  const text = JSON.stringify([`custody/${kind}-job/v1`, ...parts]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isLocation(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST_LOCATION;
}

/** Whoever can write to Redis controls what a job says. */
export function malformed(hop: string): Error {
  return usage(
    'JOB_MALFORMED',
    `a job of the ${hop} queue is not of this version: drop it, then "custody resume --queue"`,
  );
}
