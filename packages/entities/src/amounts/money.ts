import { isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';
import { isOwedInSlang, isSlangOfDebts } from './bare-sum.ts';
import { readCents } from './cents-after.ts';
import { isCoin, regionCurrency } from './currencies.ts';
import { type Decimal, multiply, putDecimal } from './decimal.ts';
import type { CurrencyName } from './meaning.ts';
import { isPence, isWordOfTheText } from './no-sum.ts';
import type { NumberReading } from './number-reading.ts';
import { isPoundOfSomething, isWeightInPounds } from './pound-of-something.ts';
import type { Surroundings } from './surroundings.ts';
import { WordBeside } from './words-beside-numbers.ts';

const MONEY = knownType('money');
/** Where a point groups thousands only by mistake, so a comma before three digits is not ambiguous. */
const COMMA_GROUPS = new Set(['USD', 'GBP', 'JPY', 'CNY', 'INR', 'AUD', 'CAD', 'NZD', 'HKD', 'SGD', 'MXN', 'KRW']);
/** Currencies written with `$`. */
const DOLLAR_SIGN = new Set('USD AUD CAD NZD HKD SGD TWD MXN ARS CLP COP JMD TTD BZD'.split(' '));
/** Those that are called dollars: nobody in Mexico calls pesos so. */
const DOLLAR_NAMED = new Set('USD AUD CAD NZD HKD SGD TWD JMD TTD BZD'.split(' '));
/** Coins worth a dollar: 15.000 of them are thousands. */
const STABLE = new Set(['USDT', 'USDC']);
/** Languages that write thousands with a comma and decimals with a point. */
export const POINT_DECIMALS: ReadonlySet<string> = new Set(['en', 'zh', 'ja', 'ko', 'hi', 'he', 'th']);
/** Those that do the reverse, or group with spaces, and write decimals with a comma. */
export const COMMA_DECIMALS: ReadonlySet<string> = new Set(
  'nl de fr es pt it tr pl sv nb no da fi sq ro ru uk bg cs hr ca id vi el hu'.split(' '),
);

/** Where `mil` is a thousand, the currency standing before the number too. */
const SAYS_MIL = new Set('BRL MXN COP ARS CLP PEN EUR'.split(' '));
const MIL_LANGUAGES = new Set(['es', 'pt', 'ca', 'it']);
const MIL_REGIONS = new Set('ES PT BR MX AR CL CO PE IT'.split(' '));

const next = new WordBeside();
const small: Decimal & { digits: Uint8Array; length: number; point: number } = {
  digits: new Uint8Array(64),
  length: 0,
  point: 0,
};

/** Reports the sum of money around a number, if it is one. Returns whether it is. */
export function reportMoney(scan: Scan, around: Surroundings): boolean {
  const { before, after } = around;
  let used = around.hasAfter && isCurrency(scan, around) ? after : null;
  let name = used?.meaning?.currency ?? null;
  let code = used === null ? null : (used.dollar ?? (name as CurrencyName).code);
  if (around.hasBefore) {
    const own = before.meaning?.currency as CurrencyName;
    const ownCode = before.dollar ?? own.code;
    if (
      code === null ||
      !sameFamily(own, ownCode, code) ||
      belongsToNext(scan, after) ||
      (name as CurrencyName).scale !== 0
    ) {
      used = null;
      name = own;
      code = ownCode;
    } else if (code === 'USD' || before.dollar !== null) code = ownCode;
  }
  const { inherited } = around;
  name ??= inherited?.name ?? null;
  code ??= inherited?.code ?? null;
  if (name === null || code === null) return false;
  const own = used ?? (around.hasBefore ? before : null);
  const prefixed = own === null ? inherited?.prefixed === true : own.dollar !== null;
  const doubtful = around.doubtfulPower && used === null;
  const start = around.hasBefore ? before.start : around.number.start;
  const isAlone = around.powerAlone !== around.power && isMillion(scan, around, code, used !== null);
  const power = isAlone ? around.powerAlone : around.power;
  const otherPower = around.powerAlone === around.power ? -1 : isAlone ? around.power : around.powerAlone;
  report(scan, around, {
    code,
    name,
    prefixed,
    power,
    otherPower,
    doubtful,
    start,
    end: used === null ? around.end : used.end,
  });
  return true;
}

/** `mil` is a million in English and Romanian, and a thousand in Spanish and Portuguese; after a sign mostly English. */
function isMillion(scan: Scan, { number, inWords }: Surroundings, code: string, named: boolean): boolean {
  // Who writes thousands in `mil` has a comma for decimals, and seldom needs one.
  if (number.point < number.length && (inWords || number.sign === 0x2e)) return true;
  const language = scan.language();
  // `mil.` is short for `milioane`; a thousand is `mie`.
  if (language === 'en' || language === 'ro' || scan.region === 'RO') return true;
  if (MIL_REGIONS.has(scan.region)) return false;
  return !named && !SAYS_MIL.has(code) && !MIL_LANGUAGES.has(language);
}

interface Sum {
  readonly code: string;
  readonly name: CurrencyName;
  readonly prefixed: boolean;
  power: number;
  /** The other meaning of `mil`, or -1. */
  readonly otherPower: number;
  /** Whether the power may be a word of its own. */
  readonly doubtful: boolean;
  readonly start: number;
  end: number;
}

function report(scan: Scan, around: Surroundings, sum: Sum): void {
  const { number } = around;
  if (sum.power === 0) powerAfterCurrency(scan, sum);
  const shift = sum.power + sum.name.scale;
  const codes = readings(scan, sum, around);
  const code = codes[0] as string;
  let point = number.point;
  let other = number.otherPoint;
  if (around.plainEnd > number.end) other = -1;
  if (other >= 0 && number.sign === 0x2c && COMMA_GROUPS.has(code)) other = -1;
  if (other >= 0 && number.sign !== 0 && isDecimalFirst(scan, { number, code, power: sum.power }))
    [point, other] = [other, point];
  const isWhole = sum.power === 0 && sum.name.scale === 0 && point === number.length && sum.name.worth === null;
  const cents = isWhole && other < 0 ? centsAfter(scan, number, sum) : null;
  sameNameAgain(scan, sum, code);
  const value = (at: number): Decimal =>
    worthOf(sum, { digits: number.digits, length: number.length, point: at + shift });
  put(scan, code, cents ?? value(point));
  scan.found.report(MONEY, TIER_SHAPE, sum.start, sum.end);
  if (other >= 0) scan.noteLanguage();
  if (other >= 0) {
    put(scan, code, value(other));
    scan.found.alternative(MONEY, TIER_SHAPE);
  }
  if (sum.otherPower >= 0 && other < 0) {
    scan.noteLanguage();
    const unit = number.point + sum.otherPower + sum.name.scale;
    put(scan, code, worthOf(sum, { digits: number.digits, length: number.length, point: unit }));
    scan.found.alternative(MONEY, TIER_SHAPE);
  }
  if (sum.doubtful) {
    put(scan, code, worthOf(sum, { digits: number.digits, length: number.length, point: number.point }));
    scan.found.alternative(MONEY, TIER_SHAPE);
  }
  for (const reading of codes.slice(1)) {
    put(scan, reading, cents ?? value(point));
    scan.found.alternative(MONEY, TIER_SHAPE);
  }
  scan.moneyEnd = sum.end;
}

/** Which reading of 1.234 or 1,234 comes first; the other is reported beside it. */
function isDecimalFirst(
  scan: Scan,
  { number, code, power }: { number: NumberReading; code: string; power: number },
): boolean {
  const language = scan.language();
  if (number.sign === 0x2c) return COMMA_DECIMALS.has(language) && power > 0;
  if (power > 0) return !COMMA_DECIMALS.has(language) && !endsInZeros(number);
  if (isCoin(code)) return !endsInZeros(number) || !(STABLE.has(code) || COMMA_DECIMALS.has(language));
  return POINT_DECIMALS.has(scan.lang) && number.point <= 4 && code !== 'EUR';
}

/** 20.000 million is twenty thousand million. */
function endsInZeros({ digits, length }: NumberReading): boolean {
  return digits[length - 1] === 0 && digits[length - 2] === 0 && digits[length - 3] === 0;
}

function worthOf(sum: Sum, value: Decimal): Decimal {
  return sum.name.worth === null ? value : multiply(value, sum.name.worth);
}

function put(scan: Scan, code: string, value: Decimal): void {
  scan.found.begin();
  scan.found.putAscii(code);
  scan.found.put(0x20);
  putDecimal(scan.found, value);
}

/** `75 USD million`. */
function powerAfterCurrency(scan: Scan, sum: Sum): void {
  if (!next.readAfter(scan, sum.end) || next.start === sum.end) return;
  const power = next.meaning?.power ?? null;
  if (power === null || power.brief || power.exponent < 5) return;
  sum.power = power.exponent;
  sum.end = next.end;
}

/** `3 dollars 50 cents`, `$20 and 43c`: the sum with its cents, whose buffer is used again. */
function centsAfter(scan: Scan, number: NumberReading, sum: Sum): Decimal | null {
  const isAttachedSign = !sum.name.isWord && sum.end === number.end && scan.at(sum.end) !== 0x20;
  if (isAttachedSign && number.end - number.start > 6) return null;
  const { hundredths, end } = readCents(scan, sum.end);
  if (hundredths < 0 || number.length > 20) return null;
  small.digits.set(number.digits.subarray(0, number.length));
  small.digits[number.length] = Math.floor(hundredths / 10);
  small.digits[number.length + 1] = hundredths % 10;
  small.length = number.length + 2;
  small.point = number.length;
  sum.end = end;
  return small;
}

/** `8亿元人民币`, `$20 USD`: the name said twice belongs to the span. */
function sameNameAgain(scan: Scan, sum: Sum, code: string): void {
  if (scan.at(sum.end) < 0xe3 || !next.readAfter(scan, sum.end) || next.start !== sum.end) return;
  const again = next.meaning?.currency ?? null;
  if (again !== null && again.code === code && again.scale === 0) sum.end = next.end;
}

/** Whether the word after the number names a currency there. */
export function isCurrency(scan: Scan, around: Surroundings): boolean {
  const { after, number } = around;
  const name = after.meaning?.currency ?? null;
  if (name === null || isPoundOfSomething(scan, around)) return false;
  if (name.code === 'GBP' && isWeightInPounds(scan, around)) return false;
  if (name.capitals && (number.length < 2 || around.inWords || !inCapitals(scan, after))) return false;
  if (around.inWords && !name.isWord && after.end - after.start < 3 && scan.at(after.start) < 0x80) return false;
  if (!isOwnSlang(scan, after, number)) return false;
  // `6ft` is a length; nobody owes so few forints.
  if (name.code === 'HUF' && after.end - after.start === 2 && number.point < 3 && around.power === 0) return false;
  if (isWordOfTheText(scan, around) || (isSlangOfDebts(scan, around) && !isOwedInSlang(scan, around))) return false;
  // `won` is a word as well; nobody owes so little of it. `一块` is `together`.
  if (name.code === 'KRW' && scan.at(after.start) < 0x80 && number.length < 3 && around.power === 0) return false;
  if (isTogether(scan, around) || (isMinute(scan, after) && !isWholeText(scan, around))) return false;
  if (isCornerOrHundred(scan, around)) return false;
  const apart = after.start > around.end;
  const doubled = scan.at(after.end) === 0x24;
  return !doubled && !(apart && isDigit(scan.at(after.end)));
}

/** 一块 without 钱. */
function isTogether(scan: Scan, { after, inWords, number }: Surroundings): boolean {
  if (!inWords || number.length !== 1 || number.digits[0] !== 1 || after.end - after.start !== 3) return false;
  return scan.at(after.start) === 0xe5 && scan.at(after.start + 1) === 0x9d && scan.at(after.start + 2) === 0x97;
}

/** 分 is a minute or a point; who means hundredths of a yuan says 分钱, or 角 before it. */
function isMinute(scan: Scan, { start, end }: WordBeside): boolean {
  return end - start === 3 && scan.at(start) === 0xe5 && scan.at(start + 1) === 0x88 && scan.at(start + 2) === 0x86;
}

/** `450 eu` is Dutch for euros, `5000u` Chinese for tethers; both are words elsewhere. */
function isOwnSlang(scan: Scan, { start, end }: WordBeside, number: NumberReading): boolean {
  const first = scan.at(start) | 32;
  if (end - start === 2 && first === 0x65 && (scan.at(start + 1) | 32) === 0x75)
    return scan.region === 'NL' || scan.region === 'BE' || scan.language() === 'nl';
  if (end - start !== 1) return true;
  if (first === 0x70) return isPence(scan, start, number);
  if (first !== 0x75) return true;
  return start === number.end && (scan.language() === 'zh' || scan.at(end) >= 0xe4);
}

const CENTS = ['cent', 'cents'];
const FRENCH = ['deux', 'trois', 'quatre', 'cinq', 'sept', 'huit', 'neuf'];

/** `deux cents` is two hundred in French, whose cents are centimes; 三角 is a triangle where no yuan stand before it. */
function isCornerOrHundred(scan: Scan, { after, inWords, number }: Surroundings): boolean {
  if (!inWords) return false;
  if (scan.at(after.start) === 0xe8 && scan.at(after.start + 1) === 0xa7 && scan.at(after.start + 2) === 0x92)
    return !isWholeText(scan, { after, number } as Surroundings);
  return scan.wordBefore(after.end, CENTS) && scan.wordBefore(after.start, FRENCH);
}

function isWholeText(scan: Scan, { number, after }: Surroundings): boolean {
  return number.start === scan.start && after.end === scan.end;
}

function inCapitals(scan: Scan, word: WordBeside): boolean {
  for (let i = word.start; i < word.end; i++) if (scan.at(i) >= 0x61 && scan.at(i) <= 0x7a) return false;
  return true;
}

/** `10 usd 20`: the name goes with the number after it. */
function belongsToNext(scan: Scan, after: WordBeside): boolean {
  return isDigit(scan.at(after.end)) || (scan.at(after.end) === 0x20 && isDigit(scan.at(after.end + 1)));
}

/** `$100 USD`, `$20 dollars`, `C$5 CAD`: one sum said twice. */
function sameFamily(before: CurrencyName, beforeCode: string, after: string): boolean {
  return beforeCode === after || before.others.includes(after) || (before.code === 'USD' && DOLLAR_SIGN.has(after));
}

/** The code meant, then the codes it may mean as well. */
function readings(scan: Scan, sum: Sum, around: Surroundings): readonly string[] {
  if (sum.prefixed || (sum.name.others.length === 0 && sum.code !== 'USD')) return [sum.code];
  if (sum.code !== sum.name.code) return [sum.code];
  const codes = [sum.code, ...sum.name.others];
  const local =
    regionCurrency(scan.region) ??
    languageCurrency(sum.name.scale < 0 || isYen(codes) ? scan.language() : scan.lang, codes);
  const isWorth = sum.name.worth !== null && sum.name.others.length > 0 && DOLLAR_NAMED.has(local ?? '');
  const mayBeLocal = sum.name.isWord ? DOLLAR_NAMED : DOLLAR_SIGN;
  const fits =
    local !== null && (codes.includes(local) || isWorth || (sum.name.code === 'USD' && mayBeLocal.has(local)));
  // Danes and Norwegians write kr before the number, Swedes after it.
  const isNordic = around.hasBefore && sum.code === 'SEK' && sum.name.others.includes('NOK');
  const first = fits ? (local as string) : isNordic ? 'NOK' : sum.code;
  return first === sum.code ? codes : [first, ...codes.filter((code) => code !== first)];
}

/** ¥ is of Japan and of China. */
function isYen(codes: readonly string[]): boolean {
  return codes.length === 2 && codes.includes('JPY') && codes.includes('CNY');
}

const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ zh: 'CNY', ja: 'JPY' },
  ...{ sv: 'SEK', nb: 'NOK', no: 'NOK', da: 'DKK', cs: 'CZK', tr: 'TRY', hi: 'INR', pl: 'PLN', ro: 'RON', de: 'EUR' },
  ...{ nl: 'EUR', fr: 'EUR', es: 'EUR', it: 'EUR', pt: 'EUR', en: 'USD' },
};

function languageCurrency(lang: string, codes: readonly string[]): string | null {
  const code = LANGUAGES[lang];
  return code !== undefined && codes.includes(code) ? code : null;
}
