import { amountLexicon } from '../amounts/amount-lexicon.ts';
import { bareSum } from '../amounts/bare-sum.ts';
import { regionCurrency } from '../amounts/currencies.ts';
import { wordEnd } from '../amounts/longest-name.ts';
import type { CurrencyName } from '../amounts/meaning.ts';
import { isCurrency, reportMoney } from '../amounts/money.ts';
import { isNameWithNumber } from '../amounts/no-sum.ts';
import { MOST_DIGITS, threeDigits } from '../amounts/number-reading.ts';
import { reportFirstOfRange, reportQuantity } from '../amounts/quantity.ts';
import { readRange } from '../amounts/read-range.ts';
import { readDigits, readOne, readSpelt } from '../amounts/read-surroundings.ts';
import { standsAlone } from '../amounts/stands-alone.ts';
import { noSurroundings } from '../amounts/surroundings.ts';
import { wordStart } from '../amounts/words-beside-numbers.ts';
import { byteClass, isAlnum, isDigit, LETTER } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';

const decoder = new TextDecoder();
const LONGEST_RUN = 24;
const LONGEST_ABBREVIATION = 4;
/** As many digits after `+` are a telephone number. */
const LONGEST_AFTER_PLUS = 7;

/** Powers of ten of the Indian names. */
const LAKH = 5;
const CRORE = 7;
const RUPEES = plainName('INR');
const CROWNS = plainName('SEK');

function plainName(code: string): CurrencyName {
  return {
    code,
    others: [],
    scale: 0,
    worth: null,
    before: false,
    capitals: false,
    isWord: true,
    articled: false,
  };
}

const SPACE = 0x20;
const GROUP_BYTES = 4;
const MOST_GROUPS_OF_THREE: number = MOST_DIGITS / 3;
const CLOSE = 0x29;
const FIRST_IDEOGRAPHIC = 0xe3;
const SLASH = 0x2f;
/** Where round sums are written with a dash for the cents. */
const DASH_REGIONS = new Map([
  ...'NL BE DE AT LU IT FI'.split(' ').map((region) => [region, 'EUR'] as const),
  ...([
    ['CH', 'CHF'],
    ['LI', 'CHF'],
    ['NO', 'NOK'],
    ['DK', 'DKK'],
    ['SE', 'SEK'],
    ['CZ', 'CZK'],
    ['PL', 'PLN'],
  ] as const),
]);
const DASH_LANGUAGES = new Map([
  ['nl', 'EUR'],
  ['de', 'EUR'],
  ['it', 'EUR'],
  ['sv', 'SEK'],
  ['nb', 'NOK'],
  ['da', 'DKK'],
  ['cs', 'CZK'],
]);

const around = noSurroundings();
/** The second number of a range. */
const second = noSurroundings();

/** Money, mass and counts: a number, and what stands before and after it. */
export const amount: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 1,
  maxLength: LONGEST_RUN,
  match(scan) {
    if (standsAlone(scan, scan.runStart, scan.runEnd)) return;
    let at = scan.runStart;
    while (!isDigit(scan.bytes[at] as number)) at++;
    if (at > scan.runStart && !isCurrencyName(scan, scan.runStart, at)) return;
    if (at < scan.noAmountBefore || !mayBegin(scan, scan.runStart) || !readDigits(scan, at, around)) return;
    if (beginsWithPoint(scan, at) && !around.number.beginWithPoint()) return;
    if (around.number.digits[0] === 0 && around.number.point > 1) return;
    readBefore(scan, around.number.start);
    if (at > scan.runStart && !(around.hasBefore && around.before.start === scan.runStart)) return;
    conclude(scan);
    if (!around.hasBefore && !around.hasAfter && around.number.isFull()) scan.noAmountBefore = lastOfList(scan);
  },
};

/** Letters before digits of one run name a currency, or the number is a part of what they name. */
function isCurrencyName(scan: Scan, start: number, end: number): boolean {
  const meaning = amountLexicon().find(scan.bytes, start, end);
  return meaning !== null && meaning.currency !== null;
}

