import { isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';
import { type CurrencyName, isCoin, regionCurrency } from './currencies.ts';
import { type Decimal, putDecimal } from './decimal.ts';
import type { NumberReading } from './number-reading.ts';
import { WordBeside } from './words-beside-numbers.ts';

const MONEY = knownType('money');
/** Where a point groups thousands only by mistake, so a comma before three digits is not ambiguous. */
const COMMA_GROUPS = new Set(['USD', 'GBP', 'JPY', 'CNY', 'INR', 'AUD', 'CAD', 'NZD', 'HKD', 'SGD', 'MXN', 'KRW']);
/** Currencies written with `$`. */
const DOLLAR_SIGN = new Set('USD AUD CAD NZD HKD SGD TWD MXN ARS CLP COP JMD'.split(' '));

const next = new WordBeside();
const small: Decimal & { digits: Uint8Array; length: number; point: number } = {
  digits: new Uint8Array(32),
  length: 0,
  point: 0,
};

/** What stands around a number: read once, used for money, mass and counts. */
export interface Surroundings {
  readonly number: NumberReading;
  /** A currency before the number, if `hasBefore`. */
  readonly before: WordBeside;
  hasBefore: boolean;
  /** The word after the number and its power of ten, if `hasAfter`. */
  readonly after: WordBeside;
  hasAfter: boolean;
  /** The currency of a range, from its other number. */
  inherited: { readonly name: CurrencyName; readonly code: string; readonly prefixed: boolean } | null;
  /** 3 for `k`; 0 where there is none. */
  power: number;
  /** The power where no currency follows it. */
  powerAlone: number;
  /** End of number, `,-` and power. */
  end: number;
  /** Whether the power is one letter apart from the number, which without a currency after it may mean nothing. */
  doubtfulPower: boolean;
  /** End of the number and of the `,-` that says it is round, before its power. */
  plainEnd: number;
}

/** Reports the sum of money around a number, if it is one. Returns whether it is. */
export function reportMoney(scan: Scan, around: Surroundings): boolean {
  const { number, before, after } = around;
  let used = around.hasAfter && isCurrency(scan, around) ? after : null;
  let name = used?.meaning?.currency ?? null;
  let code = used === null ? null : (used.dollar ?? (name as CurrencyName).code);
  if (around.hasBefore) {
    const own = before.meaning?.currency as CurrencyName;
    const ownCode = before.dollar ?? own.code;
    if (code === null || !sameFamily(own, ownCode, code) || belongsToNext(scan, after)) {
      used = null;
      name = own;
      code = ownCode;
    }
  }
  const { inherited } = around;
  name ??= inherited?.name ?? null;
  code ??= inherited?.code ?? null;
  if (name === null || code === null) return false;
  const own = used ?? (around.hasBefore ? before : null);
  const prefixed = own === null ? inherited?.prefixed === true : own.dollar !== null;
  const doubtful = around.doubtfulPower && used === null;
  const start = around.hasBefore ? before.start : number.start;
  const isAlone = used === null && around.powerAlone !== around.power;
  const sum = {
    code,
    name,
    prefixed,
    power: isAlone ? around.powerAlone : around.power,
    doubtful,
    start,
    end: used === null ? around.end : used.end,
  };
  report(scan, around, sum);
  return true;
}

interface Sum {
  readonly code: string;
  readonly name: CurrencyName;
  readonly prefixed: boolean;
  power: number;
  /** Whether the power may be a word of its own. */
  readonly doubtful: boolean;
  readonly start: number;
  end: number;
}

function report(scan: Scan, around: Surroundings, sum: Sum): void {
  const { number } = around;
  if (sum.power === 0) powerAfterCurrency(scan, sum);
  const shift = sum.power + sum.name.scale;
  const codes = readings(scan, sum, around.hasBefore);
  const code = codes[0] as string;
  let point = number.point;
  let other = number.otherPoint;
  if (around.plainEnd > number.end) other = -1;
  if (other >= 0 && number.sign === 0x2c && COMMA_GROUPS.has(code)) other = -1;
  if (other >= 0 && number.sign === 0x2e && (isCoin(code) || sum.power > 0)) [point, other] = [other, point];
  const whole = sum.power === 0 && sum.name.scale === 0 && point === number.length;
  const cents = whole ? centsAfter(scan, number, sum) : null;
  put(scan, code, cents ?? { digits: number.digits, length: number.length, point: point + shift });
  scan.found.report(MONEY, TIER_SHAPE, sum.start, sum.end);
  if (other >= 0) {
    put(scan, code, { digits: number.digits, length: number.length, point: other + shift });
    scan.found.alternative(MONEY, TIER_SHAPE);
  }
  if (sum.doubtful) {
    put(scan, code, { digits: number.digits, length: number.length, point: number.point });
    scan.found.alternative(MONEY, TIER_SHAPE);
  }
  for (const reading of codes.slice(1)) {
    put(scan, reading, cents ?? { digits: number.digits, length: number.length, point: point + shift });
    scan.found.alternative(MONEY, TIER_SHAPE);
  }
  scan.moneyEnd = sum.end;
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
  let at = sum.end;
  if (scan.at(at) !== 0x20) return null;
  at++;
  for (const word of ['and ', 'en ', 'et ', 'y ', 'und ', 'och ', 'og ', 'con ', 'e ', 'i ']) {
    if (startsWith(scan, at, word)) {
      at += word.length;
      break;
    }
  }
  let count = 0;
  while (isDigit(scan.at(at + count)) && count < 3) count++;
  if (count === 0 || count > 2 || !isPart(scan, at + count)) return null;
  small.digits.set(number.digits.subarray(0, number.length));
  const tens = count === 2 ? scan.at(at) - 0x30 : 0;
  small.digits[number.length] = tens;
  small.digits[number.length + 1] = scan.at(at + count - 1) - 0x30;
  small.length = number.length + 2;
  small.point = number.length;
  sum.end = next.end;
  return small;
}

function isPart(scan: Scan, at: number): boolean {
  const byte = scan.at(at);
  if ((byte | 32) === 0x63 && !isLetter(scan.at(at + 1))) {
    next.end = at + 1;
    return true;
  }
  return next.readAfter(scan, at) && next.meaning?.currency?.scale === -2;
}

function startsWith(scan: Scan, at: number, word: string): boolean {
  for (let k = 0; k < word.length; k++) if ((scan.at(at + k) | 32) !== (word.charCodeAt(k) | 32)) return false;
  return true;
}

function isLetter(byte: number): boolean {
  const lower = byte | 32;
  return byte > 0 && lower >= 0x61 && lower <= 0x7a;
}

/** Whether the word after the number names a currency there. */
export function isCurrency(scan: Scan, around: Surroundings): boolean {
  const { after } = around;
  const name = after.meaning?.currency ?? null;
  if (name === null) return false;
  if (name.capitals && (around.number.length < 2 || !inCapitals(scan, after))) return false;
  // `won` is a word as well; nobody owes so little of it.
  if (name.code === 'KRW' && around.number.length < 3 && around.power === 0) return false;
  const apart = after.start > around.end;
  const doubled = scan.at(after.end) === 0x24;
  return !doubled && !(apart && isDigit(scan.at(after.end)));
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
function readings(scan: Scan, sum: Sum, before: boolean): readonly string[] {
  if (sum.prefixed || (sum.name.others.length === 0 && sum.code !== 'USD')) return [sum.code];
  const codes = [sum.code, ...sum.name.others];
  const local = regionCurrency(scan.region);
  const fits = local !== null && (codes.includes(local) || (sum.name.code === 'USD' && DOLLAR_SIGN.has(local)));
  // Danes and Norwegians write kr before the number, Swedes after it.
  const first = fits ? local : before && sum.code === 'SEK' && sum.name.others.includes('NOK') ? 'NOK' : sum.code;
  return first === sum.code ? codes : [first, ...codes.filter((code) => code !== first)];
}
