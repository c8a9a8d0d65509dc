import { type Asn1, TAG } from './asn1.ts';
import { malformed } from './errors.ts';

const GENERALIZED = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d*[1-9]))?Z$/;

/** Milliseconds of a GeneralizedTime in the form RFC 3161 2.4.2 allows: UTC, seconds given, no trailing zeros. */
export function readGeneralizedTime(content: Uint8Array): number {
  const text = Buffer.from(content).toString('latin1');
  const match = GENERALIZED.exec(text);
  if (match === null) throw malformed('its time has not the form YYYYMMDDhhmmss[.f]Z');
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const time = Date.parse(iso);
  // 31 February parses nowhere and 24:00 is another day: what was read must be what stands there.
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso) throw malformed('its time is on no calendar');
  return time;
}

/** Milliseconds of a Time of X.509 (RFC 5280 4.1.2.5): UTCTime for 1950 to 2049, else GeneralizedTime. */
export function readAnyTime(time: Asn1): number {
  if (time.is(TAG.generalizedTime)) return readGeneralizedTime(time.content);
  if (!time.is(TAG.utcTime)) throw malformed('a time is missing');
  const text = Buffer.from(time.content).toString('latin1');
  if (!/^\d{12}Z$/.test(text)) throw malformed('a time has not the form YYMMDDhhmmssZ');
  return readGeneralizedTime(Buffer.from(`${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`));
}
