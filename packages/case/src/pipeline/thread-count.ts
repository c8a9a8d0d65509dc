import { availableParallelism } from 'node:os';

/** Threads to use: all cores unless told otherwise. */
export function threadCount(wanted: number | undefined): number {
  return wanted ?? Math.max(1, availableParallelism());
}
