import { amountLexicon, beginningWords } from '../amounts/amount-lexicon.ts';
import { countsNothing } from '../amounts/bare-sum.ts';
import { ByteLexicon } from '../amounts/byte-lexicon.ts';
import { beginsCompound } from '../amounts/compound-numbers.ts';
import { LongestName, wordEnd } from '../amounts/longest-name.ts';
import { LINK_ARTICLE, LINK_HALF, type Meaning } from '../amounts/meaning.ts';
import { isAlnum, isDigit, lowerByte } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { matchSpelt, matchUnitAlone } from './amount.ts';

const name = new LongestName();
const unit = new LongestName();
/** `onbeş`, `duecento`. */
const SHORTEST_COMPOUND = 6;
const ARTICLE_REACH = 9;
const WORD_REACH = 24;
const PRICE_REACH = 16;

/** The words a number in words may begin with, for the filter. */
export function speltBeginnings(lang: string): readonly string[] {
  return beginningWords(lang);
}

/**
 * A word at `at` that may begin a number (`twenty quid`) or name a unit that one article counts (`a dollar`). Returns
 * where what was read ends, or `at`.
 */
export function matchWord(scan: Scan, at: number): number {
  if (!name.find(scan, at)) return scan.at(at) < 0xd0 && mayBeCompound(scan, at) ? matchSpelt(scan, at) : at;
  const meaning = name.meaning as Meaning;
  if (!meaning.begins && beginsWithDigit(scan, at)) return matchSpelt(scan, at);
  if (!meaning.begins || !mayBegin(scan, at, meaning)) return at;
  if (meaning.number < 0 && meaning.power === null) {
    const article = articleBefore(scan, at);
    const number = meaning.mass === null && meaning.currency === null ? null : wordBefore(scan, at);
    const isNext = number?.multiplies === true && !(meaning.currency !== null && isEnglishWord(scan, at));
    if (isNext) return matchSpelt(scan, number.start);
    name.find(scan, at);
    if (meaning.mass !== null && scan.wordBefore(name.end, TONS)) return at;
    if (meaning.mass !== null && (article < 0 || isPrice(scan, article)))
      return scan.at(at) >= 0xd0 || isHalfMore(scan, name.end) ? matchUnitAlone(scan, at, name.end) : at;
    if (article < 0 && (isWholeText(scan, at, name.end) || isRussianSum(scan, at, meaning)))
      return matchUnitAlone(scan, at, name.end);
    return article < 0 ? at : matchUnitAlone(scan, article, name.end);
  }
  if (meaning.number === 0.25 && meaning.currency !== null && endsSentence(scan, name.end)) {
    const article = articleBefore(scan, at);
    // `five and a quarter`.
    if (article >= 0 && scan.wordBefore(article, ENGLISH_AND)) return at;
    if (article >= 0 || isWholeText(scan, at, name.end))
      return matchUnitAlone(scan, Math.max(article, scan.start), name.end);
  }
  if (meaning.power !== null && meaning.number < 0) {
    const before = wordBefore(scan, at);
    if (before?.isVague) return name.end;
    if (before?.multiplies) return matchSpelt(scan, before.start);
    name.find(scan, at);
  }
  if ((meaning.power !== null && meaning.number < 0) || (meaning.number > 0 && meaning.number < 1)) {
    const article = articleBefore(scan, at);
    if (article >= 0) return matchSpelt(scan, oneBefore(scan, article) ?? at, oneBefore(scan, article) ?? article);
  }
  const isTurkishUnit = meaning.number > 0 && meaning.number < 10 && scan.wordBefore(at, TURKISH_TEN);
  return matchSpelt(scan, isTurkishUnit && TURKISH.has(textOf(scan, at, name.end)) ? at - TURKISH_TEN_LENGTH : at);
}

/** `balance due euro 500`: the short word is none of a number. */
function isEnglishWord(scan: Scan, at: number): boolean {
  name.find(scan, at);
  return scan.language() === 'en' || scan.isDigitAt(name.end + 1);
}

/** `on iki` is twelve; `on two` is not. */
const TURKISH_TEN = ['on'];
const TURKISH_TEN_LENGTH = 3;
const TURKISH = new Set('bir iki üç uc dört dort beş bes altı alti yedi sekiz dokuz'.split(' '));

function textOf(scan: Scan, start: number, end: number): string {
  return decoder.decode(scan.bytes.subarray(start, end)).toLowerCase();
}

/** 오만 is fifty thousand before it is a country: its first character is a digit. */
function beginsWithDigit(scan: Scan, at: number): boolean {
  const isKorean = scan.at(at) >= 0xea && scan.at(at) <= 0xed;
  return isKorean && (amountLexicon().find(scan.bytes, at, at + 3)?.number ?? -1) > 0;
}

/** `few thousand`: how many is not said. */
const VAGUE = new ByteLexicon<true>(
  new Map(
    'few several some many paar enkele einige mehrere quelques plusieurs algunos varios unos alguns vários alcuni qualche birkaç kilka parę flera några disa câteva несколько пару بضع कुछ'
      .split(' ')
      .map((word) => [word, true] as const),
  ),
);
const decoder = new TextDecoder();

/** The word before a power that begins no number by itself: a vague one, or one that is a number in its language (`on bin`). */
function wordBefore(scan: Scan, at: number): { start: number; isVague: boolean; multiplies: boolean } | null {
  const end = at - 1;
  if (scan.at(end) !== 0x20) return null;
  let start = end;
  while (start > scan.start && end - start < WORD_REACH && isWordByte(scan.at(start - 1))) start--;
  if (start === end) return null;
  const isVague = VAGUE.find(scan.bytes, start, end) === true;
  const known = amountLexicon().find(scan.bytes, start, end);
  return { start, isVague, multiplies: known !== null && known.number > 1 && known.weak !== '' && known.weak !== 'nb' };
}

