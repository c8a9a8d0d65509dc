import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { isLocalPower, localExponent } from './local-powers.ts';
import { LongestName, wordEnd } from './longest-name.ts';
import { LINK_AND, LINK_ARTICLE, LINK_HALF, LINK_OF, LINK_POINT, type Meaning } from './meaning.ts';
import { NumberParser } from './number-parser.ts';
import type { Surroundings } from './surroundings.ts';
import { gapAfter } from './words-beside-numbers.ts';

const parser = new NumberParser();
const name = new LongestName();

/** Reads the number of digits at `at` and what follows it. False where its digits make no number. */
export function readDigits(scan: Scan, at: number, around: Surroundings): boolean {
  around.inWords = false;
  if (!around.number.read(scan, at)) return false;
  readAfter(scan, around);
  return true;
}

/** Reads the spelt number at `at` and what follows it. False where no number begins there. */
export function readSpelt(scan: Scan, at: number, around: Surroundings): boolean {
  if (!parser.parse(scan, at)) return false;
  around.inWords = true;
  if (parser.tokens === 1 && parser.value < 10 && readHundreds(scan, at, around)) return true;
  take(scan, around, at);
  return true;
}

const DIGIT_NAMES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/** German and Dutch say euros and cents so: `drei fünfzig`. */
const EUROS_OF_CENTS = 'zwei drei vier fünf sechs sieben acht neun twee drie vijf zes zeven negen'.split(' ');
const NOTES = ['note', 'notes', 'bill', 'bills', 'scheine', 'schein', 'briefjes', 'biljetten'];
const tens = new NumberParser();

/**
 * `four fifty quid`: English leaves out `hundred`, or it is a price in pounds and pence; German and Dutch mean the second.
 * What is not meant is kept as the other reading.
 */
function readHundreds(scan: Scan, at: number, around: Surroundings): boolean {
  const { end, value } = parser;
  const isCents = scan.wordBefore(end + 1, EUROS_OF_CENTS);
  if (scan.at(end) !== 0x20 || !(isCents || scan.wordBefore(end + 1, DIGIT_NAMES))) return false;
  if (!tens.parse(scan, end + 1) || tens.value < 20 || tens.value > 99 || tens.value % 1 !== 0) return false;
  parser.value = value * 100 + tens.value;
  parser.end = tens.end;
  take(scan, around, at);
  const { after, number, power } = around;
  const isMoney = around.hasAfter && power === 0 && after.meaning?.currency?.scale === 0;
  const isOfNotes = isMoney && scan.at(after.end) === 0x20 && scan.wordBefore(wordEnd(scan, after.end + 1), NOTES);
  if (isMoney && !isOfNotes) {
    number.otherPoint = isCents ? number.point : 1;
    if (isCents) number.point = 1;
    return true;
  }
  parser.value = value;
  parser.end = end;
  return false;
}

/** Reads the article at `start` as one, and the unit after it. */
export function readOne(scan: Scan, start: number, around: Surroundings): void {
  let end = start;
  // `полкило` and a message that is only the name of a coin have no article.
  if (name.find(scan, start) && name.end < scan.end && ((name.meaning as Meaning).link & LINK_ARTICLE) !== 0)
    while (scan.at(end) >= 0x80 || isAlnum(scan.at(end))) end++;
  around.inWords = true;
  parser.end = end;
  parser.value = 1;
  take(scan, around, start);
}

/** Takes over what the parser read. */
function take(scan: Scan, around: Surroundings, start: number): void {
  around.number.assign({ start, end: parser.end }, parser.value);
  around.inherited = null;
  around.power = 0;
  around.powerAlone = 0;
  around.doubtfulPower = false;
  around.end = parser.end;
  around.plainEnd = parser.end;
  readName(scan, around);
}

/** Reads `,-`, powers of ten and the word after them. */
export function readAfter(scan: Scan, around: Surroundings): void {
  const { number, after } = around;
  around.inherited = null;
  around.power = 0;
  around.powerAlone = 0;
  around.doubtfulPower = false;
  around.end = number.end + dashLength(scan, number.end);
  around.plainEnd = around.end;
  around.hasAfter = after.readAfter(scan, around.end) || readMillionCode(scan, around);
  if (!around.hasAfter) return;
  const meaning = after.meaning as Meaning;
  if ((meaning.link & LINK_OF) !== 0 && !hasPowerAfterOf(scan, around))
    around.hasAfter = after.readAfter(scan, around.end);
  if ((meaning.link & (LINK_HALF | LINK_POINT | LINK_AND)) !== 0 && takeComposite(scan, around)) return;
  readPowers(scan, around);
  if (around.power > 0 && !isShortPower && mayGoOn(scan, around.end) && takeComposite(scan, around)) return;
  if (around.power > 0 && !around.hasAfter) readName(scan, around);
  else finishName(scan, around);
}

