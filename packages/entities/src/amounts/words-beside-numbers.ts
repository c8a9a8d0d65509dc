import { byteClass, isAlnum, LETTER } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { amountLexicon, dollarLexicon } from './amount-lexicon.ts';
import { LongestName } from './longest-name.ts';
import { LINK_OF, type Meaning } from './meaning.ts';

const DOLLAR = 0x24;
const SPACE = 0x20;
/** Longest word looked at before a number, in bytes. */
const REACH = 40;
const MOST_CHARACTERS = 6;
/** Most words of a name before a number (`malaysian ringgit 42`). */
const MOST_WORDS = 3;

const name = new LongestName();

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
    if (first === DOLLAR) return this.#dollarAfter(scan);
    if (!name.find(scan, this.start)) return this.#prefixedDollar(scan);
    this.meaning = name.meaning;
    this.end = name.end;
    if (scan.at(this.end) === DOLLAR && this.#prefixedDollar(scan)) return true;
    if (scan.at(this.end) === SPACE && scan.at(this.end + 1) === DOLLAR && this.#spacedDollar(scan)) return true;
    const follows = scan.at(this.end);
    if (first < 0x80 && (isAlnum(follows) || follows === 0x5f)) return false;
    return true;
  }

  /** Skips `de`, `个` and the like. */
  readAfterLink(scan: Scan, from: number): boolean {
    const at = from + gapAfter(scan, from);
    const apostrophe = (scan.at(at) | 32) === 0x64 && scan.at(at + 1) === 0x27 ? at + 2 : -1;
    if (apostrophe > 0) return this.readAfter(scan, apostrophe);
    if (!name.find(scan, at) || ((name.meaning as Meaning).link & LINK_OF) === 0) return false;
    return this.readAfter(scan, name.end);
  }

  #prefixedDollar(scan: Scan): boolean {
    let end = this.start;
    while (end < this.start + 5 && ((byteClass[scan.at(end)] ?? 0) & LETTER) !== 0) end++;
    if (end > this.start && scan.at(end) === SPACE && scan.at(end + 1) === DOLLAR) {
      this.end = end;
      return this.#spacedDollar(scan);
    }
    return end > this.start && scan.at(end) === DOLLAR && this.#takeDollar(scan, this.start, end);
  }

  /** `hk $`, not followed by the number that the sign belongs to. */
  #spacedDollar(scan: Scan): boolean {
    const sign = this.end + 1;
    const code = dollarLexicon().find(scan.bytes, this.start, this.end);
    if (code === null || this.end - this.start < 2 || isAlnum(scan.at(sign + 1)) || isDigitAfter(scan, sign))
      return false;
    this.meaning = amountLexicon().find(scan.bytes, sign, sign + 1);
    this.end = sign + 1;
    this.dollar = code;
    return true;
  }

  /** `$`, `$CAD`, `$ hk`. */
  #dollarAfter(scan: Scan): boolean {
    const sign = this.start;
    const from = sign + (scan.at(sign + 1) === SPACE ? 2 : 1);
    let end = from;
    while (end < from + 4 && ((byteClass[scan.at(end)] ?? 0) & LETTER) !== 0) end++;
    const code =
      end > from && !isAlnum(scan.at(end)) && scan.at(end) !== DOLLAR && scan.at(end) < 0x80
        ? dollarLexicon().find(scan.bytes, from, end)
        : null;
    const mayBe = code !== null && (end - from > 1 || (scan.at(from) | 32) === 0x63) && !isDigitAfter(scan, end - 1);
    this.start = sign;
    const found = this.#take(scan, sign + 1);
    if (!mayBe || (end - from === 2 && from > sign + 1 && (scan.at(from) | 32) !== 0x68)) return found;
    this.dollar = code;
    this.end = end;
    return true;
  }

  /** Reads the word or sign that ends at `to`, or one space before it. False where it means no currency. */
  readBefore(scan: Scan, to: number): boolean {
    this.dollar = null;
    this.meaning = null;
    this.end = to - gapBefore(scan, to);
    const last = scan.at(this.end - 1);
    if (last === DOLLAR) return this.#dollarBefore(scan);
    if (last >= 0x80) return this.#signBefore(scan) || this.#wordsBefore(scan);
    if (last === 0x5c && this.end === to && (scan.lang === 'ja' || scan.at(to - 2) >= 0xe3)) return this.#yen(scan);
    if ((last | 32) === 0x64 || (last | 32) === 0x73) if (this.#dollarInside(scan)) return true;
    if (last === 0x2e) this.end--;
    return this.#wordsBefore(scan);
  }

  /** The backslash, which Japanese computers show as a yen sign. */
  #yen(scan: Scan): boolean {
    this.start = this.end - 1;
    this.meaning = amountLexicon().find(YEN, 0, YEN.length);
    return scan.at(this.end) >= 0x30;
  }

  /** `u$d` and `u$s`, as the dollar is called in South America. */
  #dollarInside(scan: Scan): boolean {
    const sign = this.end - 2;
    if (scan.at(sign) !== DOLLAR || (scan.at(sign - 1) | 32) !== 0x75 || isAlnum(scan.at(sign - 2))) return false;
    this.start = sign - 1;
    this.dollar = 'USD';
    this.meaning = amountLexicon().find(scan.bytes, sign, sign + 1);
    return true;
  }

  /** The longest name of up to three words that ends at `end`. */
  #wordsBefore(scan: Scan): boolean {
    const { end } = this;
    let start = wordStart(scan, end);
    if (start === end || isAlnum(scan.at(start - 1)) || scan.at(start - 1) === 0x5f) return false;
    let found = -1;
    for (let words = 0; words < MOST_WORDS; words++) {
      this.start = start;
      if (this.#take(scan, end)) found = start;
      else if (words === 0) return false;
      if (scan.at(start - 1) !== SPACE) break;
      const previous = wordStart(scan, start - 1);
      if (previous === start - 1) break;
      start = previous;
    }
    if (found < 0) return false;
    this.start = found;
    return this.#take(scan, end);
  }

  #take(scan: Scan, end: number): boolean {
    this.end = end;
    const meaning = amountLexicon().find(scan.bytes, this.start, end);
    this.meaning = meaning?.isPrefix === true ? null : meaning;
    return this.meaning !== null;
  }

  #takeDollar(scan: Scan, start: number, end: number): boolean {
    this.dollar = dollarLexicon().find(scan.bytes, start, end);
    if (this.dollar === null) return false;
    this.end = end + 1;
    this.meaning = amountLexicon().find(scan.bytes, end, end + 1);
    return true;
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
        this.dollar = dollarLexicon().find(scan.bytes, far, sign - 1);
        if (this.dollar !== null) this.start = far;
      }
    }
    this.end = sign + 1;
    this.meaning = amountLexicon().find(scan.bytes, sign, sign + 1);
    return true;
  }

  #from(start: number): boolean {
    this.start = start;
    return true;
  }

  /** A sign or a name in a script without spaces: the longest of some characters. */
  #signBefore(scan: Scan): boolean {
    const end = this.end;
    let i = end;
    let found = -1;
    for (let k = 0; k < MOST_CHARACTERS && i > scan.start && scan.at(i - 1) >= 0x80; k++) {
      i--;
      while (i > scan.start && (scan.at(i) & 0xc0) === 0x80 && end - i < 24) i--;
      this.start = i;
      if (this.#take(scan, end)) found = i;
    }
    if (found < 0) return false;
    this.start = found;
    // A word of letters that goes on before is another word.
    const lead = scan.at(found);
    if (lead < 0xe2 && lead >= 0xc3 && (isAlnum(scan.at(found - 1)) || scan.at(found - 1) >= 0x80)) return false;
    return this.#take(scan, end);
  }
}