/** In a list of groups of three digits, each behind one space: where the last number of full length begins. */
function lastOfList(scan: Scan): number {
  let i = around.number.end;
  while (scan.at(i) === SPACE && threeDigits(scan, i + 1)) i += GROUP_BYTES;
  return i - MOST_GROUPS_OF_THREE * GROUP_BYTES;
}

/** A number in words at `at`: reported as `amount` is. Returns where it ends, or `at` where none begins. */
export function matchSpelt(scan: Scan, at: number, start: number = at): number {
  if (!readSpelt(scan, at, around)) return at;
  if (start < at) around.number.start = start;
  around.hasBefore = false;
  if (mayNameMoney(scan, start)) readBefore(scan, start);
  conclude(scan);
  return Math.max(around.number.end, scan.moneyEnd);
}

/** Before a number in words only signs, codes and names in scripts without spaces stand. */
function mayNameMoney(scan: Scan, start: number): boolean {
  const last = scan.at(start - 1) === 0x20 ? scan.at(start - 2) : scan.at(start - 1);
  return last === 0x24 || last >= 0x80 || (last >= 0x41 && last <= 0x5a);
}

/** One unit, counted by the article at `start` and named up to `end`: `a dollar`. */
export function matchUnitAlone(scan: Scan, start: number, end: number): number {
  if (start < scan.moneyEnd) return end;
  around.hasBefore = false;
  readOne(scan, start, around);
  const before = scan.found.count;
  conclude(scan);
  return scan.found.count > before ? Math.max(end, scan.moneyEnd) : end;
}

function conclude(scan: Scan): void {
  const isUnit = around.hasAfter && (around.after.meaning?.currency ?? around.after.meaning?.mass ?? null) !== null;
  if (!isUnit && readRange(scan, around, second)) {
    reportRange(scan);
    return;
  }
  if (!around.hasBefore && isCrownMark(scan)) {
    around.end = around.number.end + 2;
    reportAs(scan, CROWNS);
    return;
  }
  const marked = around.hasBefore || isUnit ? null : markedCurrency(scan);
  if (marked !== null) {
    reportAs(scan, marked);
    return;
  }
  const isMoney = (around.hasBefore || around.hasAfter) && reportMoney(scan, around);
  const bare = isMoney ? null : bareSum(scan, around);
  if (bare !== null) {
    reportAs(scan, bare, false);
    return;
  }
  if (!isMoney && isMille(scan)) {
    reportAs(scan, plainName('EUR'));
    return;
  }
  if (!isMoney && isIndianSum(scan)) {
    reportAs(scan, RUPEES);
    return;
  }
  if (around.hasAfter && (!isMoney || around.after.meaning?.mass != null)) reportQuantity(scan, around, isMoney);
}

/** A sum that does not name its currency. */
function reportAs(scan: Scan, name: CurrencyName, isCertain = true): void {
  around.hasAfter = false;
  around.inherited = { name, code: name.code, prefixed: isCertain };
  reportMoney(scan, around);
}

/** Whose sums end in `,-`: the currency of the region, else of the language, else euros. `500/-` are rupees. */
function markedCurrency(scan: Scan): CurrencyName | null {
  const { number, plainEnd, power } = around;
  if (plainEnd === number.end || power > 0 || isAlnum(scan.at(plainEnd)) || scan.at(plainEnd) === CLOSE) return null;
  if (scan.at(number.end) === SLASH) return number.length > 1 ? RUPEES : null;
  const code = DASH_REGIONS.get(scan.region) ?? DASH_LANGUAGES.get(scan.language());
  if (code !== undefined) return plainName(code);
  return scan.region === '' && number.length > 2 && scan.language() === '' ? plainName('EUR') : null;
}

/** `5000:-`, which Swedes write for crowns; not the beginning of a face. */
function isCrownMark(scan: Scan): boolean {
  const { end } = around.number;
  if (around.inWords || scan.at(end) !== 0x3a || scan.at(end + 1) !== 0x2d) return false;
  const after = scan.at(end + 2);
  return after < 0 || after <= 0x20 || after === 0x2e || after === 0x2c || after === 0x21 || after === 0x3f;
}

