import { isAlnum, isDigit } from '../byte-class.ts';
import { CUE_CODE, CUE_NOT_PHONE, CUE_NUMBER, CUE_PHONE } from '../cues.ts';
import {
  hasNationalPrefix,
  type PlannedNumber,
  readInternational,
  readNational,
  withoutPlus,
} from '../phones/phone-plan.ts';
import { extensionEnd, MOST_GROUPS, PhoneShape } from '../phones/phone-shape.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE, type TierId } from '../vocabulary.ts';

const PHONE = knownType('phone');
const PLUS = 0x2b;
const STAR = 0x2a;
/** Fewest digits of an international number with its calling code: +290 and four digits of Saint Helena are eight. */
const FEWEST_INTERNATIONAL = 6;
/** Fewest digits of a number without region that a word before it calls one. */
const FEWEST_NAMED = 7;
const MOST_NAMED = 15;
/** As many digits in small groups are a list. */
const LIST = 18;
/** Bytes of sixteen digits in groups of one, with a space behind each and one group to spare. */
const LIST_REACH = 36;
const GREATEST_OCTET = 255;
const shape = new PhoneShape();

/**
 * Telephone numbers: with `+` or `00`; in national form where a region is given, a word before it says so, or its
 * grouping is that of nothing else. The value is E.164 where the country is known, else the digits as dialled.
 */
export const phone: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 1,
  maxLength: 26,
  match(scan) {
    if (!isDigit(scan.at(scan.runStart)) || (scan.runEnd - scan.runStart < 4 && !goesOn(scan))) return;
    if (!mayBegin(scan) || !readShape(scan)) return;
    if (shape.hasPlus) {
      reportInternational(scan, 0);
      return;
    }
    const skip = dialPrefix();
    if (skip > 0 && shape.length > 9 && reportInternational(scan, skip)) return;
    if (skip > 0 && !readShape(scan)) return;
    reportLocal(scan);
  },
};

/** Whether a short run has more digits behind a separator. */
function goesOn(scan: Scan): boolean {
  const at = scan.runEnd;
  const byte = scan.at(at);
  if (byte < 0x20 || isAlnum(byte)) return false;
  if (byte === 0xe2) return true;
  if (isDigit(scan.at(at + 1))) return true;
  const next = scan.at(at + 1);
  const isSign = next === 0x20 || next === 0x28 || next === 0x29 || next === 0x2d || next === 0x2f;
  return isSign && (isDigit(scan.at(at + 2)) || isDigit(scan.at(at + 3)));
}

function readShape(scan: Scan): boolean {
  if (scan.runStart < scan.noPhoneBefore && scan.at(scan.runStart - 1) === 0x20 && isInList(scan)) return false;
  shape.read(scan, scan.runStart);
  // A list of small numbers: none of them begins a telephone number.
  if (shape.length >= LIST && shape.groups > 6) scan.noPhoneBefore = listEnd(scan);
  else if (isListOfDigits()) scan.noPhoneBefore = shape.end;
  return shape.length >= 4 && endsFreely(scan) && !isAddress(scan);
}

/** `1.1 2.3 4.5`: as many single digits as are read at all, with different signs between. */
function isListOfDigits(): boolean {
  return shape.groups === shape.length && shape.groups >= MOST_GROUPS && shape.sign === 0 && !shape.hasPlus;
}

/** With a zero before it, a number of a list is none where as many follow as no telephone number has. */
function isInList(scan: Scan): boolean {
  if (scan.at(scan.runStart) !== 0x30) return true;
  const isAbroad = scan.at(scan.runStart + 1) === 0x30 && scan.at(scan.runEnd + 1) !== 0x30;
  return !isAbroad && scan.runStart + LIST_REACH <= scan.noPhoneBefore;
}

