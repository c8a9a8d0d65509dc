import { compoundStarts, compoundValue } from './amounts/compound-numbers.ts';
import { forgetName } from './amounts/longest-name.ts';
import { ALNUM, byteClass, DIGIT, HIGH, isAlnum, LETTER } from './byte-class.ts';
import { matchTerm } from './dictionary/match-term.ts';
import type { TermSource } from './dictionary/term-source.ts';
import { mayFold } from './folds/fold-character.ts';
import { TextFolder } from './folds/fold-text.ts';
import { isLeet } from './folds/leet.ts';
import { bracketsSign, dotWords, isSpeltDot } from './folds/spelt-signs.ts';
import { Prefilter } from './prefilter.ts';
import { type MentionSink, Resolver } from './resolve.ts';
import type { RunRule, SignRule } from './rule.ts';
import { signRules } from './rules/index.ts';
import { handleWords, matchNamedHandle } from './rules/named-handle.ts';
import { matchWord, speltBeginnings } from './rules/spelt-amount.ts';
import { matchSpokenPhone } from './rules/spoken-phone.ts';
import { SIDE_BITS, sideOf } from './run-sides.ts';
import { LONGEST_RUN, rulesAt } from './run-table.ts';
import { Scan } from './scan.ts';
import { WordAnchors } from './word-anchors.ts';
import { WordFilter } from './word-filter.ts';

/** Options of an extractor. `region` is an ISO 3166 code: whose dollars and crowns are meant when a text does not say. */
export interface ExtractorOptions {
  /** ISO 639 code of the language of the texts, where it is known: decides between readings of 1.234. */
  readonly lang?: string;
  readonly region?: string;
  /** Code words, measures and watch list of the lab. */
  readonly dictionary?: TermSource;
}

/** Raised whenever the same text gives other mentions: an index made with another version is made anew. */
export const EXTRACTOR_VERSION = 13;

const WORD = LETTER | HIGH;
/** Characters of three bytes, whose scripts need no space: each may begin a number. */
const WIDE = 0xe3;
/** Longer words are walked back over no further: none of them is a number. */
const LONGEST_WORD = 64;
/** Candidates held before they are decided and handed over. */
const BATCH = 1024;

/**
 * Finds entities in UTF-8 text. One pass looks each byte up in a table and stops at digits, `@`, `:` and `.`; a digit
 * leads to the run of letters and digits around it, whose length and make-up choose the rules to ask. Nothing is
 * decoded to strings and no regular expression runs. Each rule reads a bounded neighbourhood and a run is visited once,
 * so time is linear in the length of any text.
 */
export class Extractor {
  readonly #scan: Scan;
  readonly #resolver = new Resolver();
  readonly #folder = new TextFolder();
  readonly #words: WordFilter;
  readonly #prefilter: Prefilter;
  readonly #dictionary: TermSource | null;
  /** A letter of a word that begins no number: its other letters need not be walked back. */
  #noWord = -1;

