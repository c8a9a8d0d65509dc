import { type Clock, type Instant, withinAnyZone } from '@custody/evidence';

const STAMP = /^(-?\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** `TIMESTAMP` without time zone as MySQL and PostgreSQL print it. */
const LOCAL = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?$/;
/** XEP-0091, before XEP-0203. */
const OLD_STAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d:\d\d:\d\d)$/;

/** A time of XEP-0082 as found; `utc` is null where it is none. */
export function stampInstant(raw: string, clock: Clock = 'server'): Instant {
  const found = STAMP.exec(raw);
  const old = OLD_STAMP.exec(raw);
  const text = old === null ? raw : `${old[1]}-${old[2]}-${old[3]}T${old[4]}Z`;
  const utc = found === null && old === null ? Number.NaN : Date.parse(text);
  const zone = old !== null || found?.[8] === 'Z' ? 'UTC' : (found?.[8] ?? null);
  return { utc: Number.isNaN(utc) ? null : utc, raw, zone, precision: found?.[7] === undefined ? 's' : 'ms', clock };
}

/** Digits that count since 1970 UTC, `perSecond` of them a second. */
export function countInstant(raw: string, perSecond: number): Instant {
  const utc = /^\d{1,19}(\.\d+)?$/.test(raw) ? Math.floor((Number(raw) * 1000) / perSecond) : Number.NaN;
  const precise = perSecond >= 1000 || raw.includes('.');
  const known = Number.isFinite(utc) && Math.abs(utc) <= 8.64e15;
  return { utc: known ? utc : null, raw, zone: 'UTC', precision: precise ? 'ms' : 's', clock: 'server' };
}

/** A local time of a database without a zone: nothing says which. */
export function localInstant(raw: string): Instant {
  const instant: Instant = { utc: null, raw, zone: null, precision: raw.includes('.') ? 'ms' : 's', clock: 'server' };
  const local = LOCAL.test(raw) ? Date.parse(`${raw.replace(' ', 'T')}Z`) : Number.NaN;
  return Number.isNaN(local) ? instant : { ...instant, within: withinAnyZone([local], instant.precision) };
}