/** `2 mille`, which Dutch and Germans say of euros only. */
function isMille(scan: Scan): boolean {
  const { end, power, hasAfter } = around;
  return power === 3 && !hasAfter && scan.wordBefore(end, MILLE) && MILLE_LANGUAGES.has(scan.language() || scan.region);
}

const MILLE = ['mille'];
const MILLE_LANGUAGES = new Set(['nl', 'de', 'NL', 'DE', 'AT']);

/** `20 crore` at the end of a clause: nobody counts anything but rupees in lakhs and crores without saying so. */
function isIndianSum(scan: Scan): boolean {
  // 千万 is ten million as well.
  const isSpelt = around.inWords && scan.wordBefore(around.end, LAKHS) && !isLakhAlone(scan);
  if (!isSpelt && around.power !== LAKH && around.power !== CRORE) return false;
  if (scan.at(around.end - 3) >= FIRST_IDEOGRAPHIC) return false;
  const after = scan.at(around.end);
  const next = after === 0x20 ? scan.at(around.end + 1) : after;
  if (next < 0x80 && !isAlnum(next)) return next !== 0x5f;
  return after === 0x20 && countsNothing(scan, around.end + 1);
}

const LAKHS = ['lakh', 'lac', 'crore', 'karod'];

/** `lakh lakh shukriya`: it counts nothing by itself. */
function isLakhAlone(scan: Scan): boolean {
  return scan.wordBefore(wordEnd(scan, around.number.start), LAKHS);
}

/** After a sum in lakhs a verb or a small word of Hindi or English: what is counted would be a noun. */
const NO_NOUNS = new Set(
  (
    'dene dena de dedo dunga dega diye diya lene lena le liya liye lunga bhej bheja bhejo bhejna chahiye chaiye mein me main ka ki ke ko se tak hai hain ho hua ' +
    'hue tha the baki baaki cash advance in for to by at on and is was will from per each only total transfer transferred paid due pending aur देने देना दे दिए दिया ' +
    'लेने लेना भेज भेजो चाहिए में का की के को से तक है हैं हो हुआ बाकी नकद था थे और'
  ).split(' '),
);

function countsNothing(scan: Scan, at: number): boolean {
  return NO_NOUNS.has(decoder.decode(scan.bytes.subarray(at, wordEnd(scan, at))).toLowerCase());
}

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
  if (!parts || !isAlnum(scan.at(at - 2))) return true;
  // `amount:500 EUR`, but no time.
  if (before === 0x3a && isLetter(scan.at(at - 2))) return true;
  if (isDigit(scan.at(at - 2))) return false;
  if (before === 0x2e && (isNameWithDot(scan, at - 1) || scan.wordBefore(at - 1, ABOUT))) return true;
  // `USD,100 times` goes on after a list; `20.5` does not begin at 5.
  return false;
}

/** `ca.300€`, `max.50 kg`. */
const ABOUT = ['ca', 'max', 'min', 'approx', 'aprox', 'appr', 'tot', 'ung', 'etwa'];

/** `Rs.500`: a short name of a currency, abbreviated. */
function isNameWithDot(scan: Scan, dot: number): boolean {
  const start = wordStart(scan, dot);
  if (dot - start < 2 || dot - start > LONGEST_ABBREVIATION || isAlnum(scan.at(start - 1))) return false;
  return amountLexicon().find(scan.bytes, start, dot)?.currency?.before === true;
}

function readBefore(scan: Scan, at: number): void {
  const { before } = around;
  around.hasBefore = before.readBefore(scan, at) && before.start >= scan.moneyEnd && !isAbbreviatedWord(scan);
  const name = around.hasBefore ? (before.meaning?.currency ?? null) : null;
  const mayStand = name?.before === true || (name?.capitals === true && isCodeBefore(scan, name.code));
  if (name?.code === 'RON' && isLaw(scan)) around.hasBefore = false;
  else
    around.hasBefore =
      name !== null &&
      mayStand &&
      !isVariable(scan, at) &&
      !(name.isWord && (isCountOfNext(scan, at) || isWeighed(at))) &&
      !isNameWithNumber(scan, around);
}

