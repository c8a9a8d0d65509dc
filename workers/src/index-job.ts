import { createHash } from 'node:crypto';
import { usage } from './errors.ts';
import type { NewJob } from './queue.ts';

/** A stretch of a case's segments, by their numbers in log order. */
export interface IndexJob {
  /** Where the case lies: a directory or `s3://bucket/prefix`. */
  readonly case: string;
  readonly from: number;
  readonly to: number;
}

/** Segments a job: some 65,000 leaves, a second or so of work. */
export const SEGMENTS_A_JOB = 16;
const LONGEST_LOCATION = 4_096;

/** The job with the id that follows from it. Ids hold no colon: BullMQ refuses it. */
export function indexJob(data: IndexJob): NewJob<IndexJob> {
  const text = JSON.stringify(['custody/index-job/v1', data.case, data.from, data.to]);
  return { id: createHash('sha256').update(text).digest('hex').slice(0, 32), data };
}

/** Reads a job's data. Whoever can write to Redis controls it. Throws UsageError JOB_MALFORMED. */
export function readIndexJob(data: unknown): IndexJob {
  const { case: location, from, to } = (data ?? {}) as Partial<Record<keyof IndexJob, unknown>>;
  const stretch = isCount(from) && isCount(to) && from < to && to - from <= SEGMENTS_A_JOB;
  if (typeof location !== 'string' || location.length > LONGEST_LOCATION || !stretch) {
    throw usage('JOB_MALFORMED', 'a job of the index queue is not of this version: enqueue the case again');
  }
  return { case: location, from, to };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
