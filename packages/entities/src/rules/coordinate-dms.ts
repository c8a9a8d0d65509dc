import { isAlnum, isDigit } from '../byte-class.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import { SIDE_DOT, SIDE_HIGH, SIDE_SPACE } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const COORDINATE = knownType('coordinate');
/** A tenth of a second of arc is three metres: five decimals hold it, the sixth keeps it from being rounded away. */
const DECIMALS = 6;
const MOST_DECIMALS = 15;
const LATITUDE = 90;
const LONGITUDE = 180;

interface Angle {
  degrees: number;
  end: number;
  /** 1 north or south, 2 east or west, 0 not said. */
  axis: number;
  negative: boolean;
  hasDegree: boolean;
}

const first: Angle = { degrees: 0, end: 0, axis: 0, negative: false, hasDegree: false };
const second: Angle = { degrees: 0, end: 0, axis: 0, negative: false, hasDegree: false };

/**
 * Points in degrees, minutes and seconds (ISO 6709 annex D), in degrees and decimal minutes, and in decimal degrees with
 * letters or `lat`, `lon` instead of a comma. The value is rounded to six decimals.
 */
export const coordinateDms: RunRule = {
  shapes: DIGITS,
  minLength: 1,
  maxLength: 3,
  mayStand({ after }) {
    return after === SIDE_DOT || after === SIDE_SPACE || after === SIDE_HIGH;
  },
  match(scan) {
    if (!mayBe(scan, scan.runEnd)) return;
    floor = scan.start;
    const named = latitudeName(scan, scan.runStart);
    const start = named >= 0 ? named : letterBefore(scan, scan.runStart);
    if (start < 0) return;
    if (!readAngle(scan, scan.runStart, first)) return;
    axisBefore(scan, scan.runStart, first);
    if (named < 0 && first.axis === 0) return;
    floor = first.end;
    const at = secondStart(scan, first.end, named >= 0);
    if (at < 0 || !readAngle(scan, at, second)) return;
    axisBefore(scan, at, second);
    if (!isPoint(named >= 0)) return;
    const [latitude, longitude] = first.axis === 2 ? [second, first] : [first, second];
    if (Math.abs(latitude.degrees) > LATITUDE || Math.abs(longitude.degrees) > LONGITUDE) return;
    if (isAlnum(scan.at(second.end))) return;
    scan.found.begin();
    scan.found.putAscii(`${plain(latitude)},${plain(longitude)}`);
    scan.found.report(COORDINATE, named >= 0 ? TIER_CONTEXT : TIER_SHAPE, start, second.end);
  },
};

/** A degree sign follows the number, or it has decimals and a letter of an axis or `lat` beside it. */
function mayBe(scan: Scan, at: number): boolean {
  let i = at;
  const isDecimal = scan.at(i) === 0x2e && isDigit(scan.at(i + 1));
  if (isDecimal) for (i++; isDigit(scan.at(i)); i++);
  const next = scan.at(i) === 0x20 ? i + 1 : i;
  if (scan.at(next) === 0xc2) return true;
  if (!isDecimal) return false;
  if (isAxis(scan.at(next)) && !isAlnum(scan.at(next + 1))) return true;
  const last = scan.at(scan.runStart - 1);
  return last === 0x20 || last === 0x3a || last === 0x3d || last === 0x2d || isAxis(last);
}

function isPoint(named: boolean): boolean {
  if (named) return first.axis !== 2 && second.axis !== 1;
  return first.axis !== 0 && second.axis !== 0 && first.axis !== second.axis;
}

function plain({ degrees, negative }: Angle): string {
  const text = String(Number(degrees.toFixed(DECIMALS)));
  return negative && text !== '0' ? `-${text}` : text;
}

/** Reads degrees, minutes and seconds and a letter after them. */
function readAngle(scan: Scan, at: number, into: Angle): boolean {
  into.axis = 0;
  into.negative = scan.at(at - 1) === 0x2d;
  let i = readNumber(scan, at, 3);
  if (i < 0) return false;
  into.degrees = value;
  const sign = degreeLength(scan, i);
  into.hasDegree = sign > 0;
  i += sign;
  if (sign > 0) i = readParts(scan, i, into);
  if (i < 0) return false;
  into.end = i;
  const letterAt = scan.at(i) === 0x20 ? i + 1 : i;
  if (!isAlnum(scan.at(letterAt + 1)) && axisLetter(scan, at) < 0) takeLetter(scan.at(letterAt), into, letterAt + 1);
  return true;
}

/** Minutes and seconds after a degree sign; where a number there has no sign of its own it is another one. */
function readParts(scan: Scan, from: number, into: Angle): number {
  let end = from;
  for (const part of [60, 3600]) {
    const at = scan.at(end) === 0x20 ? end + 1 : end;
    const after = readNumber(scan, at, 2);
    if (after < 0) return end;
    const gap = scan.at(after) === 0x20 ? 1 : 0;
    const mark = part === 60 ? minuteLength(scan, after + gap) : secondLength(scan, after + gap);
    if (mark === 0) return end;
    if (value >= 60) return -1;
    into.degrees += value / part;
    end = after + gap + mark;
  }
  return end;
}

/** The letter of the first angle is not the second's. */
let floor = 0;
let value = 0;

