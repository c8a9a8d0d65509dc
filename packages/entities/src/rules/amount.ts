import { multiply, putDecimal } from '../amounts/decimal.ts';
import { isCurrency, reportMoney, type Surroundings } from '../amounts/money.ts';
import { NumberReading } from '../amounts/number-reading.ts';
import { WordBeside } from '../amounts/words-beside-numbers.ts';
import { byteClass, isAlnum, isDigit, LETTER } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';

const MASS = knownType('mass');
const COUNT = knownType('count');
const LONGEST_RUN = 24;
/** As many digits after `+` are a telephone number. */
const LONGEST_AFTER_PLUS = 7;

const around = noSurroundings();
/** The second number of a range. */
const second = noSurroundings();

function noSurroundings(): Surroundings {
  return {
    number: new NumberReading(),
    before: new WordBeside(),
    hasBefore: false,
    after: new WordBeside(),
    hasAfter: false,
    inherited: null,
    power: 0,
    powerAlone: 0,
    end: 0,
    doubtfulPower: false,
    plainEnd: 0,
  };
}

/** Money, mass and counts: a number, and what stands before and after it. */
export const amount: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 1,
  maxLength: LONGEST_RUN,
  match(scan) {
    let at = scan.runStart;
    while (!isDigit(scan.bytes[at] as number)) at++;
    if (!mayBegin(scan, scan.runStart) || !around.number.read(scan, at)) return;
    if (beginsWithPoint(scan, at) && !around.number.beginWithPoint()) return;
    if (around.number.digits[0] === 0 && around.number.point > 1) return;
    readBefore(scan, around.number.start);
    if (at > scan.runStart && !(around.hasBefore && around.before.start === scan.runStart)) return;
    readAfter(scan, around);
    if (!around.hasAfter && readRange(scan)) {
      reportRange(scan);
      return;
    }
    const isMoney = (around.hasBefore || around.hasAfter) && reportMoney(scan, around);
    if (around.hasAfter && (!isMoney || around.after.meaning?.mass != null)) reportQuantity(scan, isMoney);
  },
};

/** `.50`, and not the end of a sentence or of three points. */
function beginsWithPoint(scan: Scan, at: number): boolean {
  if (scan.at(at - 1) !== 0x2e || at - 1 < scan.start) return false;
  const before = scan.at(at - 2);
  return !isAlnum(before) && before !== 0x2e && before !== 0x2c;
}

/** Not inside an identifier, a time, a date or a longer number. */
function mayBegin(scan: Scan, at: number): boolean {
  const before = scan.at(at - 1);
  if (before === 0x5f || before === 0x40) return false;
  if (before === 0x2b) return scan.runEnd - at < LONGEST_AFTER_PLUS;
  const parts = before === 0x2e || before === 0x2c || before === 0x3a || before === 0x2f || before === 0x27;
  return !parts || !isAlnum(scan.at(at - 2));
}

function readBefore(scan: Scan, at: number): void {
  const { before } = around;
  around.hasBefore = before.readBefore(scan, at) && before.start >= scan.moneyEnd;
  const name = around.hasBefore ? (before.meaning?.currency ?? null) : null;
  around.hasBefore = name?.before === true && !isVariable(scan, at);
}

/** `eth0`, `RS880-x` and `$1` of programs. */
function isVariable(scan: Scan, at: number): boolean {
  const { number, before } = around;
  const attached = before.end === at;
  if (!attached) return false;
  const first = scan.at(before.start);
  if (first === 0x24 && number.length === 1 && number.digits[0] === 0) return true;
  if (first === 0x24)
    return number.length === 1 && (scan.at(number.end) === 0x7d || isQuoteOrDollar(scan.at(before.start - 1)));
  if (first >= 0x80) return false;
  const isEthernet =
    before.end - before.start === 3 && (scan.at(before.start + 1) | 32) === 0x74 && (first | 32) === 0x65;
  const isPartOfName =
    scan.at(before.start - 1) === 0x2d || (scan.at(number.end) === 0x2d && isLetter(scan.at(number.end + 1)));
  return isEthernet || isPartOfName;
}

