import { byteClass, DIGIT, HIGH, LETTER, lowerByte } from './byte-class.ts';
import { Candidates } from './candidates.ts';
import { CUE_REACH, cueBits, mayNamePlate } from './cue-bits.ts';
import { CUE_PLATE, CUE_VEHICLE } from './cues.ts';
import { languageCodes, languageOf } from './language.ts';

/** The language of the text has not been asked for. */
const UNKNOWN = -2;
const WORD = LETTER | HIGH;
/** Letters before one that with it show a word that names a plate. */
const PLATE_CONTEXT = 3;

/**
 * What a rule sees: the text, the run of letters and digits the prefilter stopped at, and where to report. One object
 * is used for every run of every text.
 */
export class Scan {
  bytes: Uint8Array = new Uint8Array(0);
  /** Bounds of the text within `bytes`: rules never read outside. */
  start = 0;
  end = 0;
  /** The run of ASCII letters and digits around the digit that triggered. */
  runStart = 0;
  runEnd = 0;
  /** End of the money reported last: its currency sign is not the next number's. */
  moneyEnd = 0;
  /** End of the URL reported last: what looks like another URL inside it is part of it. */
  urlEnd = 0;
  /** End of the words read last as a number, or as none. */
  wordEnd = 0;
  /** Up to here dots have been found to stand in no host name: a long chain of labels is walked once. */
  noHostBefore = 0;
  /** Up to here numbers are those of a list. */
  noPhoneBefore = 0;
  /** Up to here no fingerprint in groups begins. */
  noKeyBefore = 0;
  /** Up to here groups of three digits are those of a list too long for a number. */
  noAmountBefore = 0;
  /** Up to here words of digits are those of a telephone number, or too few for one. */
  noSpokenBefore = 0;
  /** Something was met that has to be read as plainer signs. */
  needsFold = false;
  readonly found: Candidates = new Candidates();
  readonly region: string;
  /** ISO 639 code of the language, or empty where nobody said. */
  readonly lang: string;

  constructor(region: string, lang = '') {
    this.region = region;
    this.lang = lang;
  }

  /** The byte at `i`, or -1 outside the text. */
  at(i: number): number {
    return i >= this.start && i < this.end ? (this.bytes[i] as number) : -1;
  }

  isDigitAt(i: number): boolean {
    return i >= this.start && i < this.end && ((byteClass[this.bytes[i] as number] as number) & DIGIT) !== 0;
  }

  /** Whether one of the (lower-case ASCII) cue words stands shortly before `at`, on the same line. */
  cueBefore(at: number, cues: readonly string[]): boolean {
    if (!this.hasWordBefore(at)) return false;
    const floor = Math.max(this.start, at - CUE_REACH);
    let inWord = false;
    for (let i = at - 1; i >= floor; i--) {
      const byte = this.bytes[i] as number;
      if (byte === 0x0a) return false;
      const letter = isLetter(byte);
      if (letter && !inWord) for (const cue of cues) if (this.#wordEndsAt(i, cue)) return true;
      inWord = letter;
    }
    return false;
  }

  /** Bits CUE_ of the words shortly before `at`, on the same line. Asked again for the same place, it remembers. */
  cues(at: number): number {
    if (this.#cuesAt === at && this.#cuesOf === this.bytes) return this.#cues;
    this.#cuesAt = at;
    this.#cuesOf = this.bytes;
    this.#cues = this.hasWordBefore(at) ? cueBits(this.bytes, this.start, at) : 0;
    return this.#cues;
  }

  /** Whether any letter stands within the reach of a cue before `at`. In a list of numbers each byte is looked at once. */
  hasWordBefore(at: number): boolean {
    const floor = Math.max(this.start, at - CUE_REACH);
    let from = at;
    while (from > floor) {
      if (from <= this.#plainTo && from > this.#plainFrom) from = this.#plainFrom;
      else if (((byteClass[this.bytes[from - 1] as number] as number) & WORD) !== 0) break;
      else from--;
    }
    this.#plainFrom = from;
    this.#plainTo = at;
    return from > floor;
  }

  /** Whether a word that names a plate may stand before `at`, as `cues` would say: quicker where none does. */
  mayNamePlate(at: number): boolean {
    if (this.#cuesAt === at && this.#cuesOf === this.bytes) return (this.#cues & (CUE_PLATE | CUE_VEHICLE)) !== 0;
    // Where none was found for a run before, only what came after it is looked at, with the letters it may end.
    const from = this.#noPlateAt < 0 || at < this.#noPlateAt ? this.start : this.#noPlateAt - PLATE_CONTEXT;
    const may = mayNamePlate(this.bytes, Math.max(this.start, from), at);
    this.#noPlateAt = may ? -1 : at;
    return may;
  }

  /** Forgets what was remembered of a text: the buffer may hold another now. */
  forget(): void {
    this.moneyEnd = this.start;
    this.urlEnd = this.start;
    this.wordEnd = this.start;
    this.noHostBefore = this.start;
    this.noPhoneBefore = this.start;
    this.noKeyBefore = this.start;
    this.noAmountBefore = this.start;
    this.noSpokenBefore = this.start;
    this.#cuesAt = -1;
    this.#noPlateAt = -1;
    this.#plainFrom = 0;
    this.#plainTo = 0;
    this.#language = UNKNOWN;
  }

  /** The language of the text: as given, else as its small words and letters show, else empty. Looked for once a text. */
  language(): string {
    if (this.lang !== '') return this.lang;
    if (this.#language === UNKNOWN) this.#language = languageOf(this.bytes, this.start, this.end);
    return this.#language < 0 ? '' : (languageCodes[this.#language] as string);
  }

  /** Notes with the mention reported last that its language chose the reading, where one is known. */
  noteLanguage(): void {
    const code = this.language();
    const known = languageCodes.indexOf(code);
    if (known >= 0) this.found.decidedBy(known, this.lang !== '');
  }

  #language = UNKNOWN;
  /** No word that names a plate stands within its reach of this place; -1 where none has been asked about. */
  #noPlateAt = -1;
  /** No letter stands in `bytes[plainFrom..plainTo)`. */
  #plainFrom = 0;
  #plainTo = 0;
  #cuesAt = -1;
  #cuesOf: Uint8Array | null = null;
  #cues = 0;

  /** Whether one of the words stands directly before `at`, after white space, a colon or nothing. */
  wordBefore(at: number, words: readonly string[]): boolean {
    const gap = this.at(at - 1) === 0x20 || this.at(at - 1) === 0x3a ? (this.at(at - 2) === 0x3a ? 2 : 1) : 0;
    for (const word of words) if (this.#wordEndsAt(at - 1 - gap, word)) return true;
    return false;
  }

  #wordEndsAt(last: number, word: string): boolean {
    const first = last - word.length + 1;
    if (first < this.start) return false;
    for (let k = word.length - 1; k >= 0; k--) {
      if (lowerByte(this.bytes[first + k] as number) !== word.charCodeAt(k)) return false;
    }
    const before = this.at(first - 1);
    return before < 0 || !isLetter(before);
  }
}

function isLetter(byte: number): boolean {
  const lower = byte | 32;
  return lower >= 0x61 && lower <= 0x7a;
}
