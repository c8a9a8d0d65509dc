import { byteClass, HIGH, isAlnum, LETTER } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { ByteLexicon } from './byte-lexicon.ts';
import { type CurrencyName, countryAdjectives, currencyNames, dollarPrefixes } from './currencies.ts';
import type { Decimal } from './decimal.ts';
import { massUnits, type PowerOfTen, pieceNames, powersOfTen } from './quantity-words.ts';

/** Everything a word or sign after a number may mean. */
export interface Meaning {
  readonly currency: CurrencyName | null;
  readonly power: PowerOfTen | null;
  readonly mass: Decimal | null;
  readonly piece: string | null;
  /** Code of the country's currency, for `swiss` in `swiss francs`. */
  readonly country: string | null;
}

function meanings(): Map<string, Meaning> {
  const tables = {
    currency: currencyNames(),
    power: powersOfTen(),
    mass: massUnits(),
    piece: pieceNames(),
    country: countryAdjectives(),
  };
  const all = new Map<string, Meaning>();
  for (const table of Object.values(tables)) {
    for (const word of table.keys()) {
      all.set(word, {
        currency: tables.currency.get(word) ?? null,
        power: tables.power.get(word) ?? null,
        mass: tables.mass.get(word) ?? null,
        piece: tables.piece.get(word) ?? null,
        country: tables.country.get(word) ?? null,
      });
    }
  }
  return all;
}

const lexicon = new ByteLexicon(meanings());
const dollars = new ByteLexicon(dollarPrefixes());

const DOLLAR = 0x24;
const SPACE = 0x20;
/** Longest name in a script without spaces, in characters. */
const MOST_CHARACTERS = 7;
/** Longest word looked at, in bytes. */
const REACH = 40;

/** A word or sign beside a number. One object a place is used again for every number. */
export class WordBeside {
  start = 0;
  end = 0;
  meaning: Meaning | null = null;
  /** Code of a prefixed dollar (`US$`), which is no entry of the lexicon. */
  dollar: string | null = null;

  /** Reads what follows `from`, after at most one space or hyphen. False where it means nothing. */
  readAfter(scan: Scan, from: number): boolean {
    this.dollar = null;
    this.meaning = null;
    this.start = from + gapAfter(scan, from);
    const first = scan.at(this.start);
    if (first === DOLLAR) return this.#take(scan, this.start + 1);
    if (first < 0 || ((byteClass[first] as number) & (LETTER | HIGH)) === 0) return false;
    const end = wordEnd(scan, this.start);
    if (isMil(scan, this.start, end) && this.#takeTwoWords(scan, end)) return true;
    if (this.#take(scan, end)) return !isAlnum(scan.at(end)) && scan.at(end) !== 0x5f;
    if (scan.at(end) === DOLLAR) return this.#takeDollar(scan, this.start, end);
    if (first >= 0x80) return this.#takeSign(scan);
    return this.#takeTwoWords(scan, end);
  }

  /** Reads the word or sign that ends at `to`, or one space before it. False where it means no currency. */
  readBefore(scan: Scan, to: number): boolean {
    this.dollar = null;
    this.meaning = null;
    this.end = to - gapBefore(scan, to);
    const last = scan.at(this.end - 1);
    if (last === DOLLAR) return this.#dollarBefore(scan);
    if (last >= 0x80) return this.#signBefore(scan);
    if (last === 0x2e && this.end < to) this.end--;
    const start = wordStart(scan, this.end);
    if (start === this.end || isAlnum(scan.at(start - 1)) || scan.at(start - 1) === 0x5f) return false;
    const end = this.end;
    this.start = start;
    return this.#take(scan, end);
  }

  #take(scan: Scan, end: number): boolean {
    this.end = end;
    this.meaning = lexicon.find(scan.bytes, this.start, end);
    return this.meaning !== null;
  }

  #takeDollar(scan: Scan, start: number, end: number): boolean {
    this.dollar = dollars.find(scan.bytes, start, end);
    this.end = end + 1;
    if (this.dollar === null) return false;
    this.meaning = lexicon.find(scan.bytes, end, end + 1);
    return true;
  }

  /** Signs and scripts without spaces: the longest of up to seven characters. */
  #takeSign(scan: Scan): boolean {
    const first = scan.at(this.start);
    if (first < 0xe0 && first !== 0xc2) return false;
    const ends: number[] = [];
    let i = this.start;
    for (let k = 0; k < MOST_CHARACTERS && scan.at(i) >= 0x80; k++) {
      i = characterEnd(scan, i);
      ends.push(i);
    }
    for (let k = ends.length - 1; k >= 0; k--) if (this.#take(scan, ends[k] as number)) return true;
    return false;
  }

