import { commitReady } from '@custody/case';
import { indexJobs } from './index-job.ts';
import { OpenCases } from './open-cases.ts';
import type { Hop, NextJob } from './queue.ts';
import { decodeJob, readStretchJob } from './stretch-job.ts';

/**
 * The sequencer: from stored segments to the log, in capture order. Any commit job of a derivation commits all that is
 * ready, so a sequencer that died is replaced by whoever takes the next one. Needs `evidence` and `log`.
 */
export function commitHop(cases: OpenCases = new OpenCases()): Hop {
  return async (data) => {
    const job = readStretchJob('commit', data);
    const opened = await cases.at(job.case, 0);
    const { segments, waitsFor, closingDue, totals } = await commitReady(opened, job.derivation);
    const next: NextJob[] = [];
    if (closingDue) next.push({ hop: 'decode', job: decodeJob({ ...job, stretch: waitsFor }) });
    if (totals !== null) {
      const { ledger } = opened;
      const mine = ledger.segments.filter(({ derive }) => derive === job.derivation);
      // Decoding builds the tiles, too: these jobs look whether each is there, and build what is not.
      const ordinals = mine.map(({ ordinal }) => ordinal);
      for (const one of indexJobs(job.case, ordinals, ledger.segments.length)) next.push({ hop: 'index', job: one });
    }
    const { derivation, stretch } = job;
    return { numbers: { derivation, stretch, segments, waitsFor, complete: totals === null ? 0 : 1 }, next };
  };
}
