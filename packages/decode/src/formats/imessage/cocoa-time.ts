import type { Clock, Instant } from '@custody/evidence';
import type { Rowid } from '../../sqlite/index.ts';

/** Milliseconds from 1970 to 2001-01-01 UTC, where Apple's times begin. */
const EPOCH_MS = 978_307_200_000;
/** Nanoseconds since iOS 11, seconds before: in seconds this number is 31,000 years off, in nanoseconds 17 minutes. */
const LEAST_NANOSECONDS = 1e12;
/** The last millisecond that a Date can hold (ECMA-262 21.4.1.1). */
const LAST_MS = 8.64e15;

/** A time column of Messages: seconds or nanoseconds since 2001; null where it is unset (0, NULL). */
export function messageTime(value: Rowid | null, clock: Clock): Instant | null {
  if (value === null || value === 0) return null;
  const isNano = typeof value === 'bigint' || Math.abs(value) >= LEAST_NANOSECONDS;
  const ms = isNano ? Number(BigInt(value) / 1_000_000n) : value * 1000;
  return instantOf(ms, String(value), { precision: isNano ? 'ms' : 's', clock });
}

/** A time of Core Data: seconds since 2001 with a fraction. */
export function cocoaTime(seconds: number | null, clock: Clock): Instant | null {
  if (seconds === null || seconds === 0 || !Number.isFinite(seconds)) return null;
  return instantOf(Math.round(seconds * 1000), String(seconds), { precision: 'ms', clock });
}

function instantOf(ms: number, raw: string, as: Pick<Instant, 'precision' | 'clock'>): Instant {
  const utc = ms + EPOCH_MS;
  return { utc: Number.isSafeInteger(utc) && Math.abs(utc) <= LAST_MS ? utc : null, raw, zone: 'UTC', ...as };
}
