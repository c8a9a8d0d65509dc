import { ByteLexicon } from '../amounts/byte-lexicon.ts';
import { LongestName, wordEnd } from '../amounts/longest-name.ts';
import type { Meaning } from '../amounts/meaning.ts';
import { NumberParser } from '../amounts/number-parser.ts';
import { isAlnum } from '../byte-class.ts';
import { CUE_PHONE } from '../cues.ts';
import { hasNationalPrefix, type PlannedNumber, readInternational, readNational } from '../phones/phone-plan.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const PHONE = knownType('phone');
const MOST_DIGITS = 15;
/** Fewest words and digits that are a telephone number and no counting. */
const FEWEST_WORDS = 5;
const FEWEST_DIGITS = 7;
const FEWEST_UNNAMED = 9;
const MOST_UNNAMED = 12;
/** Bytes between two words: `seven, eight`. */
const LONGEST_GAP = 3;
const LONGEST_BEFORE = 7;
const MOST_BEFORE = 3;

/** What is said beside digits: nought as a letter, a digit twice or three times, two noughts. */
const NOUGHT = 1;
const TWICE = 2;
const THRICE = 3;
const HUNDRED = 4;
const PLUS = 5;
const said: ByteLexicon<number> = new ByteLexicon(
  new Map(
    (
      [
        ['oh o', NOUGHT],
        ['double dubbel doppelt doble doppio duplo', TWICE],
        ['triple treble triple tripel', THRICE],
        ['hundred honderd hundert', HUNDRED],
        ['plus', PLUS],
      ] as const
    ).flatMap(([list, what]) => list.split(' ').map((word) => [word, what] as const)),
  ),
);

const name = new LongestName();
const parser = new NumberParser();
let digits = '';
let hasPlus = false;
/** Where the word ends that gave the last of so many digits; 0 inside what one word says. */
const ends = new Uint32Array(MOST_DIGITS + 1);
let words = 0;
/** Whether each word says one more, or one less, than the one before: somebody counts. */
let isCounting = false;
let step = 0;
let lastValue = -1;

/**
 * A telephone number said in words, digit by digit or in pairs: `oh six one two double three …`, `zéro six douze trente-quatre`.
 * `at` is a word that may begin a number. Returns where it ends, or `at`.
 */
export function matchSpokenPhone(scan: Scan, at: number): number {
  if (at < scan.noSpokenBefore || !isDigitWord(scan, at)) return at;
  const start = startOf(scan, at);
  readWords(scan, start);
  if (words < FEWEST_WORDS || digits.length < FEWEST_DIGITS || isCounting) {
    // Words of a number that is too short begin none either: only the first of them is walked from.
    if (words > 1) scan.noSpokenBefore = listEnd(scan, ends[digits.length] as number);
    return words > 1 && quietEnd > at ? quietEnd : at;
  }
  const whole = listEnd(scan, ends[digits.length] as number);
  const isList = digits.length === MOST_DIGITS && whole > (ends[digits.length] as number);
  const end = isList ? quietEnd : reported(scan, start);
  scan.noSpokenBefore = whole;
  return end > at ? end : at;
}

/** Where words of digits end that go on after those read. */
function listEnd(scan: Scan, from: number): number {
  let end = from;
  let count = 0;
  quietEnd = 0;
  for (let at = gapEnd(scan, end); at > end; at = gapEnd(scan, end)) {
    const word = wordEnd(scan, at);
    if (word > at && said.find(scan.bytes, at, word) !== null) end = word;
    else if (digitsAt(scan, at) !== '') end = tokenEnd;
    else return end;
    // What ends so many words before the list does cannot be part of a sum behind it.
    if (++count >= LAST_WORDS) quietEnd = lastEnds[count % LAST_WORDS] as number;
    lastEnds[count % LAST_WORDS] = end;
  }
  return end;
}

/** More words than a number in words is read from. */
const LAST_WORDS = 32;
const lastEnds = new Uint32Array(LAST_WORDS);
/** Up to here the words of a list are followed by more of them than a sum could have. */
let quietEnd = 0;

/** Whether one digit is said at `at`, and something like it after it. */
function isDigitWord(scan: Scan, at: number): boolean {
  if (!name.find(scan, at)) return false;
  const { number } = name.meaning as Meaning;
  if (number < 0 || number > 9 || number % 1 !== 0) return false;
  const next = gapEnd(scan, name.end);
  if (next === name.end) return false;
  if (name.find(scan, next) && (name.meaning as Meaning).number >= 0) return true;
  return said.find(scan.bytes, next, wordEnd(scan, next)) !== null;
}

/** `oh`, `plus` and `double` begin no number by themselves: they are looked for before it. */
function startOf(scan: Scan, at: number): number {
  let start = at;
  for (let count = 0; count < MOST_BEFORE && scan.at(start - 1) === 0x20; count++) {
    const end = start - 1;
    let from = end;
    while (end - from < LONGEST_BEFORE && isAlnum(scan.at(from - 1))) from--;
    const what = from === end || isAlnum(scan.at(from - 1)) ? null : said.find(scan.bytes, from, end);
    if (what === null || what === HUNDRED) break;
    start = from;
    if (what === PLUS) break;
  }
  return start;
}