  constructor(options: ExtractorOptions = {}) {
    this.#scan = new Scan((options.region ?? '').toUpperCase(), languageOf(options.lang));
    this.#dictionary = options.dictionary ?? null;
    const { filter, anchors } = filterFor(this.#scan.lang, this.#dictionary);
    this.#words = filter;
    this.#prefilter = new Prefilter(anchors);
  }

  /**
   * Scans `bytes[start..end)`, one text in UTF-8, and calls `sink` for each mention in order of start. Offsets are
   * those of `bytes`. Invalid UTF-8 is allowed; nothing is read outside the bounds.
   */
  scan(bytes: Uint8Array, start: number, end: number, sink: MentionSink): void {
    if (this.#run(bytes, { start, end, mayFold: true }, sink)) return;
    const folder = this.#folder;
    if (!folder.fold(bytes, start, end)) this.#run(bytes, { start, end, mayFold: false }, sink);
    else this.#run(folder.bytes, { start: 0, end: folder.length, mayFold: false }, unfolding(folder, sink));
  }

  /** One pass. False where a character is met that has to be folded first: nothing has been handed over then. */
  #run(bytes: Uint8Array, { start, end, mayFold }: Pass, sink: MentionSink): boolean {
    const scan = this.#scan;
    scan.needsFold = false;
    scan.bytes = bytes;
    scan.start = start;
    scan.end = end;
    scan.forget();
    this.#noWord = -1;
    forgetName();
    scan.found.clear();
    const prefilter = this.#prefilter;
    prefilter.restart();
    let i = start;
    while (i < end) {
      i = prefilter.next(bytes, i, end);
      if (i === end) break;
      const { isStop, isWord } = prefilter;
      let next = isStop ? this.#dispatch(scan, i) : i + 1;
      if (next === i + 1 && isWord) next = this.#word(scan, i);
      if (next > i + 1) prefilter.restart();
      i = next;
      if (scan.found.count >= BATCH && i >= scan.found.furthest && !scan.needsFold) {
        this.#flush(scan, sink);
        mayFold = false;
      }
      if (scan.needsFold && mayFold) return false;
    }
    if (scan.found.count > 0) this.#flush(scan, sink);
    return true;
  }

  #flush(scan: Scan, sink: MentionSink): void {
    this.#resolver.resolve(scan.found, sink);
    scan.found.clear();
  }

