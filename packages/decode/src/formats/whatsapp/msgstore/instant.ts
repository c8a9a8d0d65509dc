import type { Clock, Instant } from '@custody/evidence';
import type { Rowid } from '../../../sqlite/index.ts';

/** The last millisecond that a Date can hold (ECMA-262 21.4.1.1). */
const LAST_MS = 8.64e15;

/** A time column of milliseconds since 1970 UTC; null where it is unset (NULL, 0, -1). README.md says whose clock. */
export function instantOf(value: Rowid | null, clock: Clock): Instant | null {
  if (value === null || value <= 0) return null;
  const utc = typeof value === 'number' && value <= LAST_MS ? value : null;
  return { utc, raw: value.toString(), zone: 'UTC', precision: 'ms', clock };
}
