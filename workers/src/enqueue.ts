import { mergeJobs, openCase, segmentsWithoutTile } from '@custody/case';
import { indexJobs } from './index-job.ts';
import { mergeJob } from './merge-job.ts';
import type { QueuePlace } from './queue.ts';
import { withQueues } from './queues.ts';

export interface Enqueued {
  /** Segments that have no whole tile. */
  readonly segments: number;
  /** Jobs that cover them, and how many of these were added now: the others were waiting already. */
  readonly jobs: number;
  readonly added: number;
  /** Jobs for merges that can be made of the tiles there are. */
  readonly merges: number;
}

/** Tiles that one is merged from. */
const WIDTH = 16;

/**
 * Hands in the jobs for every segment of a case without an index tile, and for every merge that can be made: a function
 * of what is stored, so after a loss of Redis the same call brings all of them back.
 */
export async function enqueueIndex(location: string, place: QueuePlace): Promise<Enqueued> {
  const opened = await openCase(location);
  const missing = await segmentsWithoutTile(opened);
  const ordinals = missing.map(({ ordinal }) => ordinal);
  const at = opened.vault.location;
  const jobs = indexJobs(at, ordinals, opened.ledger.segments.length);
  // Over a segment without a tile nothing can be merged yet: its index job asks for that.
  const possible = missing.length > 0 ? [] : await mergeJobs(opened);
  const merges = possible.map((tile) => mergeJob({ case: at, ...tile, after: tile.number * WIDTH }));
  return withQueues(place, async (queues) => {
    const added = await queues.of('index').add(jobs);
    await queues.of('merge').add(merges);
    return { segments: missing.length, jobs: jobs.length, added, merges: merges.length };
  });
}