/** Reads words of digits into `digits`, as many as a telephone number has. */
function readWords(scan: Scan, start: number): void {
  digits = '';
  words = 0;
  hasPlus = false;
  isCounting = true;
  step = 0;
  lastValue = -1;
  ends.fill(0);
  let times = 1;
  for (let at = start, next = start; digits.length < MOST_DIGITS; at = next) {
    const end = wordEnd(scan, at);
    const what = end === at ? null : said.find(scan.bytes, at, end);
    if (what === PLUS && digits === '') hasPlus = true;
    else if (what === TWICE || what === THRICE) times = what;
    else if (what === HUNDRED && words > 0 && lastValue < 10) take('00', end);
    else {
      const spoken = what === NOUGHT ? '0' : digitsAt(scan, at);
      if (spoken === '' || (times > 1 && spoken.length > 1)) return;
      countOn(Number(spoken));
      take(spoken.repeat(times), what === NOUGHT ? end : tokenEnd);
      words++;
      times = 1;
    }
    const last = digits === '' || times > 1 || what === PLUS ? end : (ends[digits.length] as number);
    next = gapEnd(scan, last);
    if (next === last) return;
  }
}

function take(spoken: string, end: number): void {
  if (digits.length + spoken.length > MOST_DIGITS) return;
  digits += spoken;
  ends[digits.length] = end;
}

function countOn(value: number): void {
  if (words === 1) step = value - lastValue;
  if (words > 0 && (value - lastValue !== step || Math.abs(step) > 1)) isCounting = false;
  lastValue = value;
}

let tokenEnd = 0;

/** One digit, or a number of two, that is said at `at`; empty where neither is. Sets `tokenEnd`. */
function digitsAt(scan: Scan, at: number): string {
  if (!name.find(scan, at)) return pairAt(scan, at);
  const { number, weak } = name.meaning as Meaning;
  if (number > 9) return pairAt(scan, at);
  if (number < 0 || number % 1 !== 0 || name.end - at < 2) return '';
  if (weak !== '' && weak !== scan.language() && words < 2) return '';
  tokenEnd = name.end;
  return String(number);
}

function pairAt(scan: Scan, at: number): string {
  if (!parser.parse(scan, at) || parser.value < 10 || parser.value > 99 || parser.value % 1 !== 0) return '';
  tokenEnd = parser.end;
  return String(parser.value);
}

/** Past a space, with a comma, hyphen or full stop before or in its place; `at` where neither stands there. */
function gapEnd(scan: Scan, at: number): number {
  let i = at;
  while (i - at < LONGEST_GAP) {
    const byte = scan.at(i);
    if (byte !== 0x20 && byte !== 0x2d && byte !== 0x2c && byte !== 0x2e) break;
    i++;
  }
  return i;
}

/** Reports what fits a plan, words at the end left out where they must be. Returns its end, or 0. */
function reported(scan: Scan, start: number): number {
  const isNamed = (scan.cues(start) & CUE_PHONE) !== 0;
  for (let length = digits.length; length >= FEWEST_DIGITS; length--) {
    const end = ends[length] as number;
    const read = end === 0 ? null : planned(scan, digits.slice(0, length), isNamed);
    if (read !== null) return report(scan, { start, end, value: `+${read.digits}`, grade: read.grade, isNamed });
  }
  const isDialled = digits.startsWith('0') && digits.length >= FEWEST_UNNAMED && digits.length <= MOST_UNNAMED;
  if (hasPlus || !(isNamed || (isDialled && scan.region === ''))) return 0;
  return report(scan, { start, end: ends[digits.length] as number, value: digits, grade: 'possible', isNamed });
}

function planned(scan: Scan, number: string, isNamed: boolean): PlannedNumber | null {
  const abroad = hasPlus ? number : number.startsWith('00') ? number.slice(2) : '';
  if (abroad !== '') return valid(readInternational(abroad));
  // Digit by digit, and as many as a number has: nobody says anything else so.
  const isSpelt = words >= FEWEST_UNNAMED && words === digits.length && number === digits;
  if (scan.region === '' || !(isNamed || isSpelt || hasNationalPrefix(number, scan.region))) return null;
  return valid(readNational(number, scan.region));
}

function valid(read: PlannedNumber | null): PlannedNumber | null {
  return read?.grade === 'valid' ? read : null;
}

interface Spoken {
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly grade: 'valid' | 'possible';
  readonly isNamed: boolean;
}

function report(scan: Scan, { start, end, value, grade, isNamed }: Spoken): number {
  scan.found.begin();
  scan.found.putAscii(value);
  scan.found.report(PHONE, isNamed ? TIER_CONTEXT : TIER_SHAPE, start, end);
  scan.found.grade(grade);
  return end;
}
