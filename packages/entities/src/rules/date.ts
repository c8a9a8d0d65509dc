import { isAlnum, isDigit } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';
import { monthLexicon } from './month-names.ts';
import { timeAfter } from './time-of-day.ts';

const DATETIME = knownType('datetime');
const LONGEST_MONTH = 40;
const DOT = 0x2e;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const SPACE = 0x20;
const encoder = new TextEncoder();
const YEARS = ['年', '년'].map((name) => encoder.encode(name));
const MONTHS = ['月', '월'].map((name) => encoder.encode(name));
const DAYS = ['日', '号', '號', '일'].map((name) => encoder.encode(name));
const FIRST_IDEOGRAPHIC = 0xe3;
/** Two digits up to this are years of this century. */
const LAST_OF_CENTURY = 69;
const ORDINALS = ['st', 'nd', 'rd', 'th', 'er'];
/** Where the month stands first. */
const MONTH_FIRST = new Set(['US', 'PH', 'FM', 'PW', 'GU', 'PR']);
const LONG_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

interface Day {
  year: number;
  month: number;
  day: number;
  start: number;
  end: number;
  /** The other reading of 05/12/2024: day and month change places. */
  swapped: boolean;
}

const found: Day = { year: 0, month: 0, day: 0, start: 0, end: 0, swapped: false };

/**
 * Dates with a year, in figures and with names of months, and the time of day after them, as ISO 8601. A date whose day
 * and month could change places has the other reading as an alternative.
 */
export const date: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 1,
  maxLength: 4,
  match(scan) {
    const size = scan.runEnd - scan.runStart;
    if (!mayBegin(scan)) return;
    found.swapped = false;
    found.start = scan.runStart;
    const isYear = size === 4 && isDigit(scan.at(scan.runEnd - 1));
    if (!isYear && !readDay(scan)) return;
    const isDay = isYear ? yearFirst(scan) : dayFirst(scan);
    if (!isDay || !isReal(found.year, found.month, found.day)) return;
    if (isDigit(scan.at(found.end)) || isLetterAfter(scan)) return;
    const time = timeAfter(scan, found.end);
    put(scan, found.month, found.day, time.text);
    scan.found.report(DATETIME, TIER_SHAPE, found.start, time.end);
    if (!found.swapped) return;
    put(scan, found.day, found.month, time.text);
    scan.found.alternative(DATETIME, TIER_SHAPE);
  },
};

let dayRead = 0;

/** One or two digits, and after them `st`, `nd`, `rd`, `th`. */
function readDay(scan: Scan): boolean {
  const { runStart, runEnd } = scan;
  let i = runStart;
  while (i < runEnd && isDigit(scan.at(i))) i++;
  dayRead = number(scan, runStart, i);
  if (i === runStart || i - runStart > 2) return false;
  if (i === runEnd) return true;
  const ending = String.fromCharCode(scan.at(i) | 32, scan.at(i + 1) | 32);
  return runEnd - i === 2 && ORDINALS.includes(ending);
}

function mayBegin(scan: Scan): boolean {
  const before = scan.at(scan.runStart - 1);
  if (before === 0x5f || before === 0x23 || before === 0x2b) return false;
  if (before === 0x3d || before === 0x3a) return !isDigit(scan.at(scan.runStart - 2));
  const joins = before === DOT || before === HYPHEN || before === SLASH || before === 0x2c;
  return !joins || !isAlnum(scan.at(scan.runStart - 2));
}

/** Nothing of an identifier goes on; a `T` with digits is the time. */
function isLetterAfter(scan: Scan): boolean {
  const { end } = found;
  const after = scan.at(end);
  if (after === 0x5f || after === HYPHEN || after === SLASH || after === DOT) return isAlnum(scan.at(end + 1));
  return isAlnum(after) && !((after | 32) === 0x74 && isDigit(scan.at(end + 1)));
}

