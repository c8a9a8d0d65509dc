import type { Clock, Instant } from '@custody/evidence';

const DATE =
  /^(?:[A-Za-z]{3},?\s+)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4}|\d{2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[A-Za-z]{1,5})?/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 5322 section 4.3: the only names that mean a zone; all others mean nothing. */
const ZONES: Readonly<Record<string, string>> = {
  ut: '+0000',
  gmt: '+0000',
  utc: '+0000',
  z: '+0000',
  est: '-0500',
  edt: '-0400',
  cst: '-0600',
  cdt: '-0500',
  mst: '-0700',
  mdt: '-0600',
  pst: '-0800',
  pdt: '-0700',
};

/** A date of RFC 5322 as found; `utc` is null where the date or its zone cannot be told. */
export function mailInstant(raw: string, clock: Clock): Instant {
  const found = DATE.exec(raw.trim().replace(/\([^()]*\)/g, ' '));
  const unread: Instant = { utc: null, raw, zone: null, precision: 'unknown', clock };
  if (found === null) return unread;
  const [, day, month = '', year = '', hour, minute, second, zone = ''] = found;
  const place = MONTHS.indexOf(month.toLowerCase());
  // Two digits: RFC 5322 section 4.3.
  const full = year.length === 2 ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year);
  if (place < 0) return unread;
  const local = Date.UTC(full, place, Number(day), Number(hour), Number(minute), Number(second ?? 0));
  const offset = ZONES[zone.toLowerCase()] ?? zone;
  const precision = second === undefined ? 'min' : 's';
  // -0000 says that nothing is known of the sender's zone, not that the time is unknown.
  if (!/^[+-]\d{4}$/.test(offset)) return { ...unread, precision };
  const minutes = (offset.startsWith('-') ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3)));
  const named = `${offset.slice(0, 3)}:${offset.slice(3)}`;
  return { utc: local - minutes * 60_000, raw, zone: offset === '+0000' ? 'UTC' : named, precision, clock };
}

/** Seconds since 1970 as OpenPGP has them; 0 says nothing. */
export function pgpInstant(seconds: number): Instant {
  return { utc: seconds * 1000, raw: String(seconds), zone: 'UTC', precision: 's', clock: 'sender' };
}