function isQuoteOrDollar(byte: number): boolean {
  return byte === 0x22 || byte === 0x24;
}

/** Reads the second number of `10-20k EUR` and `€10-20k`. False where the two are no range of money. */
function readRange(scan: Scan): boolean {
  const at = around.end;
  const dash =
    scan.at(at) === 0x2d ? 1 : scan.at(at) === 0xe2 && scan.at(at + 1) === 0x80 && scan.at(at + 2) === 0x93 ? 3 : 0;
  if (dash === 0 || !isDigit(scan.at(at + dash)) || !second.number.read(scan, at + dash)) return false;
  if (second.number.digits[0] === 0 && second.number.point > 1) return false;
  readAfter(scan, second);
  const named = second.hasAfter && second.after.meaning?.currency != null;
  if (!named && (!around.hasBefore || isAlnum(scan.at(second.end)) || scan.at(second.end) === 0x2d)) return false;
  // 500-1k goes from five hundred; 10-20k from ten thousand.
  if (around.power === 0 && second.power > 0 && isLess(around.number, second.number)) {
    around.power = second.power;
    around.powerAlone = second.powerAlone;
  }
  return true;
}

/** The currency stands at one of the two; the second is met again by itself when the name is its own. */
function reportRange(scan: Scan): void {
  const sign = around.hasBefore ? around.before : second.after;
  const name = sign.meaning?.currency ?? null;
  if (name === null) return;
  const inherited = { name, code: sign.dollar ?? name.code, prefixed: sign.dollar !== null };
  if (!around.hasBefore) {
    if (!isCurrency(scan, second)) return;
    around.inherited = inherited;
  }
  reportMoney(scan, around);
  if (!around.hasBefore) return;
  second.inherited = inherited;
  reportMoney(scan, second);
}

function isLess(a: NumberReading, b: NumberReading): boolean {
  if (a.point !== b.point) return a.point < b.point;
  for (let k = 0; k < Math.min(a.length, b.length); k++) {
    if (a.digits[k] !== b.digits[k]) return (a.digits[k] as number) < (b.digits[k] as number);
  }
  return a.length < b.length;
}

/** Reads `,-`, a power of ten and the word after it. */
function readAfter(scan: Scan, around: Surroundings): void {
  const { number, after } = around;
  around.inherited = null;
  around.power = 0;
  around.powerAlone = 0;
  around.doubtfulPower = false;
  around.end = number.end + dashLength(scan, number.end);
  around.plainEnd = around.end;
  around.hasAfter = after.readAfter(scan, around.end) || readMillionCode(scan, around);
  const power = around.hasAfter ? (after.meaning?.power ?? null) : null;
  if (power !== null && after.dollar === null) {
    around.power = power.exponent;
    around.powerAlone = power.alone;
    around.doubtfulPower = power.brief && after.start > around.end;
    around.end = after.end;
    around.hasAfter =
      after.readAfter(scan, around.end) || after.readAfter(scan, around.end + linkLength(scan, around.end));
  }
  if (around.hasAfter && after.meaning?.country != null) readCountry(scan, around);
}

/** ` de`, ` di`, ` d'` between a million and its currency in Romance languages. */
function linkLength(scan: Scan, at: number): number {
  if (scan.at(at) !== 0x20 || (scan.at(at + 1) | 32) !== 0x64) return 0;
  if (scan.at(at + 2) === 0x27) return 3;
  const vowel = scan.at(at + 2) | 32;
  return (vowel === 0x65 || vowel === 0x69) && scan.at(at + 3) === 0x20 ? 3 : 0;
}

/** `125 australian dollars`. */
function readCountry(scan: Scan, around: Surroundings): void {
  const { after } = around;
  const code = after.meaning?.country as string;
  const { start } = after;
  around.hasAfter = after.readAfter(scan, after.end) && after.meaning?.currency != null;
  after.start = start;
  if (around.hasAfter) after.dollar = code;
}

