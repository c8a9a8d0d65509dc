import type { Clock, Instant } from '@custody/evidence';

/** Times are milliseconds since 1970 as digits; what is none stays as text, without an instant. */
export function instantOf(text: string | null, clock: Clock): Instant | null {
  if (text === null || text === '0') return null;
  const isMs = /^\d{1,15}$/.test(text);
  if (!isMs) return { utc: null, raw: text.slice(0, 200), zone: null, precision: 'unknown', clock };
  return { utc: Number(text), raw: text, zone: 'UTC', precision: 'ms', clock };
}
