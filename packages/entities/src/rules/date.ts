import { LongestName } from '../amounts/longest-name.ts';
import { isAlnum, isDigit, lowerByte } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import { SIDE_DOT, SIDE_HIGH, SIDE_HYPHEN, SIDE_SLASH, SIDE_SPACE, type Side } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';
import { mayBeginMonth, mayEndMonth, monthLexicon } from './month-names.ts';
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

/** The year of a date that has none: a leap year, so that 29 February is one. */
const NO_YEAR = 0;

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
 * Dates in figures and with names of months, and the time of day after them, as ISO 8601. A date with the name of a month
 * may lack its year: `--05-12`, as ISO 8601:2000 and RFC 6350 4.3.1 write it. A date whose day and month could change
 * places has the other reading as an alternative.
 */
export const date: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 1,
  maxLength: 4,
  mayStand({ isDigits, length, before, after }) {
    if (!isDigits) return length > 2;
    if (length > 2) return length === 4 && (isDateSign(after) || after === SIDE_HIGH);
    // After the name of a month, a day may be followed by anything.
    return before === SIDE_SPACE || isDateSign(after) || after === SIDE_SPACE || after === SIDE_HIGH;
  },
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

function isDateSign(side: Side): boolean {
  return side === SIDE_DOT || side === SIDE_HYPHEN || side === SIDE_SLASH;
}

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
  return scan.at(scan.runEnd) >= FIRST_IDEOGRAPHIC ? withUnits(scan) : withMonth(scan) || afterMonth(scan);
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
  if (!mayBeginMonth(scan.at(i))) return false;
  const end = wordEnd(scan, i);
  const month = end === i ? 0 : (monthLexicon().find(scan.bytes, i, end) ?? 0);
  if (month === 0) return false;
  const yearEnd = yearAfter(scan, end);
  if (yearEnd < 0 && !mayLackYear(scan, { start: i, end, after: end })) return false;
  found.day = dayRead;
  found.month = month;
  found.end = yearEnd;
  if (yearEnd >= 0) return true;
  found.year = NO_YEAR;
  found.end = end;
  return true;
}

/** Steps over `of`, `de`, `den`. */
function pastOf(scan: Scan, at: number): number {
  const first = scan.at(at) | 32;
  if (first !== 0x64 && first !== 0x6f) return at;
  const end = wordEnd(scan, at);
  return end - at === 2 && scan.at(end) === SPACE ? end + 1 : at;
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
  const i = scan.at(scan.runEnd) === 0x2c ? scan.runEnd + 1 : scan.runEnd;
  const hasMore = scan.at(i) === SPACE && isDigit(scan.at(i + 1));
  const wordAt = scan.at(end - 1) === DOT ? end - 1 : end;
  if (!mayEndMonth(scan.at(wordAt - 1))) return false;
  const start = wordStart(scan, wordAt);
  // Without a year only a name with a capital is believed.
  if (!hasMore && !isCapital(scan, start)) return false;
  const month = start === wordAt ? 0 : (monthLexicon().find(scan.bytes, start, wordAt) ?? 0);
  if (month === 0) return false;
  const yearEnd = hasMore ? yearAt(scan, i + 1, false) : -1;
  if (yearEnd < 0 && !mayLackYearAfter(scan, start, wordAt)) return false;
  found.day = dayRead;
  found.month = month;
  found.start = start;
  found.end = yearEnd;
  if (yearEnd >= 0) return true;
  found.year = NO_YEAR;
  found.end = scan.runEnd;
  return true;
}

/** Names of months that are other words as well, in small letters: a word after them goes on with the sentence. */
const DOUBTFUL = new Set('may mar mars march set out ago gen mag lug ene dic dec ott jan ocak'.split(' '));
/** Such words after a day: `5 may at`, `3 mars om`. */
const DAY_GOES_ON = new Set('at in on um om à a alle às for to til till and or und en y e et og och ve om.'.split(' '));
/** Those that stand in no date unless with capitals or a full stop: `10 out of`, `2 set`, `1 ago`. */
const NEVER_SMALL = new Set(['set', 'out', 'ago', 'mar', 'gen', 'mag', 'lug']);

/** Whether a day with the month `[start, end)` is a date that leaves out its year; `after` is where the text goes on. */
function mayLackYear(scan: Scan, { start, end, after }: { start: number; end: number; after: number }): boolean {
  if (isDigit(scan.at(scan.runStart - 2)) && scan.at(scan.runStart - 1) === SPACE) return false;
  if (goesOnWithNumber(scan, after) || scan.at(after) === HYPHEN || scan.at(after) === 0x27) return false;
  const word = lowerText(scan, start, end);
  if (isCapital(scan, start) || !DOUBTFUL.has(word)) return end - start > 2;
  return !NEVER_SMALL.has(word) && !wordFollows(scan, after);
}

/** `May 5`: with a capital or in full, and what follows is counted by no unit. */
function mayLackYearAfter(scan: Scan, start: number, end: number): boolean {
  if (!isCapital(scan, start) || isDigit(scan.at(start - 2))) return false;
  const { runEnd } = scan;
  if (goesOnWithNumber(scan, runEnd) || scan.at(runEnd) === HYPHEN || scan.at(runEnd) === 0x25) return false;
  if (unit.find(scan, runEnd + (scan.at(runEnd) === SPACE ? 1 : 0))) return false;
  return !(DOUBTFUL.has(lowerText(scan, start, end)) && wordFollows(scan, runEnd));
}

function isCapital(scan: Scan, at: number): boolean {
  return scan.at(at) >= 0x41 && scan.at(at) <= 0x5a && scan.at(at + 1) >= 0x61;
}

const unit = new LongestName();

/** Another number, which is no time of day. */
function goesOnWithNumber(scan: Scan, at: number): boolean {
  let i = scan.at(at) === 0x2c || scan.at(at) === DOT ? at + 1 : at;
  if (scan.at(i) === SPACE || scan.at(i) === SLASH || scan.at(i) === HYPHEN) i++;
  if (!isDigit(scan.at(i))) return false;
  while (isDigit(scan.at(i))) i++;
  return scan.at(i) !== 0x3a && (scan.at(i) | 32) !== 0x68;
}

function wordFollows(scan: Scan, at: number): boolean {
  if (scan.at(at) !== SPACE) return false;
  const end = wordEnd(scan, at + 1);
  return end > at + 1 && !DAY_GOES_ON.has(lowerText(scan, at + 1, end));
}

function lowerText(scan: Scan, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(lowerByte(scan.at(i)));
  return text;
}

/** 5月12日, 5월 12일: the month and the day name themselves. */
function withUnits(scan: Scan): boolean {
  if (unitEnd(scan, scan.runEnd, MONTHS) === 0) return false;
  const at = scan.runEnd + 3 + (scan.at(scan.runEnd + 3) === SPACE ? 1 : 0);
  const end = digitsEnd(scan, at);
  if (end < 0 || unitEnd(scan, end, DAYS) === 0 || scan.at(scan.runStart - 1) >= 0xe3) return false;
  found.year = NO_YEAR;
  found.month = dayRead;
  found.day = number(scan, at, end);
  found.end = end + 3;
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
  scan.found.putAscii(
    `${found.year === NO_YEAR ? '-' : found.year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}${time}`,
  );
}