/** `30 MUSD`: millions of a currency in capitals. */
function readMillionCode(scan: Scan, around: Surroundings): boolean {
  const { after } = around;
  const at = after.start;
  if (scan.at(at) !== 0x4d) return false;
  for (let k = 1; k < 4; k++) if (!(scan.at(at + k) >= 0x41 && scan.at(at + k) <= 0x5a)) return false;
  if (!after.readAfter(scan, at + 1) || after.meaning?.currency == null || after.end !== at + 4) return false;
  around.power = 6;
  around.powerAlone = 6;
  return true;
}

/** `,-`, `.-` and the Indian `/-` after a round sum, also with a long dash. */
function dashLength(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === 0x2f && scan.at(at + 1) === 0x2d) return isAlnum(scan.at(at + 2)) ? 0 : 2;
  if (byte !== 0x2c && byte !== 0x2e) return 0;
  if (scan.at(at + 1) === 0x2d) return isAlnum(scan.at(at + 2)) ? 0 : scan.at(at + 2) === 0x2d ? 3 : 2;
  return scan.at(at + 1) === 0xe2 && scan.at(at + 2) === 0x80 && (scan.at(at + 3) & 0xfe) === 0x94
    ? 4
    : dashEn(scan, at);
}

/** U+2013. */
function dashEn(scan: Scan, at: number): number {
  return scan.at(at + 1) === 0xe2 && scan.at(at + 2) === 0x80 && scan.at(at + 3) === 0x93 ? 4 : 0;
}

/** Reports a mass or a count; as another reading of the sum just reported where it is `besides` money. */
function reportQuantity(scan: Scan, besides: boolean): void {
  const { number, after } = around;
  const mass = after.meaning?.mass ?? null;
  const piece = after.meaning?.piece ?? null;
  if ((mass === null && piece === null) || around.doubtfulPower || around.hasBefore) return;
  if (mass !== null && !isUnit(scan)) return;
  const point = around.power > 0 && number.otherPoint >= 0 ? number.otherPoint : number.point;
  putQuantity(scan, point);
  if (besides) {
    scan.found.alternative(MASS, TIER_SHAPE);
    return;
  }
  const type = mass === null ? COUNT : MASS;
  scan.found.report(type, TIER_SHAPE, number.start, after.end);
  if (number.otherPoint < 0) return;
  putQuantity(scan, point === number.point ? number.otherPoint : number.point);
  scan.found.alternative(type, TIER_SHAPE);
}

function putQuantity(scan: Scan, point: number): void {
  const { number, after } = around;
  const value = { digits: number.digits, length: number.length, point: point + around.power };
  const mass = after.meaning?.mass ?? null;
  scan.found.begin();
  putDecimal(scan.found, mass === null ? value : multiply(value, mass));
  scan.found.putAscii(mass === null ? ` ${after.meaning?.piece}` : ' kg');
}

/** Units of one letter are units in small letters only, and `3g` to `6g` are telephone networks. */
function isUnit(scan: Scan): boolean {
  const { number, after } = around;
  const length = after.end - after.start;
  if (length > 2) return true;
  const first = scan.at(after.start);
  if (first < 0x61 && length === 1) return false;
  if (first === 0x4d) return false;
  const follows = scan.at(after.end);
  if (length === 1 && (follows === 0x27 || follows === 0x2f || (follows === 0x2d && isLetter(scan.at(after.end + 1)))))
    return false;
  const attached = after.start === number.end;
  if (length === 1 && first === 0x74 && (follows === 0x26 || (attached && number.length < 2))) return false;
  if (isWirelessStandard()) return false;
  return !(length === 1 && first === 0x67 && attached && number.length === 1 && (number.digits[0] as number) < 7);
}

/** IEEE 802.11g. */
function isWirelessStandard(): boolean {
  const { digits, length, point } = around.number;
  return length === 5 && point === 3 && digits[0] === 8 && digits[1] === 0 && digits[2] === 2 && digits[3] === 1;
}

function isLetter(byte: number): boolean {
  return byte >= 0 && ((byteClass[byte] as number) & LETTER) !== 0;
}
