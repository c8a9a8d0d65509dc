import { isAlnum, isDigit, upperByte } from '../byte-class.ts';
import { CUE_PLATE, CUE_VEHICLE } from '../cues.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';
import { putCyrillic } from './russian-plate.ts';

const PLATE = knownType('plate');
const MOST_GROUPS = 4;
const LONGEST_GROUP = 10;
const FEWEST = 4;
const MOST = 10;

/** Words between the one that names a plate and the plate. */
const SMALL_WORDS = new Set(
  'IS WAS IST WAR ES ERA EST E JE JEST ESTE NO NR AR ON HET DE DER DIE DAS THE OF EEN A MY HIS HER ITS SU MI MA SA'.split(
    ' ',
  ),
);

const RUSSIAN = /^[ABEKMHOPCTYX]\d{3}[ABEKMHOPCTYX]{2}\d{2,3}$/;

/** Plates of the countries of the cases, capitals without separators: they need the region or a word that names one. */
const FORMS: Readonly<Record<string, RegExp>> = {
  DE: /^[A-ZÄÖÜ]{1,3}[A-Z]{1,2}[1-9]\d{0,3}[EH]?$/,
  GB: /^([A-HJ-PR-Y]{2}(0[2-9]|1\d|2\d|5[1-9]|6\d|7\d)[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}[A-Z]{3}|[A-Z]{3}\d{1,3}[A-HJ-NPR-TV-Y])$/,
  TR: /^(0[1-9]|[1-7]\d|8[01])([A-Z]\d{4}|[A-Z]{2}\d{3,4}|[A-Z]{3}\d{2,4}|[A-Z]\d{3}|[A-Z]{2}\d{2}|[A-Z]\d{2})$/,
  IN: /^[A-Z]{2}\d{1,2}[A-Z]{1,3}\d{4}$/,
  NL: /^([A-Z]{2}\d{2}[A-Z]{2}|\d{2}[A-Z]{2}\d{2}|\d{2}[A-Z]{3}\d|\d[A-Z]{3}\d{2}|[A-Z]{2}\d{3}[A-Z]|[A-Z]\d{3}[A-Z]{2}|[A-Z]\d{2}[A-Z]{3}|[A-Z]{3}\d{2}[A-Z])$/,
  FR: /^[A-Z]{2}\d{3}[A-Z]{2}$/,
  ES: /^\d{4}[B-DF-HJ-NP-TV-Z]{3}$/,
  IT: /^[A-Z]{2}\d{3}[A-Z]{2}$/,
  BE: /^\d[A-Z]{3}\d{3}$/,
  PL: /^[BCDEFGKLNOPRSTWZ][A-Z]{1,2}[A-Z0-9]{4,5}$/,
  SE: /^[A-Z]{3}\d{2}[A-Z0-9]$/,
  RO: /^[A-Z]{1,2}\d{2,3}[A-Z]{3}$/,
  AL: /^[A-Z]{2}\d{3}[A-Z]{2}$/,
  UA: /^[A-Z]{2}\d{4}[A-Z]{2}$/,
  RU: RUSSIAN,
  PT: /^([A-Z]{2}\d{2}[A-Z]{2}|\d{2}[A-Z]{2}\d{2}|\d{4}[A-Z]{2}|[A-Z]{2}\d{4})$/,
  BR: /^[A-Z]{3}\d[A-Z]\d{2}$/,
};
/** Forms that no name of a model has: `black audi LB07 SEO`, `la voiture EF-789-GH`. */
const ON_A_VEHICLE =
  /^([A-HJ-PR-Y]{2}[0-7]\d[A-HJ-PR-Z]{3}|[A-Z]{2}\d{3}[A-Z]{2}|[A-Z]{2}\d{4}[A-Z]{2}|\d{4}[B-DF-HJ-NP-TV-Z]{3}|[A-Z]{2}\d{1,2}[A-Z]{1,3}\d{4}|(0[1-9]|[1-7]\d|8[01])[A-Z]{2,3}\d{2,4}|[A-Z]{1,2}\d{2,3}[A-Z]{3}|[A-Z]{3}\d{2}[A-Z]|[A-Z]\d{3}[A-Z]{2})$/;
