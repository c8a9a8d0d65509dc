import { isCount, isLocation, jobId, malformed } from './job-data.ts';
import type { NewJob } from './queue.ts';

/** A stretch of a derivation: of units to decode, or stored and to be committed. */
export interface StretchJob {
  /** Where the case lies: a directory or `s3://bucket/prefix`. */
  readonly case: string;
  /** Index of the derive entry. */
  readonly derivation: number;
  readonly stretch: number;
}

export function decodeJob(data: StretchJob): NewJob<StretchJob> {
  return { id: jobId('decode', data.case, data.derivation, data.stretch), data };
}

/** Commits all that is ready when it runs; there is one for each stretch, so that none that is stored is forgotten. */
export function commitJob(data: StretchJob): NewJob<StretchJob> {
  return { id: jobId('commit', data.case, data.derivation, data.stretch), data };
}

/** Reads a job's data. Throws UsageError JOB_MALFORMED. */
export function readStretchJob(hop: 'decode' | 'commit', data: unknown): StretchJob {
  const { case: location, derivation, stretch } = (data ?? {}) as Partial<Record<keyof StretchJob, unknown>>;
  if (!isLocation(location) || !isCount(derivation) || !isCount(stretch)) throw malformed(hop);
  return { case: location, derivation, stretch };
}