/** `pesa 1,25 kg`: what stands before a weight is a word of the sentence. */
function isWeighed(at: number): boolean {
  const { before, after, hasAfter } = around;
  return hasAfter && before.end < at && (after.meaning?.mass ?? null) !== null && after.end - after.start > 1;
}

/** `lei 11.343` is a law in Portuguese, and `lei` is she in Italian. */
function isLaw(scan: Scan): boolean {
  const { start, end } = around.before;
  return (
    end - start === 3 && (scan.at(start) | 32) === 0x6c && (NO_LEI.has(scan.language()) || NO_LEI.has(scan.region))
  );
}

const NO_LEI = new Set(['pt', 'it', 'es', 'BR', 'PT', 'IT', 'ES', 'AO', 'MZ']);

/** `cad. 145` is a street in Turkish, and `TK1234` a flight. */
function isAbbreviatedWord(scan: Scan): boolean {
  const { start, end, dollar } = around.before;
  if (dollar !== null || scan.at(start) >= 0x80) return false;
  // `5 ft 2`: nobody owes two forints.
  if (around.before.meaning?.currency?.code === 'HUF' && end - start === 2) return around.number.point < 3;
  const isTaka = end - start === 2 && (scan.at(start) | 32) === 0x74 && (scan.at(start + 1) | 32) === 0x6b;
  return isTaka
    ? end === around.number.start && scan.region !== 'BD'
    : end - start === 3 && scan.at(end) === 0x2e && scan.at(start) >= 0x61;
}

/** Codes that are words as well, but hardly before a sum of thousands. */
const BEFORE_THOUSANDS = new Set(['COP', 'MAD', 'RON', 'SAR', 'TRY', 'PEN', 'GEL', 'BOB', 'BAM', 'NAD', 'MUR']);
const THOUSANDS = 4;

function isCodeBefore(scan: Scan, code: string): boolean {
  const { before, number } = around;
  // Its own country writes the code before any sum.
  if (regionCurrency(scan.region) === code && before.end < number.start && !around.inWords) return isInCapitals(scan);
  if (!BEFORE_THOUSANDS.has(code) || around.inWords || number.point < THOUSANDS || before.end === number.start)
    return false;
  return isInCapitals(scan);
}

function isInCapitals(scan: Scan): boolean {
  for (let i = around.before.start; i < around.before.end; i++) if (scan.at(i) >= 0x61) return false;
  return true;
}

/** `dollars 3 times`: after a name, one digit counts what follows. */
function isCountOfNext(scan: Scan, at: number): boolean {
  if (around.before.end === at || scan.at(around.before.start) >= 0xe3) return false;
  if (around.inWords) return true;
  const { end } = around.number;
  return (
    around.number.length < 2 &&
    around.power === 0 &&
    scan.at(end) === 0x20 &&
    (isLetter(scan.at(end + 1)) || scan.at(end + 1) >= 0x80)
  );
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

/** The currency stands at one of the two; the second is met again by itself when the name is its own. */
function reportRange(scan: Scan): void {
  const sign = around.hasBefore ? around.before : second.after;
  const name = sign.meaning?.currency ?? null;
  if (name === null) {
    if (!around.hasBefore) reportFirstOfRange(scan, around, second);
    return;
  }
  const inherited = { name, code: sign.dollar ?? name.code, prefixed: sign.dollar !== null };
  around.hasAfter = false;
  if (!around.hasBefore) {
    if (!isCurrency(scan, second)) return;
    around.inherited = inherited;
  }
  reportMoney(scan, around);
  if (!around.hasBefore) return;
  second.inherited = inherited;
  second.hasBefore = false;
  reportMoney(scan, second);
}

function isLetter(byte: number): boolean {
  return byte >= 0 && ((byteClass[byte] as number) & LETTER) !== 0;
}