/** 2024-05-12, 2024/5/12, 2024.05.12 and 2024年5月12日. */
function yearFirst(scan: Scan): boolean {
  const year = number(scan, scan.runStart, scan.runEnd);
  if (year < 1900 || year > 2099) return false;
  const sign = scan.at(scan.runEnd);
  const skip =
    sign >= FIRST_IDEOGRAPHIC
      ? unitEnd(scan, scan.runEnd, YEARS)
      : sign === HYPHEN || sign === SLASH || sign === DOT
        ? 1
        : 0;
  if (skip === 0) return false;
  const month = scan.runEnd + skip + spaceAfter(scan, scan.runEnd + skip, skip);
  const monthEnd = digitsEnd(scan, month);
  if (monthEnd < 0) return false;
  const next = skip > 1 ? unitEnd(scan, monthEnd, MONTHS) : scan.at(monthEnd) === sign ? 1 : 0;
  if (next === 0) return false;
  const day = monthEnd + next + spaceAfter(scan, monthEnd + next, skip);
  const dayEnd = digitsEnd(scan, day);
  if (dayEnd < 0) return false;
  found.year = year;
  found.month = number(scan, month, monthEnd);
  found.day = number(scan, day, dayEnd);
  found.end = dayEnd + unitEnd(scan, dayEnd, DAYS);
  return true;
}

/** The space after the name of a unit: `2023년 5월 5일`. */
function spaceAfter(scan: Scan, at: number, skip: number): number {
  return skip > 1 && scan.at(at) === SPACE ? 1 : 0;
}

/** Length of the Chinese or Korean name of the unit at `at`, or 0. */
function unitEnd(scan: Scan, at: number, names: readonly Uint8Array[]): number {
  for (const name of names)
    if (scan.at(at) === name[0] && scan.at(at + 1) === name[1] && scan.at(at + 2) === name[2]) return 3;
  return 0;
}

/** 12.05.2024, 12/5/24, 12 May 2024, 12th of May, 2024 and May 12, 2024. */
function dayFirst(scan: Scan): boolean {
  const sign = scan.at(scan.runEnd);
  if ((sign === DOT || sign === HYPHEN || sign === SLASH) && isDigit(scan.at(scan.runEnd + 1)))
    return inFigures(scan, sign);
  return withMonth(scan) || afterMonth(scan);
}

function inFigures(scan: Scan, sign: number): boolean {
  const second = scan.runEnd + 1;
  const secondEnd = digitsEnd(scan, second);
  if (secondEnd < 0 || scan.at(secondEnd) !== sign) return false;
  const yearEnd = yearAt(scan, secondEnd + 1, sign !== DOT || (scan.runEnd - scan.runStart === 2 && isDotDate(scan)));
  if (yearEnd < 0) return false;
  const a = number(scan, scan.runStart, scan.runEnd);
  const b = number(scan, second, secondEnd);
  const monthFirst = a <= 12 && (b > 12 || (sign !== DOT && MONTH_FIRST.has(scan.region)));
  found.day = monthFirst ? b : a;
  found.month = monthFirst ? a : b;
  found.swapped = a <= 12 && b <= 12 && a !== b && sign !== DOT;
  found.end = yearEnd;
  return true;
}

const DOT_LANGUAGES = new Set(['de', 'pl', 'ru', 'tr', 'ro', 'sq', 'nb', 'it', 'cs', 'fi', 'uk', 'bg', 'hr']);

/** Where 12.05.24 is a date and no version. */
function isDotDate(scan: Scan): boolean {
  return DOT_LANGUAGES.has(scan.language());
}

/** End of a year of four digits, or of two where `brief`; -1 where there is none. Sets `found.year`. */
function yearAt(scan: Scan, at: number, brief: boolean): number {
  let i = at;
  while (isDigit(scan.at(i)) && i - at < 5) i++;
  const value = number(scan, at, i);
  if (i - at === 4 && value >= 1900 && value <= 2099) found.year = value;
  else if (i - at === 2 && brief) found.year = value + (value <= LAST_OF_CENTURY ? 2000 : 1900);
  else return -1;
  return i;
}