/** Romanian `25 de mii`: what follows is the power then. */
function hasPowerAfterOf(scan: Scan, { after, end }: Surroundings): boolean {
  return after.readAfterLink(scan, end) && after.meaning?.power != null && after.meaning.currency === null;
}

/** Whether the power read last is `k` or as short: a number in words does not go on after it. */
let isShortPower = false;
const SHORTEST_POWER = 3;

/** `k`, `million`, `千万`: powers one after the other. */
function readPowers(scan: Scan, around: Surroundings): void {
  const { after } = around;
  isShortPower = false;
  for (let count = 0; count < 3 && around.hasAfter; count++) {
    const power = after.meaning?.power ?? null;
    if (power === null || after.dollar !== null || (after.meaning?.currency != null && power.exponent === 2)) return;
    if (!isLocalPower(scan, around)) {
      around.hasAfter = false;
      return;
    }
    // Only in scripts without spaces do two powers multiply: 千万, 万億.
    if (count > 0 && scan.at(after.start) < 0xe3) return;
    const exponent = localExponent(scan, around, power.exponent);
    const alone = exponent === power.exponent ? power.alone : exponent;
    if (count === 0) isShortPower = power.brief && after.end - after.start < SHORTEST_POWER;
    around.power += exponent;
    around.powerAlone = alone + around.power - exponent;
    around.doubtfulPower = power.brief && after.start > around.end;
    around.end = after.end;
    if (scan.at(around.end) === 0x2e && isAbbreviation(scan, around.end)) around.end++;
    around.hasAfter = after.readAfter(scan, around.end);
  }
}

/** The full stop of `mln. euro`: a small letter or a sign goes on after it. */
function isAbbreviation(scan: Scan, dot: number): boolean {
  const gap = gapAfter(scan, dot + 1);
  const next = gap > 0 ? scan.at(dot + 1 + gap) : -1;
  if ((next >= 0x61 && next <= 0x7a) || next >= 0x80 || next === 0x24) return true;
  return next > 0 && name.find(scan, dot + 1 + gap) && (name.meaning as Meaning).currency !== null;
}

function mayGoOn(scan: Scan, end: number): boolean {
  const at = end + gapAfter(scan, end);
  if (isDigit(scan.at(at))) return scan.at(end - 1) >= 0x80 || at > end;
  if (!name.find(scan, at)) return false;
  const meaning = name.meaning as Meaning;
  return meaning.number >= 0 || (meaning.link & LINK_HALF) !== 0 || (meaning.power !== null && scan.at(at) >= 0xe3);
}

/** Reads digits and words as one number: `4억 2천만`, `2 and a half million`. */
function takeComposite(scan: Scan, around: Surroundings): boolean {
  const { number } = around;
  if (number.point !== number.length || number.otherPoint >= 0) return false;
  if (!parser.parse(scan, number.start) || parser.end <= around.end || parser.tokens < 2) return false;
  take(scan, around, number.start);
  return true;
}

/** The name of a unit after the number, `de` and the like left out. */
function readName(scan: Scan, around: Surroundings): void {
  const { after } = around;
  around.hasAfter = after.readAfter(scan, around.end);
  finishName(scan, around);
}

function finishName(scan: Scan, around: Surroundings): void {
  const { after } = around;
  const isLink = around.hasAfter && after.meaning?.currency === null && after.meaning.link !== 0;
  if (!around.hasAfter || isLink)
    around.hasAfter = after.readAfterLink(scan, around.end) || readMillionCode(scan, around) || readHalfA(scan, around);
  if (around.hasAfter && after.meaning?.country != null && after.meaning.currency === null) readCountry(scan, around);
}

/** `half a kilo`, `half an ounce`. */
function readHalfA(scan: Scan, around: Surroundings): boolean {
  const { after, inWords, number } = around;
  if (!inWords || number.point !== 1 || number.digits[0] !== 0) return false;
  const at = around.end + gapAfter(scan, around.end);
  if (!name.find(scan, at) || ((name.meaning as Meaning).link & LINK_ARTICLE) === 0) return false;
  return after.readAfter(scan, name.end) && (after.meaning?.mass ?? null) !== null;
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
  const at = around.end + gapAfter(scan, around.end);
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
  const third = scan.at(at + 3);
  return scan.at(at + 1) === 0xe2 && scan.at(at + 2) === 0x80 && third >= 0x93 && third <= 0x95 ? 4 : 0;
}