/** Where numbers of one or two digits with single spaces between end that go on after those read. */
function listEnd(scan: Scan): number {
  for (let group = 0; group < shape.groups; group++) if ((shape.sizes[group] as number) > 2) return shape.end;
  if (shape.sign !== 0x20) return shape.end;
  let end = shape.end;
  let i = end;
  // The last group was read in part where the number was full.
  while (isDigit(scan.at(i)) && i - end < 2) i++;
  while (!isDigit(scan.at(i))) {
    end = i;
    if (scan.at(i) !== 0x20 || !isDigit(scan.at(i + 1))) break;
    i += isDigit(scan.at(i + 2)) ? 3 : 2;
  }
  return Math.max(end, shape.end);
}

/** Length of `00`, and of `011` as North America dials abroad. */
function dialPrefix(): number {
  const { digits } = shape;
  if (digits[0] !== 0) return 0;
  if (digits[1] === 0) return (shape.sizes[0] as number) > 1 ? 2 : 0;
  return digits[1] === 1 && digits[2] === 1 && shape.sizes[0] === 3 && shape.length > 11 ? 3 : 0;
}

/** `dsl-082-082-066-197.example.net` and `217.64.253.201`. */
function isAddress(scan: Scan): boolean {
  const { end, groups, sizes, sign } = shape;
  const letter = scan.at(end + 1) | 32;
  if (scan.at(end) === 0x2e && letter >= 0x61 && letter <= 0x7a && (sign === 0x2d || sign === 0x2e)) return true;
  if (sign !== 0x2e || groups !== 4) return false;
  let at = 0;
  for (let group = 0; group < groups; group++) {
    const size = sizes[group] as number;
    if (size > 3) return false;
    let value = 0;
    for (let k = 0; k < size; k++) value = value * 10 + (shape.digits[at++] as number);
    if (value > GREATEST_OCTET) return false;
  }
  return true;
}

/** Not inside a word, a number or a calculation; `#`, `-` and `*` before it make it something else. */
function mayBegin(scan: Scan): boolean {
  let i = scan.runStart - 1;
  if (scan.at(i) === 0x20 && scan.at(i - 1) === 0x28) i--;
  if (scan.at(i) === 0x28) i--;
  if (scan.at(i) === PLUS) {
    i--;
    if (scan.at(i) === 0x28) i--;
    const before = scan.at(i);
    if (before === 0x5f || before === PLUS || isDigit(before)) return false;
    return !(before === 0x29 && scan.at(scan.runStart - 1) === 0x28);
  }
  const before = scan.at(i);
  if (before === 0x23) return false;
  if (before === 0x2d) return !isDigit(scan.at(i - 1)) && i - 1 >= scan.start && scan.at(i - 1) !== 0x29;
  if (before === 0x2e || before === 0x2c || before === 0x2f || before === 0x3a || before === 0x27)
    return !isAlnum(scan.at(i - 1)) || (before === 0x3a && !isDigit(scan.at(i - 1)));
  // `tel=0612345678` and *0612345678*, as messengers write bold.
  if (before === 0x3d && i === scan.runStart - 1) return (scan.cues(scan.runStart) & CUE_PHONE) !== 0;
  if (before === STAR && !isAlnum(scan.at(i - 1)) && scan.at(i - 1) !== STAR) return true;
  if (before === STAR || before === 0x5f || before === 0x24 || before === 0x3d || before === 0x5c || before === 0x25)
    return false;
  return !isAlnum(before) || (i < scan.runStart - 1 && !isDigit(before));
}

/** What follows the last digit; shortens the number by whole groups where something does not fit. */
function endsFreely(scan: Scan): boolean {
  for (let group = shape.groups; group > 0; group--) {
    const { end } = shape;
    const after = scan.at(end);
    const goesOn = isDigit(after) || (isAlnum(after) && extensionEnd(scan, end) === end) || after === 0x5f;
    const isList = after === 0x2c && shape.length > 8;
    const isPart = (after === 0x2e || after === 0x2c || after === 0x3a) && isDigit(scan.at(end + 1)) && !isList;
    if (!goesOn && !isPart && after !== 0x25 && after !== 0x3d && after !== PLUS && (after !== STAR || isBold(scan)))
      return true;
    if (group === 1) return false;
    shape.cut(shape.length - (shape.sizes[group - 1] as number));
    shape.groups--;
  }
  return false;
}

