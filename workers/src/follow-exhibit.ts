import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@custody/bytes';
import { type Case, orderedResult } from '@custody/case';
import { exhibitJob } from './exhibit-job.ts';
import { Notes, SetAside } from './follow.ts';
import type { Queues } from './queues.ts';

/** Between two looks at the store. */
const LOOK_MS = 500;
/** Looks after which the queue is looked into. */
const PATIENCE = 4;
const MOST_JOBS = 100_000;

/**
 * Waits until a worker has made an ordered exhibit. Where Redis has lost the job it is handed in again. Throws the error of
 * a job that was set aside.
 */
export async function followExhibit(
  opened: Case,
  order: string,
  { queues, tell }: { readonly queues: Queues; readonly tell: (news: { readonly note: string }) => void },
): Promise<void> {
  const notes = new Notes(tell);
  const job = exhibitJob({ case: opened.vault.location, order });
  for (let looks = 1; (await orderedResult(opened, order)) === null; looks++) {
    if (looks % PATIENCE === 0) await revive();
    await sleep(LOOK_MS);
  }

  async function revive(): Promise<void> {
    const queue = queues.of('exhibit');
    try {
      const failed = (await queue.list('set-aside', MOST_JOBS)).filter(({ id }) => id === job.id);
      if (failed.length > 0) throw new SetAside(failed);
      await queue.add([job]);
      if ((await queue.workers()) === 0)
        notes.once('no worker takes exhibit jobs: start "custody worker --redis URL" on some machine');
    } catch (error) {
      if (error instanceof SetAside) throw error.told();
      if (!(error instanceof UnavailableError)) throw error;
      notes.once(`${error.message}: waiting, nothing is lost`);
    }
  }
}
