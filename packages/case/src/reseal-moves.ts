import { compartmentOf, type Disposition, dispositions } from '@custody/evidence';
import type { LoggedSegment, MovedItem } from '@custody/segment';
import type { Case } from './open-case.ts';

/** Where the decision of entry `entry` puts items of a segment, by position. */
export function movesOf(opened: Case, entry: number, segment: LoggedSegment): ReadonlyMap<number, MovedItem> {
  const decision = opened.state.history.decisions.find((one) => one.entry === entry);
  const out = new Map<number, MovedItem>();
  for (const [first, count, , code] of decision?.runs ?? []) {
    const to = Math.min(first + count, segment.first + segment.count);
    for (let index = Math.max(first, segment.first); index < to; index++) {
      const compartment = compartmentOf(dispositions[code] as Disposition);
      out.set(index - segment.first, { compartment, code, rule: decision?.rule ?? '' });
    }
  }
  return out;
}
