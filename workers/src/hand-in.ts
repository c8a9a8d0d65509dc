import { type Case, stretchesDue, stretchProgress } from '@custody/case';
import { usage } from './errors.ts';
import type { Queues } from './queues.ts';
import { commitJob, decodeJob } from './stretch-job.ts';

export interface HandedIn {
  readonly derivation: number;
  /** Jobs that are due by what is stored, and how many of these were added now: the others were waiting already. */
  readonly jobs: number;
  readonly added: number;
}

/**
 * Hands in what is left to do of a derivation: a function of what is stored, so after a loss of Redis the same call
 * brings all of it back. Throws UsageError JOB_MALFORMED for a derivation that was not planned for workers.
 */
export async function handIn(opened: Case, derivation: number, queues: Queues): Promise<HandedIn> {
  const progress = await stretchProgress(opened, derivation);
  if (progress === null) {
    throw usage('JOB_MALFORMED', `derivation ${derivation} was not planned for workers: "custody resume --queue" does`);
  }
  const location = opened.vault.location;
  const due = stretchesDue(progress);
  const decode = due.map((stretch) => decodeJob({ case: location, derivation, stretch }));
  const last = progress.complete ? undefined : progress.stored.at(-1);
  const commit = last === undefined ? [] : [commitJob({ case: location, derivation, stretch: last })];
  const added = (await queues.of('decode').add(decode)) + (await queues.of('commit').add(commit));
  return { derivation, jobs: decode.length + commit.length, added };
}
