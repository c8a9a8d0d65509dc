import type { TimeLayout } from '../../profile/layout.ts';
import { isDigit } from './byte-classes.ts';

/** Precision that a text showed: index into TimeLayout.statements. */
const MS = 0;
const SECOND = 1;
const MINUTE = 2;
const DAY = 3;
const UNKNOWN = 4;

/** Milliseconds since 1970 that ECMAScript and our readers can carry (ECMA-262 21.4.1.1). */
const LAST_MS = 8.64e15;
const MOST_DIGITS = 15;
/** Serial numbers of 1900-03-01, 1970-01-01 and 9999-12-31 (ECMA-376 18.17.4.1, 1900 date base). */
const FIRST_SERIAL = 61;
const SERIAL_1970 = 25_569;
const LAST_SERIAL = 2_958_466;
const DAY_FIRST = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})([T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?$/;

/** Reads times where they stand. One object is used again for every time. */
export class TimeReader {
  /** Milliseconds since 1970 UTC of the last time read; null: it cannot be told. */
  utc: number | null = null;
  /** The wall clock as if it were UTC, where neither text nor profile states a zone; else null. */
  local: number | null = null;
  /** Index into the statements of its layout. */
  precision: number = UNKNOWN;

  read(bytes: Uint8Array, range: { start: number; end: number }, layout: TimeLayout): void {
    this.utc = null;
    this.local = null;
    this.precision = UNKNOWN;
    if (layout.format === 'iso8601') this.#iso(bytes, range.start, range.end, layout.offset);
    else if (layout.format === 'excel-1900') this.#serial(bytes, range, layout.offset);
    else if (layout.format === 'day-month-year') this.#dayFirst(bytes, range, layout.offset);
    else this.#unix(bytes, range.start, range.end, layout.format === 'unix-s' ? 1000 : 1);
  }

  /** Days since 1899-12-30 with a fraction, as spreadsheets store dates; those before March 1900 are ambiguous. */
  #serial(bytes: Uint8Array, { start, end }: { start: number; end: number }, offset: number | null): void {
    const text = asText(bytes, start, end);
    const days = /^\d{1,7}(\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN;
    if (!(days >= FIRST_SERIAL && days <= LAST_SERIAL)) return;
    this.precision = text.includes('.') ? SECOND : DAY;
    // The fraction is a rounded double: it is good for whole seconds.
    const seconds = Math.round((days - SERIAL_1970) * 86_400);
    this.#set(seconds * 1000, offset);
  }

  /** `d.m.yyyy`, `d/m/yyyy` or `d-m-yyyy`, the day first, with or without `hh:mm` and `:ss`. */
  #dayFirst(bytes: Uint8Array, { start, end }: { start: number; end: number }, offset: number | null): void {
    const found = DAY_FIRST.exec(asText(bytes, start, end));
    if (found === null) return;
    const [, day = '', month = '', year = '', rest = ''] = found;
    const iso = Buffer.from(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${rest}`);
    this.#iso(iso, 0, iso.length, offset);
  }

  #unix(bytes: Uint8Array, start: number, end: number, unit: number): void {
    const negative = bytes[start] === 0x2d;
    const value = digits(bytes, negative ? start + 1 : start, end);
    if (value < 0 || value * unit > LAST_MS) return;
    this.utc = negative ? -value * unit : value * unit;
    this.precision = unit === 1 ? MS : SECOND;
  }

  /** `YYYY-MM-DD`, or with `T` or a space and `hh:mm`, `:ss`, a fraction, and `Z` or `±hh:mm` (ISO 8601, RFC 3339). */
  #iso(bytes: Uint8Array, start: number, end: number, offset: number | null): void {
    const year = digits(bytes, start, start + 4);
    const month = digits(bytes, start + 5, start + 7);
    const day = digits(bytes, start + 8, start + 10);
    if (end - start < 10 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return;
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return;
    const date = daysFrom1970(year, month, day) * 86_400_000;
    if (end - start === 10) {
      this.precision = DAY;
      this.#set(date, offset);
      return;
    }
    this.#timeOfDay(bytes, start + 10, end, { date, offset });
  }

  #timeOfDay(
    bytes: Uint8Array,
    start: number,
    end: number,
    { date, offset }: { date: number; offset: number | null },
  ): void {
    const hour = digits(bytes, start + 1, start + 3);
    const minute = digits(bytes, start + 4, start + 6);
    const between = bytes[start];
    if ((between !== 0x54 && between !== 0x74 && between !== 0x20) || bytes[start + 3] !== 0x3a || start + 6 > end)
      return;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return;
    let ms = date + hour * 3_600_000 + minute * 60_000;
    let at = start + 6;
    let precision = MINUTE;
    if (at < end && bytes[at] === 0x3a) {
      const second = digits(bytes, at + 1, at + 3);
      // A leap second is shown as the first moment of the next minute, as POSIX counts.
      if (at + 3 > end || second < 0 || second > 60) return;
      ms += second * 1000;
      at += 3;
      precision = SECOND;
      if (at < end && (bytes[at] === 0x2e || bytes[at] === 0x2c)) {
        let scale = 100;
        const from = ++at;
        for (; at < end && isDigit(bytes[at]); at++) {
          ms += Math.floor(scale) * ((bytes[at] as number) - 0x30);
          scale /= 10;
        }
        if (at === from) return;
        precision = MS;
      }
    }
    const zone = at === end ? offset : zoneOffset(bytes, at, end);
    if (zone === undefined) return;
    this.precision = precision;
    this.#set(ms, zone);
  }

  /** `offset`: minutes east of UTC. */
  #set(local: number, offset: number | null): void {
    if (offset === null) this.local = local;
    else this.utc = local - offset * 60_000;
  }
}

function asText(bytes: Uint8Array, start: number, end: number): string {
  return end - start > 64 ? '' : Buffer.from(bytes.subarray(start, end)).toString('latin1');
}

/**
 * Minutes east of UTC of `Z`, `UTC`, `GMT`, `±hh:mm`, `±hhmm` or `±hh` (as PostgreSQL writes it), a blank before it or not,
 * that fill `[at, end)`; undefined for anything else.
 */
function zoneOffset(bytes: Uint8Array, from: number, end: number): number | undefined {
  const at = bytes[from] === 0x20 ? from + 1 : from;
  const sign = bytes[at];
  if (end - at === 1 && (sign === 0x5a || sign === 0x7a)) return 0;
  if (sign !== 0x2b && sign !== 0x2d) return /^(UTC|GMT)$/.test(asText(bytes, at, end)) ? 0 : undefined;
  const colon = end - at === 6 && bytes[at + 3] === 0x3a ? 1 : 0;
  const isHours = end - at === 3;
  if (!isHours && end - at !== 5 + colon) return undefined;
  const hours = digits(bytes, at + 1, at + 3);
  const minutes = isHours ? 0 : digits(bytes, at + 3 + colon, end);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return (sign === 0x2d ? -1 : 1) * (hours * 60 + minutes);
}

/** The number that `[start, end)` spells with digits only; -1 for anything else. */
export function digits(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > MOST_DIGITS) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, chrono-compatible date algorithms). */
function daysFrom1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