/** Plates so plain that only a word makes them one: Switzerland, Kosovo, Brazil, Scandinavia, the Balkans, Austria, Ireland. */
const NAMED_FORM =
  /^([A-Z]{2}\d{1,6}|\d{5}[A-Z]{2}|[A-Z]{3}\d{3,4}|[A-Z]{2}\d{3,4}[A-Z]{1,2}|[A-Z]{1,2}\d{3,5}[A-Z]{1,2}|\d{2,3}[A-Z]{1,2}\d{1,6}|\d[A-Z]{2}\d{4})$/;

/** Vehicle plates: in the form of the region, or of any country after a word such as `kenteken`. */
export const plate: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 1,
  maxLength: LONGEST_GROUP,
  match(scan) {
    if (!hasLetterNear(scan)) return;
    const cues = scan.mayNamePlate(scan.runStart) ? scan.cues(scan.runStart) : 0;
    const isNamed = (cues & CUE_PLATE) !== 0;
    const form =
      formOf(scan.region) ?? ((cues & CUE_VEHICLE) !== 0 ? ON_A_VEHICLE : mayBeRussian(scan) ? RUSSIAN : undefined);
    if (!isNamed && (form === undefined || !mayBeWritten(scan))) return;
    for (
      let start = firstGroup(scan), tries = 0;
      start >= 0 && start <= scan.runStart && tries < MOST_GROUPS;
      tries++
    ) {
      if (report(scan, start, isNamed ? null : (form as RegExp))) return;
      start = nextGroup(scan, start);
    }
  },
};

/** A text that is a plate and nothing else is no longer. */
const LONGEST_PLATE = MOST + MOST_GROUPS;

/** In a sentence only capitals are a plate: `the car at 7 was` has none in or beside the run. */
function mayBeWritten(scan: Scan): boolean {
  if (scan.end - scan.start <= LONGEST_PLATE) return true;
  let hasCapital = false;
  for (let i = scan.runStart; i < scan.runEnd; i++) {
    const byte = scan.at(i);
    if (byte >= 0x61) return false;
    if (byte >= 0x41) hasCapital = true;
  }
  return hasCapital || isNoSmall(scan.at(scan.runStart - 2)) || isNoSmall(scan.at(scan.runEnd + 1));
}

/** A capital or a digit. */
function isNoSmall(byte: number): boolean {
  return isAlnum(byte) && byte < 0x61;
}

/** Most texts have no region: a look at a table by its empty name would cost as much as the rest of the rule. */
function formOf(region: string): RegExp | undefined {
  return region === '' ? undefined : FORMS[region];
}

/** A capital in the run or in the group before or behind it. */
function hasLetterNear(scan: Scan): boolean {
  for (let i = scan.runStart; i < scan.runEnd; i++) if (!isDigit(scan.at(i))) return true;
  return isLetterAt(scan, scan.runStart - 2) || isLetterAt(scan, scan.runEnd + 1);
}

function isLetterAt(scan: Scan, at: number): boolean {
  return isAlnum(scan.at(at)) && !isDigit(scan.at(at));
}

/** Tries the most groups first. */
function report(scan: Scan, start: number, form: RegExp | null): boolean {
  let text = '';
  let end = start;
  let foundEnd = -1;
  let found = '';
  for (let group = 0; group < MOST_GROUPS && text.length <= MOST; group++) {
    while (isAlnum(scan.at(end))) text += String.fromCharCode(upperByte(scan.at(end++)));
    if (group === 0 && form === null && SMALL_WORDS.has(text)) return false;
    const fits = text.length >= FEWEST && text.length <= MOST && end >= scan.runEnd;
    if (fits && (form === null ? isAnyForm(text) : form.test(text))) {
      foundEnd = end;
      found = text;
    }
    if (!isSeparator(scan.at(end)) || !isAlnum(scan.at(end + 1))) break;
    end++;
  }
  const isPartOfMore = scan.at(foundEnd) === 0x5f || (scan.at(foundEnd) === 0x2f && isDigit(scan.at(foundEnd + 1)));
  if (foundEnd < 0 || isPartOfMore) return false;
  if (form === null && isMixedCase(scan, start, foundEnd)) return false;
  if (form !== null && !isWritten(scan, { start, end: foundEnd, text: found })) return false;
  const isRussian = RUSSIAN.test(found) && scan.language() === 'ru';
  if (isRussian) putCyrillic(scan, found);
  else putLatin(scan, found);
  scan.found.report(PLATE, form === null ? TIER_CONTEXT : TIER_SHAPE, start, foundEnd);
  if (!isRussian) return true;
  putLatin(scan, found);
  scan.found.alternative(PLATE, TIER_SHAPE);
  return true;
}