/** A number of up to `most` digits with decimals, into `value`. Returns its end, or -1. */
function readNumber(scan: Scan, at: number, most: number): number {
  let i = at;
  let whole = 0;
  while (isDigit(scan.at(i)) && i - at <= most) whole = whole * 10 + scan.at(i++) - 0x30;
  if (i === at || i - at > most) return -1;
  let fraction = 0;
  let unit = 1;
  if ((scan.at(i) === 0x2e || scan.at(i) === 0x2c) && isDigit(scan.at(i + 1))) {
    i++;
    for (const from = i; isDigit(scan.at(i)) && i - from < MOST_DECIMALS; i++) {
      fraction = fraction * 10 + scan.at(i) - 0x30;
      unit *= 10;
    }
    if (isDigit(scan.at(i))) return -1;
  }
  value = whole + fraction / unit;
  return i;
}

/** U+00B0 and U+00BA. */
function degreeLength(scan: Scan, at: number): number {
  const gap = scan.at(at) === 0x20 ? 1 : 0;
  const next = scan.at(at + gap + 1);
  return scan.at(at + gap) === 0xc2 && (next === 0xb0 || next === 0xba) ? gap + 2 : 0;
}

/** Apostrophe, U+2019, U+2032 and U+00B4. */
function minuteLength(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === 0x27) return scan.at(at + 1) === 0x27 ? 0 : 1;
  if (byte === 0xc2 && scan.at(at + 1) === 0xb4) return 2;
  return byte === 0xe2 && scan.at(at + 1) === 0x80 && (scan.at(at + 2) === 0x99 || scan.at(at + 2) === 0xb2) ? 3 : 0;
}

/** Quotation mark, two apostrophes, U+201D and U+2033. */
function secondLength(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === 0x22) return 1;
  if (byte === 0x27 && scan.at(at + 1) === 0x27) return 2;
  return byte === 0xe2 && scan.at(at + 1) === 0x80 && (scan.at(at + 2) === 0x9d || scan.at(at + 2) === 0xb3) ? 3 : 0;
}

function takeLetter(byte: number, into: Angle, end: number): boolean {
  const letter = byte | 32;
  const axis = letter === 0x6e || letter === 0x73 ? 1 : letter === 0x65 || letter === 0x77 || letter === 0x6f ? 2 : 0;
  if (axis === 0 || byte < 0x41) return false;
  into.axis = axis;
  into.end = end;
  if (letter === 0x73 || letter === 0x77) into.negative = !into.negative;
  return true;
}

/** `N 52° 22'`: takes the letter before, which counts instead of one behind. */
function axisBefore(scan: Scan, at: number, into: Angle): void {
  const letterAt = axisLetter(scan, at);
  if (letterAt < 0) return;
  const { end } = into;
  takeLetter(scan.at(letterAt), into, end);
}

/** Where a letter of an axis stands before the number at `at`, or -1. */
function axisLetter(scan: Scan, at: number): number {
  const sign = scan.at(at - 1) === 0x2d ? at - 1 : at;
  const letterAt = scan.at(sign - 1) === 0x20 ? sign - 2 : sign - 1;
  return letterAt >= floor && isAxis(scan.at(letterAt)) && !isAlnum(scan.at(letterAt - 1)) ? letterAt : -1;
}

function isAxis(byte: number): boolean {
  return byte === 0x4e || byte === 0x53 || byte === 0x45 || byte === 0x57 || byte === 0x4f;
}

/** Where the span begins: the sign or the letter before the first number; -1 inside another number. */
function letterBefore(scan: Scan, at: number): number {
  const sign = scan.at(at - 1) === 0x2d ? at - 1 : at;
  const before = scan.at(sign - 1);
  const letterAt = axisLetter(scan, at);
  if (letterAt >= 0) return letterAt;
  return isAlnum(before) || before === 0x2e || before === 0x2c ? -1 : sign;
}

/** `lat 52.37`, `latitude: 52.37`: where the word begins, or -1. */
function latitudeName(scan: Scan, at: number): number {
  let i = scan.at(at - 1) === 0x2d ? at - 1 : at;
  while (scan.at(i - 1) === 0x20 || scan.at(i - 1) === 0x3a || scan.at(i - 1) === 0x3d) i--;
  const start = wordStart(scan, i);
  return i < at && isWord(scan, start, i, 'lat') ? start : -1;
}

function wordStart(scan: Scan, end: number): number {
  let i = end;
  while (end - i < 10 && isAlnum(scan.at(i - 1))) i--;
  return i;
}

/** `lat`, `latitude`, `lon`, `lng`, `long`, `longitude`: by the first three letters. */
function isWord(scan: Scan, start: number, end: number, word: string): boolean {
  if (end - start < 3) return false;
  for (let k = 0; k < 3; k++) if ((scan.at(start + k) | 32) !== word.charCodeAt(k)) return false;
  return true;
}

/** The second number: after a comma, a slash, a space, a letter, or `lon`. */
function secondStart(scan: Scan, from: number, named: boolean): number {
  let i = from;
  while (i < from + 3 && (scan.at(i) === 0x20 || scan.at(i) === 0x2c || scan.at(i) === 0x2f || scan.at(i) === 0x3b))
    i++;
  if (named) {
    const start = i;
    while (i - start < 10 && isAlnum(scan.at(i)) && !isDigit(scan.at(i))) i++;
    if (!isWord(scan, start, i, 'lon') && !isWord(scan, start, i, 'lng')) return -1;
    while (scan.at(i) === 0x20 || scan.at(i) === 0x3a || scan.at(i) === 0x3d) i++;
  } else if (isAxis(scan.at(i))) i += scan.at(i + 1) === 0x20 ? 2 : 1;
  if (scan.at(i) === 0x2d) i++;
  return isDigit(scan.at(i)) ? i : -1;
}
