import { MERGE_WIDTH, segmentsOf, TOP_LEVEL } from '@custody/search';
import type { MergeJob } from './merge-index.ts';
import type { Case } from './open-case.ts';

/**
 * The merge that a tile takes part in, `level` 0 and `number` an ordinal for the tile of one segment; null where the log
 * does not fill it yet. Whoever makes a tile asks for the merge above it: the last of the 16 finds all of them there.
 */
export function mergeAbove({ ledger }: Case, { level, number }: MergeJob): MergeJob | null {
  const above = { level: level + 1, number: Math.floor(number / MERGE_WIDTH) };
  const isFull = (above.number + 1) * segmentsOf(above.level) <= ledger.segments.length;
  return above.level <= TOP_LEVEL && isFull ? above : null;
}
