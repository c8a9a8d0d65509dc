import { CustodyError } from '@custody/bytes';
import { openCase } from '@custody/case';
import { exhibitJob, readExhibitJob } from './exhibit-job.ts';
import { exitCodeOf } from './exit-code.ts';
import { follow } from './follow.ts';
import { followExhibit } from './follow-exhibit.ts';
import { handIn } from './hand-in.ts';
import type { QueuePlace } from './queue.ts';
import { withQueues } from './queues.ts';

/**
 * For `--queue` of `custody ingest`, `resume` and `exhibit`, line by line of JSON: `{handedIn}` for each derivation, with
 * `wait` then `{progress}` and `{note}` until they are complete; at the end of a failure `{error}`.
 */
export async function handInCommand(
  place: QueuePlace,
  terms: {
    readonly case: string;
    readonly derivations: readonly number[];
    /** Labels of ordered exhibits. */
    readonly exhibits: readonly string[];
    readonly wait: boolean;
  },
): Promise<void> {
  const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
  try {
    const opened = await openCase(terms.case);
    await withQueues(place, async (queues) => {
      for (const derivation of terms.derivations) say({ handedIn: await handIn(opened, derivation, queues) });
      const { location } = opened.vault;
      const jobs = terms.exhibits.map((order) => exhibitJob(readExhibitJob({ case: location, order })));
      if (jobs.length > 0) await queues.of('exhibit').add(jobs);
      if (!terms.wait) return;
      if (terms.derivations.length > 0) await follow(opened, terms.derivations, { queues, tell: say });
      for (const order of terms.exhibits) await followExhibit(opened, order, { queues, tell: say });
    });
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    say({ error: { family: error.family, code: error.code, message: error.message } });
    process.exitCode = exitCodeOf(error);
  }
}
