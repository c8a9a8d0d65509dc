import { openCase, segmentsWithoutTile } from '@custody/case';
import { type IndexJob, indexJob, SEGMENTS_A_JOB } from './index-job.ts';
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
 * Redis the same call brings all of them back. Jobs cover fixed stretches of the log, so two callers name the same ones.
 */
export async function enqueueIndex(location: string, place: QueuePlace): Promise<Enqueued> {
  const opened = await openCase(location);
  const missing = await segmentsWithoutTile(opened);
  const total = opened.ledger.segments.length;
  const stretches = new Set(missing.map(({ ordinal }) => Math.floor(ordinal / SEGMENTS_A_JOB)));
  const jobs = [...stretches].map((stretch) => {
    const from = stretch * SEGMENTS_A_JOB;
    return indexJob({ case: opened.vault.location, from, to: Math.min(from + SEGMENTS_A_JOB, total) });
  });
  const queue = await JobQueue.open<IndexJob>('index', place);
  try {
    return { segments: missing.length, jobs: jobs.length, added: await queue.add(jobs) };
  } finally {
    await queue.close();
  }
}