/** A star before it too: `*+31612345678*`. */
function isBold(scan: Scan): boolean {
  return scan.at(shape.start - 1) === STAR && !isAlnum(scan.at(shape.end + 1));
}

/** `+` or `00`; shortens the reading by groups until it fits a plan. */
function reportInternational(scan: Scan, skip: number): boolean {
  // No calling code begins with a zero.
  if (skip > 0 && shape.digits[skip] === 0) return false;
  if (
    shape.hasPlus &&
    shape.groups > 2 &&
    shape.sizes[0] === 2 &&
    shape.sign === 0x2d &&
    scan.at(shape.ends[1] as number) === 0x2d &&
    shape.sizes[1] === 2 &&
    shape.sizes[2] === 2
  )
    return false;
  const whole = shape.length;
  for (let group = shape.groups; group > 0 && shape.length - skip >= FEWEST_INTERNATIONAL; group--) {
    const read = readInternational(shape.text(skip));
    const isWhole = shape.length === whole;
    if (read !== null && ((isWhole && mayBePossible(scan, skip)) || read.grade === 'valid')) {
      report(scan, read, shape.droppedZero || shape.hasPlus || skip > 0 ? TIER_SHAPE : TIER_CONTEXT);
      return true;
    }
    if (isWhole && read === null && mayBeUnassigned(scan, skip)) return true;
    shape.cut(shape.length - (shape.sizes[group - 1] as number));
    shape.groups--;
  }
  return false;
}

/** With `00` and groups of two, what has only the length of a number is any list of bytes. */
function mayBePossible(scan: Scan, skip: number): boolean {
  return (
    skip === 0 ||
    shape.groups < 3 ||
    shape.sizes[0] !== 2 ||
    shape.sizes[1] !== 2 ||
    (scan.cues(shape.start) & CUE_PHONE) !== 0
  );
}

/** A number with its plus that no plan has, where a word before it calls it one: reported as written. */
function mayBeUnassigned(scan: Scan, skip: number): boolean {
  if (skip > 0 || shape.length < 9 || shape.length > 15 || (scan.cues(shape.start) & CUE_PHONE) === 0) return false;
  report(scan, { digits: shape.text(0), grade: 'possible' }, TIER_CONTEXT);
  return true;
}

function reportLocal(scan: Scan): void {
  cutAmerican();
  if (isDate() || isBrazilianPostcode() || shape.length > MOST_NAMED) return;
  // Too short for any but the numbers of a region: the words before it need not be read.
  if (shape.length < FEWEST_NAMED && scan.region === '') return;
  const cues = scan.cues(shape.start);
  const isNamed = (cues & CUE_PHONE) !== 0 || (cues & (CUE_NUMBER | CUE_NOT_PHONE | CUE_CODE)) === CUE_NUMBER;
  if ((isFileNumber() || isRoundRange()) && (cues & CUE_PHONE) === 0) return;
  // An order or a case may have as many digits as a number without its trunk zero.
  if ((cues & CUE_NOT_PHONE) !== 0 && shape.digits[0] !== 0 && shape.groups < 3) return;
  const isWhole = shape.start <= scan.start && shape.end >= scan.end - 8 && !isSum(scan);
  if (scan.region !== '' && reportRegional(scan, { digits: shape.text(), isNamed, isWhole })) return;
  if ((cues & CUE_NOT_PHONE) !== 0) return;
  if (isNamed) {
    if (shape.length < FEWEST_NAMED) return;
    reportNational(scan, readAnywhere(), TIER_CONTEXT);
    return;
  }
  if (isChineseMobile(scan) && (scan.region === '' || scan.region === 'CN')) {
    reportNational(scan, readNational(shape.text(), 'CN'), TIER_SHAPE);
    return;
  }
  if (hasPhoneShape() && !followsCapitals(scan)) reportNational(scan, readAnywhere(), TIER_SHAPE);
}

