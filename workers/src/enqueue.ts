import { openCase, segmentsWithoutTile } from '@custody/case';
import { type IndexJob, indexJobs } from './index-job.ts';
import { JobQueue, type QueuePlace } from './queue.ts';

export interface Enqueued {
  /** Segments that have no whole tile. */
  readonly segments: number;
  /** Jobs that cover them, and how many of these were added now: the others were waiting already. */
  readonly jobs: number;
  readonly added: number;
}

/**
 * Hands in the jobs for every segment of a case without an index tile: a function of what is stored, so after a loss of
 * Redis the same call brings all of them back.
 */
export async function enqueueIndex(location: string, place: QueuePlace): Promise<Enqueued> {
  const opened = await openCase(location);
  const missing = await segmentsWithoutTile(opened);
  const ordinals = missing.map(({ ordinal }) => ordinal);
  const jobs = indexJobs(opened.vault.location, ordinals, opened.ledger.segments.length);
  const queue = await JobQueue.open<IndexJob>('index', place);
  try {
    return { segments: missing.length, jobs: jobs.length, added: await queue.add(jobs) };
  } finally {
    await queue.close();
  }
}
