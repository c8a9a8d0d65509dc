import type { StageName, StageTimes } from '@custody/case';

/** Which stages are what of an ingest. */
const PARTS: readonly (readonly [what: string, stages: readonly StageName[]])[] = [
  ['taking in and planning', ['hash', 'seal', 'prepare']],
  ['decoding', ['decode', 'decide']],
  ['commit', ['digest', 'compress', 'store', 'commit']],
  ['index', ['words', 'extract', 'encode']],
];

/** Shares of the time by the clock that all stages took, over all threads: where the next bottleneck is. */
export function sharesText(spent: StageTimes): string {
  const wallOf = (stages: readonly StageName[]) => stages.reduce((sum, stage) => sum + (spent[stage]?.wall ?? 0), 0);
  const all = wallOf(PARTS.flatMap(([, stages]) => stages));
  if (all === 0) return 'shares of time: not measured';
  const shares = PARTS.map(([what, stages]) => `${what} ${((100 * wallOf(stages)) / all).toFixed(0)} %`);
  return `shares of the stages' time by the clock, over all threads: ${shares.join(', ')}`;
}
