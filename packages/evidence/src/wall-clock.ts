import type { Precision } from './item.ts';

const HOUR = 3_600_000;

/** Offsets from UTC that clocks are set to: from -12:00 to +14:00 (IANA time zone database, Etc/GMT+12 to Etc/GMT-14). */
const WEST = 12 * HOUR;
const EAST = 14 * HOUR;

/** How long after its start an interval of that precision ends, in milliseconds; of an unknown one, a day. */
const lengths: Readonly<Record<Precision, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: HOUR,
  day: 24 * HOUR,
  unknown: 24 * HOUR,
};

/**
 * Bounds `[from, to)` in UTC of what a wall clock of no stated zone showed: true in every zone. `readings` are the wall
 * clock as if it were UTC, in milliseconds; several where the order of day and month is not known.
 */
export function withinAnyZone(readings: readonly number[], precision: Precision): readonly [number, number] {
  return [Math.min(...readings) - EAST, Math.max(...readings) + WEST + lengths[precision]];
}
