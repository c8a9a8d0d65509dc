import { indexSegments } from '@custody/case';
import { usage } from './errors.ts';
import { readIndexJob } from './index-job.ts';
import { nextMerge } from './merge-hop.ts';
import { OpenCases } from './open-cases.ts';
import type { Hop } from './queue.ts';

/** The hop from committed segments to index tiles. Create-once: done twice, or by two workers at once, it is done once. */
export function indexHop(cases: OpenCases = new OpenCases()): Hop {
  return async (data) => {
    const job = readIndexJob(data);
    const opened = await cases.at(job.case, job.to);
    const segments = opened.ledger.segments.slice(job.from, job.to);
    if (segments.length < job.to - job.from) {
      throw usage(
        'JOB_MALFORMED',
        `a job asks for segment ${job.to - 1} of a case that has ${opened.ledger.segments.length}`,
      );
    }
    const numbers = { from: job.from, to: job.to, ...(await indexSegments(opened, segments)) };
    return { numbers, next: nextMerge(opened, job.case, { level: 0, number: job.from }) };
  };
}