export function gapAfter(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === SPACE || byte === 0x2d) return 1;
  if (byte === 0xc2 && scan.at(at + 1) === 0xa0) return 2;
  if (byte === 0xe3) return scan.at(at + 1) === 0x80 && scan.at(at + 2) === 0x80 ? 3 : 0;
  return byte === 0xe2 && scan.at(at + 1) === 0x80 && scan.at(at + 2) === 0xaf ? 3 : 0;
}

function gapBefore(scan: Scan, at: number): number {
  if (scan.at(at - 1) === SPACE) return scan.at(at - 2) === SPACE && scan.at(at - 3) >= 0x80 ? 2 : 1;
  if (scan.at(at - 2) === 0xc2 && scan.at(at - 1) === 0xa0) return 2;
  return scan.at(at - 3) === 0xe2 && scan.at(at - 2) === 0x80 && scan.at(at - 1) === 0xaf ? 3 : 0;
}

const YEN = new TextEncoder().encode('¥');

function isDigitAfter(scan: Scan, last: number): boolean {
  return scan.isDigitAt(last + 1) || (scan.at(last + 1) === SPACE && scan.isDigitAt(last + 2));
}

/** Letters of any script but those without spaces, and full stops between letters. */
export function wordStart(scan: Scan, end: number): number {
  const floor = Math.max(scan.start, end - REACH);
  let i = end;
  while (i > floor) {
    const byte = scan.bytes[i - 1] as number;
    if (byte < 0x80 && ((byteClass[byte] as number) & LETTER) === 0) break;
    i--;
  }
  while (i < end && ((scan.bytes[i] as number) & 0xc0) === 0x80) i++;
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