  /** Three bytes that end at `i` are part of a word that may begin a number: looks at it from its start. */
  #word(scan: Scan, i: number): number {
    const { bytes } = scan;
    const wide = i - 2;
    let from = i;
    if (wide >= scan.start && (bytes[wide] as number) >= WIDE) {
      from = wide;
      if (from < scan.wordEnd || (from + 4 <= scan.end && !this.#words.mayBegin(bytes, from))) return i + 1;
    } else {
      from = wordFrom(scan, i, this.#noWord);
      if (from < 0) return i + 1;
      if (from < scan.wordEnd) return i + 1;
      if (from + 4 <= scan.end && !this.#words.mayBegin(bytes, from)) {
        if (((byteClass[bytes[i] as number] as number) & WORD) !== 0) this.#noWord = i;
        return i + 1;
      }
    }
    const term = this.#dictionary === null ? from : matchTerm(scan, from, this.#dictionary);
    const said = term > from ? term : matchSpokenPhone(scan, from);
    const next = said > from ? said : Math.max(matchWord(scan, from), matchNamedHandle(scan, from));
    if (next <= i && isSpeltDot(scan, from)) scan.needsFold = true;
    if (next <= i) return i + 1;
    scan.wordEnd = next;
    return next;
  }

  #dispatch(scan: Scan, i: number): number {
    const byte = scan.bytes[i] as number;
    if (((byteClass[byte] as number) & DIGIT) !== 0) return matchRun(scan, i);
    if (byte >= 0x80) return high(scan, i);
    if (byte === 0x28 || byte === 0x5b || byte === 0x7b) {
      if (bracketsSign(scan, i)) scan.needsFold = true;
      return i + 1;
    }
    let next = i + 1;
    for (const rule of signTable[byte] as readonly SignRule[]) next = Math.max(next, rule.match(scan, i));
    return next;
  }
}

/** Start of the word around `i`; -1 where it is too long, is none, or has the letter at `noWord`. */
function wordFrom(scan: Scan, i: number, noWord: number): number {
  const { bytes } = scan;
  const floor = Math.max(scan.start, scan.wordEnd, i - LONGEST_WORD);
  const least = Math.max(floor, noWord + 1);
  let from = i;
  while (from > least && ((byteClass[bytes[from - 1] as number] as number) & WORD) !== 0) from--;
  if (from === i || (from === noWord + 1 && from > scan.start)) return -1;
  return from === floor && floor > scan.start && floor !== scan.wordEnd ? -1 : from;
}

/** Two letters of an ISO 639 code; Norwegian and Danish count alike. */
function languageOf(lang = ''): string {
  const code = lang.toLowerCase().slice(0, 2);
  return code === 'no' || code === 'da' || code === 'nn' ? 'nb' : code;
}

/** Languages with short words of their own in the filter; all others share one. */
const OWN_FILTERS = ['nb', 'tr'];
const filters = new Map<string, WordSearch>();

interface WordSearch {
  readonly filter: WordFilter;
  readonly anchors: WordAnchors;
}

function filterFor(lang: string, dictionary: TermSource | null): WordSearch {
  const key = OWN_FILTERS.includes(lang) ? lang : '';
  const known = filters.get(key);
  if (known !== undefined && dictionary === null) return known;
  const words = [...(dictionary?.beginnings ?? []), ...speltBeginnings(key), ...dotWords, ...handleWords];
  const starts = compoundStarts();
  const compounds = { starts, isNumber: (start: string) => compoundValue(start) >= 0 };
  const made = { filter: new WordFilter([...words, ...starts]), anchors: new WordAnchors(words, compounds) };
  if (dictionary === null) filters.set(key, made);
  return made;
}

interface Pass {
  readonly start: number;
  readonly end: number;
  mayFold: boolean;
}

/** Hands mentions of a folded text over with the places they have in the text as given. */
function unfolding(folded: TextFolder, sink: MentionSink): MentionSink {
  return (mention) => {
    let folds = 0;
    for (let i = mention.start; i < mention.end; i++) folds |= folded.folds[i] as number;
    const { start, end } = mention;
    mention.start = folded.starts[start] as number;
    mention.end = folded.ends[end - 1] as number;
    mention.folds = folds;
    sink(mention);
  };
}

/** A character beyond ASCII that may have to be folded; it is also part of a word. */
function high(scan: Scan, i: number): number {
  if (mayFold(scan.bytes, i, scan.end)) scan.needsFold = true;
  return i + 1;
}

/** `i` is the first digit of its run. Returns the end of the run, or of what was found to begin with it. */
function matchRun(scan: Scan, i: number): number {
  const { bytes, end } = scan;
  const floor = Math.max(scan.start, i - LONGEST_RUN);
  let from = i;
  while (from > floor && ((byteClass[bytes[from - 1] as number] as number) & ALNUM) !== 0) from--;
  let to = i + 1;
  while (to < end && ((byteClass[bytes[to] as number] as number) & DIGIT) !== 0) to++;
  let isDigits = from === i;
  if (to < end && ((byteClass[bytes[to] as number] as number) & ALNUM) !== 0) {
    isDigits = false;
    do to++;
    while (to < end && ((byteClass[bytes[to] as number] as number) & ALNUM) !== 0);
  }
  if (to - from > LONGEST_RUN) return to;
  if (to - from === 1 && isApart(scan, from)) scan.needsFold = true;
  if (!isDigits && isLeet(scan, from, to)) scan.needsFold = true;
  scan.runStart = from;
  scan.runEnd = to;
  const before = scan.found.count;
  const left = from > scan.start ? (sideOf[bytes[from - 1] as number] as number) : 0;
  const right = to < end ? (sideOf[bytes[to] as number] as number) : 0;
  const rules = rulesAt(isDigits, to - from, (left << SIDE_BITS) | right);
  for (let k = 0; k < rules.length; k++) (rules[k] as RunRule).match(scan);
  let next = to;
  for (let row = before; row < scan.found.count; row++) next = Math.max(next, scan.found.end[row] as number);
  return next;
}

/** Four single digits with the same sign between. */
function isApart(scan: Scan, at: number): boolean {
  const sign = scan.at(at + 1);
  if (sign < 0x20 || sign >= 0x80 || isAlnum(sign)) return false;
  for (let k = 2; k <= 12; k += 2)
    if (!scan.isDigitAt(at + k) || (k < 12 && scan.at(at + k + 1) !== sign)) return false;
  return !scan.isDigitAt(at + 13);
}

const signTable = Array.from({ length: 256 }, (_, sign) => signRules.filter((rule) => rule.sign === sign));