/** `12 May 2024`, `12. Mai 2024`, `12-May-2024`, `12th of May, 2024`, `12 de mayo de 2024`. */
function withMonth(scan: Scan): boolean {
  let i = scan.runEnd;
  if (isAlnum(scan.at(i))) return false;
  if (scan.at(i) === DOT) i++;
  const sign = scan.at(i);
  if (sign !== SPACE && sign !== HYPHEN && sign !== SLASH) return false;
  i = pastOf(scan, i + 1);
  const end = wordEnd(scan, i);
  const month = end === i ? 0 : (monthLexicon().find(scan.bytes, i, end) ?? 0);
  if (month === 0) return false;
  const yearEnd = yearAfter(scan, end);
  if (yearEnd < 0) return false;
  found.day = dayRead;
  found.month = month;
  found.end = yearEnd;
  return true;
}

/** Steps over `of`, `de`, `den`. */
function pastOf(scan: Scan, at: number): number {
  const end = wordEnd(scan, at);
  const isOf = end - at === 2 && ((scan.at(at) | 32) === 0x64 || (scan.at(at) | 32) === 0x6f);
  return isOf && scan.at(end) === SPACE ? end + 1 : at;
}

function yearAfter(scan: Scan, end: number): number {
  let i = end;
  if (scan.at(i) === DOT || scan.at(i) === 0x2c) i++;
  if (scan.at(i) === SPACE || scan.at(i) === HYPHEN || scan.at(i) === SLASH) i++;
  if (i === end) return -1;
  return yearAt(scan, pastOf(scan, i), false);
}

/** `May 12, 2024`, `May 12th 2024`. */
function afterMonth(scan: Scan): boolean {
  const end = scan.runStart - 1;
  if (scan.at(end) !== SPACE) return false;
  let i = scan.runEnd;
  if (scan.at(i) === 0x2c) i++;
  if (scan.at(i) !== SPACE || !isDigit(scan.at(i + 1))) return false;
  const wordAt = scan.at(end - 1) === DOT ? end - 1 : end;
  const start = wordStart(scan, wordAt);
  const month = start === wordAt ? 0 : (monthLexicon().find(scan.bytes, start, wordAt) ?? 0);
  const yearEnd = month === 0 ? -1 : yearAt(scan, i + 1, false);
  if (yearEnd < 0) return false;
  found.day = dayRead;
  found.month = month;
  found.start = start;
  found.end = yearEnd;
  return true;
}

function isWordByte(byte: number): boolean {
  return (isAlnum(byte) && !isDigit(byte)) || byte >= 0x80;
}

function wordEnd(scan: Scan, at: number): number {
  let i = at;
  while (i - at < LONGEST_MONTH && isWordByte(scan.at(i))) i++;
  return i;
}

function wordStart(scan: Scan, end: number): number {
  let i = end;
  while (end - i < LONGEST_MONTH && isWordByte(scan.at(i - 1))) i--;
  return i;
}

/** End of one or two digits at `at`, or -1. */
function digitsEnd(scan: Scan, at: number): number {
  if (!isDigit(scan.at(at))) return -1;
  const end = isDigit(scan.at(at + 1)) ? at + 2 : at + 1;
  return isDigit(scan.at(end)) ? -1 : end;
}

function number(scan: Scan, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + scan.at(i) - 0x30;
  return value;
}

/** The day is one of its month; 29 February in leap years only. */
function isReal(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (LONG_MONTHS[month - 1] as number)) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month !== 2 || day < 29 || isLeap;
}

function put(scan: Scan, month: number, day: number, time: string): void {
  scan.found.begin();
  scan.found.putAscii(`${found.year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}${time}`);
}