/** Without a region: as North Americans write, else with its calling code and no plus. */
function readAnywhere(): PlannedNumber | null {
  const digits = shape.text();
  return northAmerican(digits) ?? withoutPlus(digits);
}

/** `12.300 €`: thousands, and something after them. */
function isSum(scan: Scan): boolean {
  const { sizes, groups, sign, end } = shape;
  if (groups < 2 || end >= scan.end || (sign !== 0x2e && sign !== 0x20) || (sizes[0] as number) > 3) return false;
  for (let group = 1; group < groups; group++) if (sizes[group] !== 3) return false;
  return true;
}

/** `(914)349-8600 04/21/2020`: what follows the three groups is something else. */
function cutAmerican(): void {
  const { sizes, groups } = shape;
  if (groups < 4 || shape.length < 12 || sizes[0] !== 3 || sizes[1] !== 3 || sizes[2] !== 4) return;
  shape.cut(10);
  shape.groups = 3;
}

/** A number in national form of the region of the case: valid, and written or named as one. */
function reportRegional(
  scan: Scan,
  { digits, isNamed, isWhole }: { digits: string; isNamed: boolean; isWhole: boolean },
): boolean {
  const read = readNational(digits, scan.region);
  if (read === null) return false;
  const prefixed = hasNationalPrefix(digits, scan.region) || digits.length === 10;
  const grouped = shape.groups > 1 && shape.length >= 7;
  if (read.grade !== 'valid')
    return (isNamed || isWhole) && shape.length >= 5 && reportNational(scan, read, TIER_CONTEXT);
  if (!isNamed && !isWhole && !(shape.length >= 8 && (prefixed || (grouped && hasEvenGroups())))) return false;
  return reportNational(scan, read, isNamed ? TIER_CONTEXT : TIER_SHAPE);
}

/** No group but the first is of one digit. */
function hasEvenGroups(): boolean {
  for (let group = 1; group < shape.groups; group++) if ((shape.sizes[group] as number) < 2) return false;
  return shape.sign !== 0x2e;
}

function reportNational(scan: Scan, read: PlannedNumber | null, tier: TierId): boolean {
  if (read !== null) {
    report(scan, read, tier);
    return true;
  }
  scan.found.begin();
  for (let i = 0; i < shape.length; i++) scan.found.put(0x30 + (shape.digits[i] as number));
  keep(scan, tier, 'possible');
  return true;
}

/** `(541) 754-3010` and `1-541-754-3010`: the plan of North America. */
function northAmerican(digits: string): PlannedNumber | null {
  const isLong = digits.length === 11 && digits.startsWith('1');
  if (digits.length !== 10 && !isLong) return null;
  const sizes = shape.sizes;
  const at = isLong && shape.groups === 4 ? 1 : 0;
  if (shape.groups !== at + 3 || sizes[at] !== 3 || sizes[at + 1] !== 3 || sizes[at + 2] !== 4) return null;
  const read = readInternational(isLong ? digits : `1${digits}`);
  return read?.grade === 'valid' ? read : null;
}

/** Groupings that hardly anything but a telephone number has. */
function hasPhoneShape(): boolean {
  const { sizes, groups, length, digits } = shape;
  const first = sizes[0] as number;
  const isAmerican = groups === 3 && first === 3 && sizes[1] === 3 && sizes[2] === 4;
  if (isAmerican) return (digits[0] as number) > 0 || shape.hasBrackets;
  if (groups === 4 && first === 1 && digits[0] === 1 && sizes[1] === 3 && sizes[2] === 3 && sizes[3] === 4) return true;
  if (digits[0] !== 0 || digits[1] === 0 || length < 9 || length > 12)
    return shape.hasBrackets && groups > 1 && length >= 9 && length <= 12 && first <= 4;
  if (groups === 1) return length === 10 || length === 11;
  for (let group = 1; group < groups; group++) if ((sizes[group] as number) < 2) return false;
  return shape.sign !== 0x2e && shape.sign !== 0;
}

