import type { LoggedEntry } from '@custody/chain';
import type { Failure } from '../failure.ts';
import type { TimestampAnchor } from './verify-anchors.ts';

/** What clocks of institutions may differ by before a claim counts as false. */
const TOLERANCE_MS = 5 * 60_000;

/** Between which times an entry came into being, as others stated. */
export interface TimeBounds {
  readonly notBefore?: string;
  readonly notAfter?: string;
}

/** Bounds by index: a token that is chained into the log before an entry is older, one that stamps it is younger. */
export function boundsOf(timestamps: readonly TimestampAnchor[]): (entry: number) => TimeBounds {
  const times = timestamps.map((anchor) => ({
    entry: anchor.entry,
    size: anchor.size,
    earliest: Date.parse(anchor.time) - (anchor.accuracyMs ?? 0),
    latest: Date.parse(anchor.time) + (anchor.accuracyMs ?? 0),
  }));
  return (entry) => {
    let notBefore = Number.NEGATIVE_INFINITY;
    let notAfter = Number.POSITIVE_INFINITY;
    for (const anchor of times) {
      if (anchor.entry <= entry) notBefore = Math.max(notBefore, anchor.earliest);
      if (entry < anchor.size) notAfter = Math.min(notAfter, anchor.latest);
    }
    return {
      ...(Number.isFinite(notBefore) && { notBefore: new Date(notBefore).toISOString() }),
      ...(Number.isFinite(notAfter) && { notAfter: new Date(notAfter).toISOString() }),
    };
  };
}

/** An entry's time is what its writer's clock showed. Those that the bounds belie, by more than clocks may differ. */
export function falseTimes(
  entries: readonly LoggedEntry[],
  boundsAt: (entry: number) => TimeBounds,
): readonly Failure[] {
  const failures: Failure[] = [];
  for (const { index, time, kind } of entries) {
    const { notBefore, notAfter } = boundsAt(index);
    const isEarly = notBefore !== undefined && time < Date.parse(notBefore) - TOLERANCE_MS;
    const isLate = notAfter !== undefined && time > Date.parse(notAfter) + TOLERANCE_MS;
    if (!isEarly && !isLate) continue;
    const shown = isEarly ? `it came after a time-stamp of ${notBefore}` : `it was there when ${notAfter} was stamped`;
    failures.push({
      object: 'log',
      code: 'ENTRY_TIME_FALSE',
      message: `entry ${index} (${kind}) says it was made at ${new Date(time).toISOString()}, but ${shown}: the clock was wrong or the time is a lie`,
    });
  }
  return failures;
}
