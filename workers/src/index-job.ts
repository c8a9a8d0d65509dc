import { isCount, isLocation, jobId, malformed } from './job-data.ts';
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

export function indexJob(data: IndexJob): NewJob<IndexJob> {
  return { id: jobId('index', data.case, data.from, data.to), data };
}

/** The jobs that cover these segments. They cover fixed stretches of the log, so two callers name the same ones. */
export function indexJobs(location: string, ordinals: Iterable<number>, total: number): readonly NewJob<IndexJob>[] {
  const stretches = new Set([...ordinals].map((ordinal) => Math.floor(ordinal / SEGMENTS_A_JOB)));
  return [...stretches].map((stretch) => {
    const from = stretch * SEGMENTS_A_JOB;
    return indexJob({ case: location, from, to: Math.min(from + SEGMENTS_A_JOB, total) });
  });
}

/** Reads a job's data. Throws UsageError JOB_MALFORMED. */
export function readIndexJob(data: unknown): IndexJob {
  const { case: location, from, to } = (data ?? {}) as Partial<Record<keyof IndexJob, unknown>>;
  const stretch = isCount(from) && isCount(to) && from < to && to - from <= SEGMENTS_A_JOB;
  if (!isLocation(location) || !stretch) throw malformed('index');
  return { case: location, from, to };
}