  /** `hong kong` and other countries of two words; `mil millones`. */
  #takeTwoWords(scan: Scan, end: number): boolean {
    const first = scan.at(this.start) | 32;
    if (first !== 0x68 && first !== 0x6d && first !== 0x6e && first !== 0x73) return false;
    return scan.at(end) === SPACE && this.#take(scan, wordEnd(scan, end + 1));
  }

  #dollarBefore(scan: Scan): boolean {
    const sign = this.end - 1;
    const near = prefixStart(scan, sign);
    this.start = sign;
    if (near < sign)
      return this.#takeDollar(scan, near, sign)
        ? this.#from(near)
        : !isAlnum(scan.at(sign - 1)) && this.#take(scan, sign + 1);
    if (scan.at(sign - 1) === SPACE) {
      const far = prefixStart(scan, sign - 1);
      const isArticle = sign - 1 - far === 1 && (scan.at(far) | 32) !== 0x63;
      if (far < sign - 1 && !isArticle && !isAlnum(scan.at(far - 1))) {
        this.dollar = dollars.find(scan.bytes, far, sign - 1);
        if (this.dollar !== null) this.start = far;
      }
    }
    this.end = sign + 1;
    this.meaning = lexicon.find(scan.bytes, sign, sign + 1);
    return true;
  }

  #from(start: number): boolean {
    this.start = start;
    return true;
  }

  #signBefore(scan: Scan): boolean {
    const end = this.end;
    let i = end;
    for (let k = 0; k < 3 && i > scan.start && scan.at(i - 1) >= 0x80; k++) {
      i--;
      while (i > scan.start && (scan.at(i) & 0xc0) === 0x80 && end - i < 12) i--;
      this.start = i;
      if (this.#take(scan, end)) return true;
      this.end = end;
    }
    return false;
  }
}

/** `mil`, which is a number of its own too. */
function isMil(scan: Scan, start: number, end: number): boolean {
  return end - start === 3 && (scan.at(start) | 32) === 0x6d && (scan.at(start + 1) | 32) === 0x69;
}

function gapAfter(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === SPACE || byte === 0x2d) return 1;
  if (byte === 0xc2 && scan.at(at + 1) === 0xa0) return 2;
  return byte === 0xe2 && scan.at(at + 1) === 0x80 && scan.at(at + 2) === 0xaf ? 3 : 0;
}

function gapBefore(scan: Scan, at: number): number {
  if (scan.at(at - 1) === SPACE) return 1;
  if (scan.at(at - 2) === 0xc2 && scan.at(at - 1) === 0xa0) return 2;
  return scan.at(at - 3) === 0xe2 && scan.at(at - 2) === 0x80 && scan.at(at - 1) === 0xaf ? 3 : 0;
}

/** Letters of any script; a currency sign or general punctuation ends a word, unless it is the first. */
function wordEnd(scan: Scan, from: number): number {
  const limit = Math.min(scan.end, from + REACH);
  let i = from;
  while (i < limit) {
    const byte = scan.bytes[i] as number;
    if (((byteClass[byte] as number) & (LETTER | HIGH)) === 0) break;
    if (i > from && (byte === 0xc2 || byte === 0xe2)) break;
    i = byte < 0x80 ? i + 1 : characterEnd(scan, i);
  }
  return Math.min(i, limit);
}

function characterEnd(scan: Scan, at: number): number {
  let i = at + 1;
  while (i < scan.end && i < at + 4 && ((scan.bytes[i] as number) & 0xc0) === 0x80) i++;
  return i;
}

function wordStart(scan: Scan, end: number): number {
  const floor = Math.max(scan.start, end - REACH);
  let i = end;
  while (i > floor && ((byteClass[scan.bytes[i - 1] as number] as number) & LETTER) !== 0) i--;
  return i;
}

/** Letters and full stops before a dollar sign: `u.s.$`. */
function prefixStart(scan: Scan, end: number): number {
  const floor = Math.max(scan.start, end - 4);
  let i = end;
  while (i > floor) {
    const byte = scan.bytes[i - 1] as number;
    if (((byteClass[byte] as number) & LETTER) === 0 && byte !== 0x2e) break;
    i--;
  }
  return i;
}
