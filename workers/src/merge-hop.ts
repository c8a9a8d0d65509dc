import { type Case, type MergeJob, mergeAbove, mergeOne } from '@custody/case';
import { mergeJob, readMergeJob } from './merge-job.ts';
import { OpenCases } from './open-cases.ts';
import type { Hop, NextJob } from './queue.ts';

/** Segments of a tile of a level: as many as it must find in the log. */
const WIDTH = 16;

/** The hop from 16 tiles of one level to one of the next. Create-once; what is missing below asks again when it is made. */
export function mergeHop(cases: OpenCases = new OpenCases()): Hop {
  return async (data) => {
    const { case: location, level, number } = readMergeJob(data);
    const opened = await cases.at(location, (number + 1) * WIDTH ** level);
    const outcome = await mergeOne(opened, { level, number });
    const numbers = { level, number, stored: outcome === 'stored' ? 1 : 0, missing: outcome === 'missing' ? 1 : 0 };
    return { numbers, next: outcome === 'missing' ? [] : nextMerge(opened, location, { level, number }) };
  };
}

/** The job that the tile just made asks for. */
export function nextMerge(opened: Case, location: string, made: MergeJob): readonly NextJob[] {
  const above = mergeAbove(opened, made);
  return above === null ? [] : [{ hop: 'merge', job: mergeJob({ case: location, ...above, after: made.number }) }];
}