/** `ABNA 0417 1643 00`: part of an account number. */
function followsCapitals(scan: Scan): boolean {
  const before = scan.at(shape.start - 2);
  return scan.at(shape.start - 1) === 0x20 && before >= 0x41 && before <= 0x5a;
}

/** Eleven digits that begin with 13 to 19, in a Chinese text. */
function isChineseMobile(scan: Scan): boolean {
  const { digits, length, groups } = shape;
  if (length !== 11 || groups !== 1 || digits[0] !== 1 || (digits[1] as number) < 3) return false;
  return (
    scan.lang === 'zh' ||
    scan.at(shape.start - 3) >= 0xe3 ||
    scan.at(shape.start - 4) >= 0xe3 ||
    scan.at(shape.end) >= 0xe3
  );
}

/** 16-04-2010, 2010/04/16, 12.07.24 and 2012-01-02 08. */
function isDate(): boolean {
  const { sizes, groups, sign, digits } = shape;
  if (shape.hasBrackets) return false;
  if (groups < 3) return groups === 2 && sizes[0] === 4 && sizes[1] === 4 && sign === 0x2f;
  const [a, b, c] = [sizes[0] as number, sizes[1] as number, sizes[2] as number];
  if (sign === 0x20 && groups === 3) return false;
  const month = (digits[a] as number) * 10 + (digits[a + 1] as number);
  if (a === 4 && b <= 2 && c <= 2)
    return (digits[0] === 1 || digits[0] === 2) && (b === 1 || month <= 12) && shape.length > 6;
  return a <= 2 && b <= 2 && (c === 4 || (c === 2 && groups === 3));
}

/** 234/2022, 2023-00412: a number and its year. */
function isFileNumber(): boolean {
  const { sizes, groups, sign, length } = shape;
  if (groups !== 2 || (sign !== 0x2f && sign !== 0x2d)) return false;
  const mayEnd = sign === 0x2f || ((sizes[0] as number) === 4 && shape.digits[0] !== 0);
  return (sizes[1] === 4 && mayEnd && isCentury(length - 4)) || (sizes[0] === 4 && isCentury(0));
}

/** 1000-5000 and 3000000: round numbers. */
function isRoundRange(): boolean {
  const { sizes, groups, digits, length } = shape;
  const isRound = digits[length - 1] === 0 && digits[length - 2] === 0;
  if (groups === 1)
    return (
      isRound && digits[length - 3] === 0 && digits[length - 4] === 0 && digits[length - 5] === 0 && digits[0] !== 0
    );
  const half = sizes[0] as number;
  return isRound && groups === 2 && half === sizes[1] && digits[half - 1] === 0 && digits[half - 2] === 0;
}

function isCentury(at: number): boolean {
  const century = (shape.digits[at] as number) * 10 + (shape.digits[at + 1] as number);
  return century === 19 || century === 20;
}

/** 01310-100. */
function isBrazilianPostcode(): boolean {
  return shape.groups === 2 && shape.sign === 0x2d && shape.sizes[0] === 5 && shape.sizes[1] === 3;
}

function report(scan: Scan, read: PlannedNumber, tier: TierId): void {
  scan.found.begin();
  scan.found.put(PLUS);
  scan.found.putAscii(read.digits);
  keep(scan, tier, read.grade);
}

function keep(scan: Scan, tier: TierId, grade: 'valid' | 'possible'): void {
  scan.found.report(PHONE, tier, shape.start, extensionEnd(scan, shape.end));
  scan.found.grade(grade);
}
