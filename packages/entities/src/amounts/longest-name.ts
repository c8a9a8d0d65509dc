import { byteClass, HIGH, LETTER, lowerByte } from '../byte-class.ts';
import { isStopBeyondAscii } from '../checks/boundaries.ts';
import type { Scan } from '../scan.ts';
import { amountLexicon } from './amount-lexicon.ts';
import type { ByteLexicon } from './byte-lexicon.ts';
import type { Meaning } from './meaning.ts';

/** Longest name in a script without spaces, in characters. */
const MOST_CHARACTERS = 9;
const MOST_WORDS = 5;
/** Longest word looked at, in bytes. */
const REACH = 48;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const DOT = 0x2e;
/** First byte of kana, ideographs and Hangul in UTF-8. */
const FIRST_IDEOGRAPHIC = 0xe3;

/** Names that Turkish endings follow. */
const STEMS = ['dolar', 'lira', 'avro', 'euro', 'sterlin', 'yen', 'kurus', 'ruble', 'frank', 'manat'];
const STEM_STARTS = STEMS.map((stem) => stem.charCodeAt(0));
const SUFFIXES = /^(y?[ae]|[dt][ae]n?|l[iu]k|y?d[iu]|d[iu]r|n[iu]n|y?[iu]|y?m[iu]s|l[iu]g?[aei]?|la|ya)$/;

function isStem(scan: Scan, at: number, stem: string): boolean {
  for (let k = 0; k < stem.length; k++) if (lowerByte(scan.at(at + k)) !== stem.charCodeAt(k)) return false;
  return true;
}

/** Small ASCII letters; dotless i and u with dots as plain ones. */
function asciiText(scan: Scan, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = scan.at(i);
    if (byte < 0x80) text += String.fromCharCode(lowerByte(byte));
    else if (byte < 0xc0) text += byte === 0xb1 ? 'i' : byte === 0xbc ? 'u' : byte === 0x9f ? 's' : '';
  }
  return text;
}

/** What was found last, by the low bits of the place: each is asked about several times, in turn with others near it. */
const KEPT = 16;
const foundAt = new Int32Array(KEPT).fill(-1);
/** In which text it was found, counted: forgetting all of it is one more text. */
const foundText = new Float64Array(KEPT);
let texts = 1;
const foundEnd = new Int32Array(KEPT);
const foundMeaning: (Meaning | null)[] = new Array<Meaning | null>(KEPT).fill(null);
/** The text they were found in. */
let foundBefore = -1;
let foundIn: Uint8Array | null = null;

const ends = new Uint32Array(MOST_CHARACTERS);
let lexicon: ByteLexicon<Meaning> | null = null;

/** Forgets what was found last: a buffer may hold another text now. */
export function forgetName(): void {
  foundBefore = -1;
}

/** The longest name of the amount lexicon at a place, and where it ends. One object is used again. */
export class LongestName {
  meaning: Meaning | null = null;
  end = 0;

  /** Looks at the word or sign at `at`. False where the lexicon has nothing that begins here. */
  find(scan: Scan, at: number): boolean {
    if (foundIn !== scan.bytes || foundBefore !== scan.end) {
      texts++;
      foundIn = scan.bytes;
      foundBefore = scan.end;
    }
    const slot = at & (KEPT - 1);
    if (foundAt[slot] === at && foundText[slot] === texts) {
      this.meaning = foundMeaning[slot] as Meaning | null;
      this.end = foundEnd[slot] as number;
      return this.meaning !== null;
    }
    this.#look(scan, at);
    foundAt[slot] = at;
    foundText[slot] = texts;
    foundMeaning[slot] = this.meaning;
    foundEnd[slot] = this.end;
    return this.meaning !== null;
  }

  #look(scan: Scan, at: number): boolean {
    this.meaning = null;
    this.end = at;
    const first = scan.at(at);
    if (first < 0 || ((byteClass[first] as number) & (LETTER | HIGH)) === 0) return false;
    lexicon ??= amountLexicon();
    const end = wordEnd(scan, at);
    const known = lexicon.find(scan.bytes, at, end);
    if (known !== null) {
      if (known.words > 1 && this.#findWords(scan, at, { end, words: known.words })) return true;
      if (!known.isPrefix) return this.#take(known, end);
    }
    if (scan.at(end) === DOT && this.#findDotted(scan, at, end)) return true;
    if (first >= 0xe1 || first === 0xc2) return this.#findCharacters(scan, at);
    if (first < 0x80 && this.#findBeforeIdeograph(scan, at, end)) return true;
    return end - at > 4 && this.#findTurkish(scan, at, end);
  }

  /** `BTCを`, `usdt到`: where scripts without spaces go on, a word of Latin letters has ended. */
  #findBeforeIdeograph(scan: Scan, at: number, end: number): boolean {
    let i = at;
    while (i < end && scan.at(i) < 0x80) i++;
    if (i === end || scan.at(i) < FIRST_IDEOGRAPHIC) return false;
    const known = lexicon?.find(scan.bytes, at, i) ?? null;
    return known !== null && !known.isPrefix && this.#take(known, i);
  }

  /** `ج.م`, `ر.س`, `т.р.`: single letters of Arabic or Cyrillic with a full stop between. */
  #findDotted(scan: Scan, at: number, dot: number): boolean {
    const lead = scan.at(at);
    if (lead < 0xd0 || lead > 0xdb || dot - at > 2) return false;
    const isCyrillic = lead <= 0xd1;
    const next = scan.at(dot + 1);
    if (isCyrillic ? next !== 0xd0 && next !== 0xd1 : lead < 0xd8 || next < 0xd8) return false;
    const end = wordEnd(scan, dot + 1);
    const known = lexicon?.find(scan.bytes, at, end) ?? null;
    return known !== null && this.#take(known, end);
  }

