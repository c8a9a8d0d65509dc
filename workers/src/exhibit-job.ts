import { isLocation, jobId, malformed } from './job-data.ts';
import type { NewJob } from './queue.ts';

/** An exhibit to be made. What it shows stands sealed in the case: the job only names the order. */
export interface ExhibitJob {
  /** Where the case lies: a directory or `s3://bucket/prefix`. */
  readonly case: string;
  /** Label of the order. */
  readonly order: string;
}

export function exhibitJob(data: ExhibitJob): NewJob<ExhibitJob> {
  return { id: jobId('exhibit', data.case, data.order), data };
}

/** Reads a job's data. Throws UsageError JOB_MALFORMED. */
export function readExhibitJob(data: unknown): ExhibitJob {
  const { case: location, order } = (data ?? {}) as Partial<Record<keyof ExhibitJob, unknown>>;
  if (!isLocation(location) || typeof order !== 'string' || !/^\d{1,10}-[0-9a-f]{32}$/.test(order))
    throw malformed('exhibit');
  return { case: location, order };
}
