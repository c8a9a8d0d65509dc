import { isAlnum, isDigit } from '../byte-class.ts';
import { CUE_PLATE } from '../cues.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import { SIDE_HIGH, SIDE_SPACE } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const PLATE = knownType('plate');
/** GOST R 50577-2018: the twelve letters that Latin has too, in UTF-8, and their capitals in Latin. */
const LETTERS: ReadonlyMap<number, string> = new Map(
  Array.from('АВЕКМНОРСТУХ', (letter, k) => [letter, 'ABEKMHOPCTYX'.charAt(k)] as const).flatMap(([letter, latin]) => [
    [keyOf(letter), latin] as const,
    [keyOf(letter.toLowerCase()), latin] as const,
  ]),
);
const CAPITALS: ReadonlyMap<string, string> = new Map(
  Array.from('АВЕКМНОРСТУХ', (one, k) => ['ABEKMHOPCTYX'.charAt(k), one]),
);
const SERIAL = 3;
/** A letter, three digits and a letter. */
const HALF = 5;
/** Second byte in UTF-8 of the first small letter. */
const FIRST_SMALL = 0xb0;

function keyOf(letter: string): number {
  const [lead = 0, next = 0] = new TextEncoder().encode(letter);
  return (lead << 8) | next;
}

/** Russian plates in Cyrillic: `А123ВС77`, spaces between the parts allowed; in Latin letters as the alternative. */
export const russianPlate: RunRule = {
  shapes: DIGITS,
  minLength: SERIAL,
  maxLength: SERIAL,
  mayStand({ before }) {
    return before === SIDE_HIGH || before === SIDE_SPACE;
  },
  match(scan) {
    const first = letterEndingAt(scan, scan.at(scan.runStart - 1) === 0x20 ? scan.runStart - 1 : scan.runStart);
    if (first === '') return;
    let at = scan.runEnd + spaceAt(scan, scan.runEnd);
    const second = letterAt(scan, at);
    const third = second === '' ? '' : letterAt(scan, at + 2);
    if (third === '') return;
    at += 4;
    at += spaceAt(scan, at);
    let end = at;
    while (isDigit(scan.at(end)) && end - at < SERIAL + 1) end++;
    if (end - at < 2 || end - at > SERIAL) return;
    const serial = digits(scan, scan.runStart, scan.runEnd);
    const region = digits(scan, at, end);
    const start = scan.runStart - 2 - (scan.at(scan.runStart - 1) === 0x20 ? 1 : 0);
    const latin = `${first}${serial}${second}${third}${region}`;
    // `в 123 он 45` is a sentence.
    if (end - start > latin.length + SERIAL && isSmall(scan, start)) return;
    reportPlate(scan, { latin, start, end });
  },
};

/** `А123ВС 77` in which only the letters beside digits were folded: `A123B`, then `С` as it was. */
export const halfFoldedPlate: RunRule = {
  shapes: MIXED,
  minLength: HALF,
  maxLength: HALF,
  mayStand({ after }) {
    return after === SIDE_HIGH;
  },
  match(scan) {
    const start = scan.runStart;
    const [first, second] = [latinAt(scan, start), latinAt(scan, scan.runEnd - 1)];
    const third = letterAt(scan, scan.runEnd);
    if (first === '' || second === '' || third === '' || isLetterByte(scan.at(start - 1))) return;
    for (let k = 1; k <= SERIAL; k++) if (!isDigit(scan.at(start + k))) return;
    const at = scan.runEnd + 2 + spaceAt(scan, scan.runEnd + 2);
    let end = at;
    while (isDigit(scan.at(end)) && end - at < SERIAL + 1) end++;
    if (end - at < 2 || end - at > SERIAL || isLetterByte(scan.at(end))) return;
    reportPlate(scan, {
      latin: `${first}${digits(scan, start + 1, start + 1 + SERIAL)}${second}${third}${digits(scan, at, end)}`,
      start,
      end,
    });
  },
};

function latinAt(scan: Scan, at: number): string {
  const letter = String.fromCharCode(scan.at(at));
  return CAPITALS.has(letter) ? letter : '';
}

function isLetterByte(byte: number): boolean {
  return isAlnum(byte) || byte >= 0x80;
}

function reportPlate(scan: Scan, { latin, start, end }: { latin: string; start: number; end: number }): void {
  putCyrillic(scan, latin);
  const isNamed = (scan.cues(start) & CUE_PLATE) !== 0;
  scan.found.report(PLATE, isNamed ? TIER_CONTEXT : TIER_SHAPE, start, end);
  scan.found.begin();
  scan.found.putAscii(latin);
  scan.found.alternative(PLATE, TIER_SHAPE);
}

const encoder = new TextEncoder();

/** Puts the plate with its letters in Cyrillic. */
export function putCyrillic(scan: Scan, latin: string): void {
  scan.found.begin();
  const text = Array.from(latin, (one) => CAPITALS.get(one) ?? one).join('');
  for (const byte of encoder.encode(text)) scan.found.put(byte);
}

/** The Latin twin of the Cyrillic letter at `at`, or empty. */
function letterAt(scan: Scan, at: number): string {
  const lead = scan.at(at);
  return lead === 0xd0 || lead === 0xd1 ? (LETTERS.get((lead << 8) | scan.at(at + 1)) ?? '') : '';
}

function isSmall(scan: Scan, at: number): boolean {
  return scan.at(at) === 0xd1 || scan.at(at + 1) >= FIRST_SMALL;
}

/** The same of the letter that ends at `end` and is no part of a word. */
function letterEndingAt(scan: Scan, end: number): string {
  const before = scan.at(end - 3);
  return before >= 0x80 || (before | 32) >= 0x61 ? '' : letterAt(scan, end - 2);
}

function spaceAt(scan: Scan, at: number): number {
  return scan.at(at) === 0x20 ? 1 : 0;
}

function digits(scan: Scan, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(scan.at(i));
  return text;
}
