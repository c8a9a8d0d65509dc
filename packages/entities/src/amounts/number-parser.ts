import { isDigit, lowerByte } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { amountLexicon } from './amount-lexicon.ts';
import { compoundValue } from './compound-numbers.ts';
import { LongestName, wordEnd } from './longest-name.ts';
import { LINK_AND, LINK_ARTICLE, LINK_HALF, LINK_OF, LINK_POINT, type Meaning } from './meaning.ts';
import { addPower, addValue, type Parts, totalOf } from './number-parts.ts';

/** More words than any number has; with the longest word this bounds what one number can cost. */
const MOST_TOKENS = 24;
/** Shortest compound worth taking apart (`duemila`, `onbeş`). */
const SHORTEST_COMPOUND = 5;
const MOST_DIGITS = 12;
/** The power whose character begins the names of units: 千克. */
const KILO = 3;
const MILLION = 6;
const HAZAR = ['hazar', 'hazaar'];
const name = new LongestName();
const decoder = new TextDecoder();

const VALUE = 1;
const POWER = 2;
const AND = 3;
const HALF = 4;
const POINT = 5;
const ARTICLE = 6;
const NOTHING = 0;

/** A number of several parts, spelt out or in digits with powers between: `4억 2천만`, `two and a half million`. */
export class NumberParser {
  value = 0;
  end = 0;
  /** Number of words or digit groups that it has. */
  tokens = 0;
  #kind = 0;
  #tokenValue = 0;
  #tokenEnd = 0;
  #isIdeograph = false;
  #gap = 0;
  readonly #parts: Parts = [];

