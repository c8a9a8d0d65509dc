import { type Clock, type Instant, withinAnyZone } from '@custody/evidence';
import { textOf } from './json-object.ts';

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

/**
 * The time of a message. `unix` (seconds, since 2021) is of the server and tells the instant; `local` is the wall clock of
 * the computer that exported, whose zone no export states.
 */
export function instantOf(unix: unknown, local: unknown, clock: Clock = 'server'): Instant | null {
  const seconds = textOf(unix);
  if (seconds !== null && /^\d{1,11}$/.test(seconds)) {
    return { utc: Number(seconds) * 1000, raw: seconds, zone: 'UTC', precision: 's', clock };
  }
  const raw = textOf(local);
  if (raw === null) return null;
  const instant: Instant = { utc: null, raw: raw.slice(0, 100), zone: null, precision: 's', clock };
  const shown = LOCAL.test(raw) ? Date.parse(`${raw}Z`) : Number.NaN;
  return Number.isNaN(shown) ? instant : { ...instant, within: withinAnyZone([shown], 's') };
}

/** Minutes between the wall clock and UTC; null where one of both is missing. */
export function offsetOf(unix: unknown, local: unknown): number | null {
  const seconds = textOf(unix);
  const text = textOf(local);
  if (seconds === null || text === null || !/^\d{1,11}$/.test(seconds)) return null;
  const shown = Date.parse(`${text}Z`);
  return Number.isNaN(shown) ? null : Math.round((shown - Number(seconds) * 1000) / 60_000);
}
