import { isCount, isLocation, jobId, malformed } from './job-data.ts';
import type { NewJob } from './queue.ts';

/** A merged tile to be made: `number` among those of its level. */
export interface MergeTileJob {
  /** Where the case lies: a directory or `s3://bucket/prefix`. */
  readonly case: string;
  readonly level: number;
  readonly number: number;
  /** The tile below whose making asked for it: each asks by a job of its own, so that none is asked for in vain. */
  readonly after: number;
}

/** Levels reach 16^8 segments; the verb knows which there are. */
const HIGHEST = 8;

export function mergeJob(data: MergeTileJob): NewJob<MergeTileJob> {
  return { id: jobId('merge', data.case, data.level, data.number, data.after), data };
}

/** Reads a job's data. Throws UsageError JOB_MALFORMED. */
export function readMergeJob(data: unknown): MergeTileJob {
  const { case: location, level, number, after } = (data ?? {}) as Partial<Record<keyof MergeTileJob, unknown>>;
  const isTile = isCount(level) && level >= 1 && level <= HIGHEST && isCount(number) && isCount(after);
  if (!isLocation(location) || !isTile) throw malformed('merge');
  return { case: location, level, number, after };
}