function isWordByte(byte: number): boolean {
  return isAlnum(byte) || byte >= 0x80;
}

/** Long enough for a number in one word, and beginning with a part of one. */
function mayBeCompound(scan: Scan, at: number): boolean {
  const end = wordEnd(scan, at);
  return end - at >= SHORTEST_COMPOUND && beginsCompound(scan.bytes, at);
}

function mayBegin(scan: Scan, at: number, meaning: Meaning): boolean {
  const before = scan.at(at - 1);
  if (before === 0x5f || before === 0x40) return false;
  if (before === 0x2d) return !isAlnum(scan.at(at - 2));
  return before < 0x80 || scan.at(at) >= 0xe3 || meaning.number < 0;
}

/** `a ton of work`. */
const TONS = ['ton', 'tons'];

/** Start of the first `en` of `en och en halv`, where `article` is the second. */
function oneBefore(scan: Scan, article: number): number | null {
  if (!scan.wordBefore(article, AND)) return null;
  const start = wordBefore(scan, article - AND_LENGTH)?.start ?? -1;
  return start >= 0 && unit.find(scan, start) && (unit.meaning as Meaning).number === ONE_AND_HALF ? start : null;
}

/** `name` was found: a noun follows the adjective. */
function isGrandThing(scan: Scan): boolean {
  const { end } = name;
  return (
    scan.at(end) === 0x20 &&
    isAlnum(scan.at(end + 1)) &&
    !isDigit(scan.at(end + 1)) &&
    !countsNothing(scan, end + 1) &&
    !OF_IT.has(textOf(scan, end + 1, wordEnd(scan, end + 1)))
  );
}

/** More words that go on after a sum. */
const OF_IT = new Set(
  'of off short light up down out over under is was will that this i u you he she we they his her my your not'.split(
    ' ',
  ),
);

const GRAND = ['grand'];
const ENGLISH_ARTICLES = ['a', 'one'];
const ENGLISH_AND = ['and'];
const AND = ['och'];
const AND_LENGTH = 4;
const ONE_AND_HALF = 1.5;

/** `kilo y medio`. */
function isHalfMore(scan: Scan, end: number): boolean {
  return scan.at(end) === 0x20 && unit.find(scan, end + 1) && ((unit.meaning as Meaning).link & LINK_HALF) !== 0;
}

/** `лям`, `стольник`: Russian has no article to count them. */
function isRussianSum(scan: Scan, at: number, { currency }: Meaning): boolean {
  const lead = scan.at(at);
  return currency?.worth != null && (lead === 0xd0 || lead === 0xd1) && !isDigit(scan.at(at - 2));
}

/** A message that says no more than the name of a coin. */
function isWholeText(scan: Scan, at: number, end: number): boolean {
  return at === scan.start && end === scan.end && name.meaning?.currency?.worth != null;
}

function endsSentence(scan: Scan, end: number): boolean {
  const byte = scan.at(end);
  return byte !== 0x20 && !isAlnum(byte) && byte < 0x80;
}

/** `27k a kilo`, `€5 a gram`: the mass is what the price is for. */
function isPrice(scan: Scan, article: number): boolean {
  for (let i = article - 1; i >= scan.start && i > article - PRICE_REACH; i--) {
    const byte = scan.at(i);
    if (isDigit(byte)) return !isWeighed(scan, i + 1);
    if (byte === 0x24) return true;
    if (byte === 0x2e || byte === 0x2c || byte === 0x0a) return false;
  }
  return false;
}

/** `2 kilos for a pound`: the number before is of a mass itself. */
function isWeighed(scan: Scan, end: number): boolean {
  return unit.find(scan, end + (scan.at(end) === 0x20 ? 1 : 0)) && (unit.meaning as Meaning).mass !== null;
}

/** Start of `a`, `ein`, `one` before a word, or -1. */
function articleBefore(scan: Scan, at: number): number {
  if (scan.at(at - 1) !== 0x20 && scan.at(at - 1) !== 0x2d) return -1;
  const end = at - 1;
  let start = end;
  while (
    start > scan.start &&
    end - start < ARTICLE_REACH &&
    (isAlnum(scan.at(start - 1)) || scan.at(start - 1) >= 0x80)
  )
    start--;
  if (start === end || isAlnum(scan.at(start - 1))) return -1;
  const found = amountLexicon().find(scan.bytes, start, end);
  if (found === null || (found.link & LINK_ARTICLE) === 0) return -1;
  // `o` is `the` in Portuguese.
  if (end - start === 1 && lowerByte(scan.at(start)) === 0x6f && scan.language() !== 'ro' && scan.region !== 'RO')
    return -1;
  const isFound = name.find(scan, at);
  const hasWorth = isFound && (name.meaning?.currency?.worth != null || (name.meaning?.number ?? -1) > 0);
  // `un grand appartement`, `a grand adventure`.
  if (isFound && scan.wordBefore(name.end, GRAND) && (!scan.wordBefore(end, ENGLISH_ARTICLES) || isGrandThing(scan)))
    return -1;
  // `en dollar` is `in dollars` in most languages.
  if (end - start === 2 && lowerByte(scan.at(start)) === 0x65 && lowerByte(scan.at(at)) !== 0x6b && !hasWorth)
    return -1;
  return start;
}