  /** Turkish endings: `dolardan`, `avroydu`, `yenlik`. */
  #findTurkish(scan: Scan, at: number, end: number): boolean {
    const first = lowerByte(scan.at(at));
    if (!STEM_STARTS.includes(first)) return false;
    for (const stem of STEMS) {
      const to = at + stem.length;
      if (stem.charCodeAt(0) !== first || to >= end || end - to > 8 || !isStem(scan, at, stem)) continue;
      if (!SUFFIXES.test(asciiText(scan, to, end))) continue;
      const known = lexicon?.find(scan.bytes, at, to) ?? null;
      if (known !== null) return this.#take(known, end);
    }
    return false;
  }

  #take(meaning: Meaning, end: number): boolean {
    this.meaning = meaning;
    this.end = end;
    return true;
  }

  /** Names of several words, with single spaces or hyphens between: the longest first. */
  #findWords(scan: Scan, at: number, first: { end: number; words: number }): boolean {
    const most = Math.min(first.words, MOST_WORDS);
    let count = 0;
    let end = first.end;
    while (count + 1 < most) {
      const gap = scan.at(end);
      if (gap !== SPACE && gap !== HYPHEN) break;
      const next = wordEnd(scan, end + 1);
      if (next === end + 1) break;
      ends[count++] = end = next;
    }
    for (let k = count - 1; k >= 0; k--) {
      const found = lexicon?.find(scan.bytes, at, ends[k] as number) ?? null;
      if (found !== null && !found.isPrefix) return this.#take(found, ends[k] as number);
    }
    return scan.at(at) >= 0xea && count > 0 && this.#findStem(scan, at, first.end);
  }

  /** Korean endings follow a name without a space: `캐나다 달러가`. */
  #findStem(scan: Scan, at: number, first: number): boolean {
    let i = first + 1;
    let found = false;
    for (let k = 0; k < MOST_CHARACTERS && scan.at(i) >= 0xea; k++) {
      i = characterEnd(scan, i);
      const meaning = lexicon?.find(scan.bytes, at, i) ?? null;
      if (meaning !== null && !meaning.isPrefix) found = this.#take(meaning, i);
    }
    return found;
  }

  /** Signs and scripts without spaces: the longest of some characters. */
  #findCharacters(scan: Scan, at: number): boolean {
    let i = at;
    let count = 0;
    while (count < MOST_CHARACTERS && scan.at(i) >= 0x80) ends[count++] = i = characterEnd(scan, i);
    if (count > 0 && (scan.at(i) | SPACE) === 0x75) return this.#latinTail(scan, at, i);
    for (let k = count - 1; k >= 0; k--) {
      const found = lexicon?.find(scan.bytes, at, ends[k] as number) ?? null;
      if (found !== null && !found.isPrefix) return this.#take(found, ends[k] as number);
    }
    return false;
  }

  /** `€ur`. */
  #latinTail(scan: Scan, at: number, from: number): boolean {
    let end = from;
    while (end < from + 3 && ((byteClass[scan.at(end)] ?? 0) & LETTER) !== 0) end++;
    const found = lexicon?.find(scan.bytes, at, end) ?? lexicon?.find(scan.bytes, at, from) ?? null;
    return (
      found !== null && !found.isPrefix && this.#take(found, found === lexicon?.find(scan.bytes, at, end) ? end : from)
    );
  }
}

/** Letters of any script; a currency sign or general punctuation ends a word, unless it is the first. */
export function wordEnd(scan: Scan, from: number): number {
  const limit = Math.min(scan.end, from + REACH);
  let i = from;
  while (i < limit) {
    const byte = scan.bytes[i] as number;
    if (((byteClass[byte] as number) & (LETTER | HIGH)) === 0) break;
    if (
      i > from &&
      (byte === 0xc2 ||
        (byte === 0xe2 && scan.at(i + 1) < 0x84) ||
        (byte === 0xe3 && scan.at(i + 1) === 0x80) ||
        byte === 0xef ||
        isStopBeyondAscii(scan, i))
    )
      break;
    i = byte < 0x80 ? i + 1 : characterEnd(scan, i);
  }
  return Math.min(i, limit);
}

export function characterEnd(scan: Scan, at: number): number {
  let i = at + 1;
  while (i < scan.end && i < at + 4 && ((scan.bytes[i] as number) & 0xc0) === 0x80) i++;
  return i;
}