function putLatin(scan: Scan, text: string): void {
  scan.found.begin();
  scan.found.putAscii(text);
}

/** `А123ВС77` or `А123ВС 77` in a Russian text, whose letters were folded. */
function mayBeRussian(scan: Scan): boolean {
  const size = scan.runEnd - scan.runStart;
  const isApart = size === 6 && scan.at(scan.runEnd) === 0x20 && isDigit(scan.at(scan.runEnd + 1));
  if ((size !== 8 && size !== 9 && !isApart) || !isDigit(scan.at(scan.runStart + 1)) || isDigit(scan.at(scan.runStart)))
    return false;
  return scan.language() === 'ru';
}

function isAnyForm(text: string): boolean {
  return NAMED_FORM.test(text) || Object.values(FORMS).some((one) => one.test(text));
}

/** Without a word for it: in capitals, with two digits or more; German ones apart; old British ones only alone. */
function isWritten(scan: Scan, { start, end, text }: { start: number; end: number; text: string }): boolean {
  let digits = 0;
  let small = 0;
  let spaces = 0;
  for (let i = start; i < end; i++) {
    const byte = scan.at(i);
    if (isDigit(byte)) digits++;
    else if (byte === 0x20) spaces++;
    else if (byte >= 0x61) small++;
  }
  if (scan.region === 'DE' && !isParted(scan, start)) return false;
  // `am 19 ani` is a sentence.
  const isSentence = small > 0 && spaces > 0 && !PLAIN_REGIONS.has(scan.region);
  if (start === scan.start && end === scan.end && !isSentence && (small === 0 || digits > 1)) return true;
  if (small > 0 || digits < 2) return false;
  return scan.region !== 'GB' || /^[A-Z]{2}\d{2}/.test(text);
}

/** Whose plates no sentence has the form of. */
const PLAIN_REGIONS = new Set(['GB', 'TR', 'IN']);

/** German plates have a gap after the district: `HH-AB 123`, `HH AB 123`; a train is `ICE 587`. */
function isParted(scan: Scan, start: number): boolean {
  let i = start;
  while (isAlnum(scan.at(i)) && !isDigit(scan.at(i))) i++;
  return i > start && isSeparator(scan.at(i)) && isAlnum(scan.at(i + 1)) && !isDigit(scan.at(i + 1));
}

/** `is X-123-BC`: a word of the sentence is no part of the plate. */
function isMixedCase(scan: Scan, start: number, end: number): boolean {
  let small = false;
  let capital = false;
  for (let i = start; i < end; i++) {
    const byte = scan.at(i);
    if (byte >= 0x61 && byte <= 0x7a) small = true;
    else if (byte >= 0x41 && byte <= 0x5a) capital = true;
  }
  return small && capital;
}

/** Start of up to two short groups of letters or digits before the run. */
function firstGroup(scan: Scan): number {
  let start = scan.runStart;
  for (let group = 0; group < 2; group++) {
    if (!isSeparator(scan.at(start - 1)) || !isAlnum(scan.at(start - 2))) break;
    let i = start - 1;
    while (isAlnum(scan.at(i - 1)) && start - i < 5) i--;
    if (isAlnum(scan.at(i - 1)) || scan.at(i - 1) >= 0x80) break;
    start = i;
  }
  return start;
}

function nextGroup(scan: Scan, start: number): number {
  let i = start;
  while (isAlnum(scan.at(i))) i++;
  return isSeparator(scan.at(i)) ? i + 1 : -1;
}

function isSeparator(byte: number): boolean {
  return byte === 0x20 || byte === 0x2d;
}