  /** Reads the number that begins at `at`; false where none does. */
  parse(scan: Scan, at: number): boolean {
    const parts = this.#parts;
    parts.length = 0;
    this.tokens = 0;
    let i = at;
    let joined = false;
    let lastPower = 0;
    let lastIdeograph = false;
    let isPowerLast = false;
    for (let count = 0; count < MOST_TOKENS; count++) {
      if (!this.#next(scan, i)) {
        if (this.tokens > 0 && isJoinedWaw(scan, i) && this.#next(scan, i + 2) && this.#kind === VALUE) joined = true;
        else if (!this.#powerAfterOf(scan, i)) break;
      }
      if (joined && isYear(scan, i, this.#tokenEnd)) break;
      if (this.#kind === AND || this.#kind === ARTICLE) {
        if (this.tokens === 0 || joined) break;
        if (this.#kind === ARTICLE && !(parts.length === 1 && (parts[0] as number) < 1)) break;
        joined = true;
        i = this.#tokenEnd + spaceAt(scan, this.#tokenEnd);
        continue;
      }
      if (this.#kind === HALF) {
        if (this.tokens === 0) break;
        parts.push(0.5 * (isPowerLast ? lastPower : 1));
      } else if (this.#kind === POINT) {
        if (this.tokens === 0 || !this.#decimals(scan, i)) break;
      } else if (this.#kind === POWER) {
        if (!addPower(parts, this.#tokenValue)) break;
        lastPower = 10 ** this.#tokenValue;
      } else if (this.#isFiller(isPowerLast)) {
        i = this.#tokenEnd;
        continue;
      } else if (!this.#addToken(parts, { joined, lastPower: isPowerLast ? lastPower : 0, lastIdeograph })) break;
      if (this.#kind !== NOTHING) isPowerLast = this.#kind === POWER;
      lastIdeograph = this.#isIdeograph;
      joined = false;
      this.tokens++;
      this.end = i = this.#tokenEnd;
      this.#gap = spaceAt(scan, i);
      i += this.#gap;
    }
    this.value = totalOf(parts);
    return this.tokens > 0 && this.value > 0;
  }

  /** Ideographic digits side by side are places (二〇二四); one after a power stands for the next lower one (五百五). */
  #addToken(parts: Parts, last: { joined: boolean; lastPower: number; lastIdeograph: boolean }): boolean {
    const value = this.#tokenValue;
    const top = parts.at(-1);
    const touching = this.#isIdeograph && last.lastIdeograph && this.#gap === 0;
    if (
      touching &&
      last.lastPower === 0 &&
      top !== undefined &&
      value < 10 &&
      (value >= 1 || value === 0) &&
      top < 1e11
    ) {
      parts[parts.length - 1] = top * 10 + value;
      return true;
    }
    return addValue(parts, value, last.joined);
  }

  /** 一千零五十: the nought for the place that is left out. */
  #isFiller(isPowerLast: boolean): boolean {
    return isPowerLast && this.#kind === VALUE && this.#isIdeograph && this.#tokenValue === 0;
  }

  #next(scan: Scan, at: number): boolean {
    this.#isIdeograph = false;
    if (isDigit(scan.at(at))) return this.#digits(scan, at);
    if (scan.at(at) >= 0xe3 && this.#ideograph(scan, at)) return true;
    if (name.find(scan, at)) return this.#word(scan, at);
    const end = wordEnd(scan, at);
    if (end - at < SHORTEST_COMPOUND || scan.at(at) >= 0xd0) return false;
    const value = compoundValue(lowerText(scan, at, end));
    return value > 0 && this.#token(VALUE, value, end);
  }

  /** One character that is a digit or a power and begins no longer name. */
  #ideograph(scan: Scan, at: number): boolean {
    const meaning = amountLexicon().find(scan.bytes, at, Math.min(at + 3, scan.end));
    if (meaning === null || meaning.isPrefix || meaning.words > 1) return false;
    this.#isIdeograph = true;
    if (meaning.number >= 0) return this.#token(VALUE, meaning.number, at + 3);
    if (meaning.power === null || meaning.power.exponent === KILO) return false;
    return this.#token(POWER, meaning.power.exponent, at + 3);
  }

  #word(scan: Scan, at: number): boolean {
    const meaning = name.meaning as Meaning;
    const { end } = name;
    const first = scan.at(at);
    this.#isIdeograph = first >= 0xe3 && first <= 0xed && end - at === 3;
    if (meaning.number >= 0 && (meaning.weak === '' || meaning.weak === scan.lang || isMeant(scan, meaning, end))) {
      return this.#token(VALUE, meaning.number, end);
    }
    const { power } = meaning;
    if (power !== null && (!power.brief || end - at >= 3)) {
      const isPower = meaning.currency === null || this.#goesOn(scan, end);
      return isPower && this.#token(POWER, power.exponent, end);
    }
    if ((meaning.link & LINK_HALF) !== 0) return this.#token(HALF, 0, end);
    if ((meaning.link & LINK_AND) !== 0) return this.#token(AND, 0, end);
    if ((meaning.link & LINK_POINT) !== 0) return this.#token(POINT, 0, end);
    return (meaning.link & LINK_ARTICLE) !== 0 && this.#token(ARTICLE, 1, end);
  }

  /** Whether `cent` is a hundred: another part of the number or a currency follows. */
  #goesOn(scan: Scan, end: number): boolean {
    const gap = spaceAt(scan, end);
    if (gap === 0 || !name.find(scan, end + gap)) return false;
    const next = name.meaning as Meaning;
    if (next.mass !== null || next.piece !== null) return true;
    return next.number >= 0 || next.power !== null || (next.currency !== null && next.currency.scale === 0);
  }

  /** Romanian `douăzeci de mii`: the word for `of` before a power. */
  #powerAfterOf(scan: Scan, at: number): boolean {
    if (this.tokens === 0 || !name.find(scan, at)) return false;
    const { end } = name;
    if (((name.meaning as Meaning).link & LINK_OF) === 0 || scan.at(end) !== 0x20) return false;
    return this.#next(scan, end + 1) && this.#kind === POWER && this.#tokenValue >= KILO;
  }

  #token(kind: number, value: number, end: number): boolean {
    this.#kind = kind;
    this.#tokenValue = value;
    this.#tokenEnd = end;
    return true;
  }

  #digits(scan: Scan, at: number): boolean {
    let i = at;
    let value = 0;
    while (isDigit(scan.at(i)) && i - at < MOST_DIGITS) value = value * 10 + scan.at(i++) - 0x30;
    if (isDigit(scan.at(i))) return false;
    const decimal = (scan.at(i) === 0x2e || scan.at(i) === 0x2c) && isDigit(scan.at(i + 1));
    return !decimal && this.#token(VALUE, value, i);
  }

  /** What is said after `point`: digits one by one, or one number below a hundred. */
  #decimals(scan: Scan, point: number): boolean {
    let i = this.#tokenEnd;
    let text = '';
    let end = -1;
    void point;
    for (let count = 0; count < 6; count++) {
      const from = i + spaceAt(scan, i);
      if (!this.#next(scan, from) || this.#kind !== VALUE || this.#tokenValue > 99) break;
      if (count > 0 && this.#tokenValue > 9) break;
      text += String(this.#tokenValue);
      end = i = this.#tokenEnd;
      if (this.#tokenValue > 9) break;
    }
    if (end < 0) return false;
    this.#parts.push(Number(`0.${text}`));
    this.#token(NOTHING, 0, end);
    return true;
  }
}

/** The Arabic `and`, which is written together with the word after it: خمسة وعشرين. */
function isJoinedWaw(scan: Scan, at: number): boolean {
  return scan.at(at) === 0xd9 && scan.at(at + 1) === 0x88;
}

/** `3 millones en 2008`: nobody joins four digits of a year to a number. */
function isYear(scan: Scan, at: number, end: number): boolean {
  if (end - at !== 4 || !isDigit(scan.at(at))) return false;
  const century = (scan.at(at) - 0x30) * 10 + scan.at(at + 1) - 0x30;
  return century === 19 || century === 20;
}

/** Whether a short word is a number after all: another number or a currency of its language follows. */
function isMeant(scan: Scan, weak: Meaning, end: number): boolean {
  const gap = spaceAt(scan, end);
  if (gap === 0 || !name.find(scan, end + gap)) return false;
  const next = name.meaning as Meaning;
  // `do` is many a small word, and two only before Hindi powers and masses in India.
  if (weak.weak === 'hi' && weak.number === 2 && scan.region !== 'IN')
    return (
      next.power !== null &&
      (next.power.exponent > KILO ? next.power.exponent !== MILLION : scan.wordBefore(name.end, HAZAR))
    );
  if (next.number >= 0 || next.power !== null)
    return next.weak === '' && (next.power?.brief !== true || weak.weak !== 'nb');
  if (next.mass !== null) return MASS_LANGUAGES.has(weak.weak);
  return next.currency !== null && (OWN_CURRENCIES[weak.weak] ?? []).includes(next.currency.code);
}

/** Where a short number before a unit of mass is meant as one: `due chili`, `dy kilogramë`. */
const MASS_LANGUAGES = new Set(['it', 'sq', 'hi', 'es']);

/** Currencies that tell the language of a short word. */
const OWN_CURRENCIES: Readonly<Record<string, readonly string[]>> = {
  nb: ['NOK'],
  tr: ['TRY'],
  hi: ['INR'],
  es: ['EUR', 'MXN', 'USD', 'COP', 'ARS', 'PEN'],
  it: ['EUR', 'USD', 'CHF'],
  sq: ['ALL', 'EUR'],
  sv: ['SEK', 'EUR', 'USD'],
  hr: ['HRK', 'EUR'],
};

/** Length of one space or hyphen between the words of a number. */
function spaceAt(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === 0x20 || byte === 0x2d) return 1;
  return byte === 0xc2 && scan.at(at + 1) === 0xa0 ? 2 : 0;
}

function lowerText(scan: Scan, start: number, end: number): string {
  let isAscii = true;
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = scan.bytes[i] as number;
    if (byte >= 0x80) isAscii = false;
    text += String.fromCharCode(lowerByte(byte));
  }
  return isAscii ? text : decoder.decode(scan.bytes.subarray(start, end)).toLowerCase();
}
