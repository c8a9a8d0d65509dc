import { isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';

/** Letters that stand for a digit they look like. */
const LEET = { O: 0, o: 0, Q: 0, l: 1, I: 1, i: 1, Z: 2, z: 2, E: 3, A: 4, S: 5, s: 5, G: 6, T: 7, B: 8 };
/** Read as a digit at the beginning of a run too; another letter there is a prefix: `S12345678`. */
const FIRST = 'OolI';
const FEWEST = 8;
const MOST = 16;
/** Of this many characters one at most is a letter; of noughts written `o` there may be more. */
const SHARE = 3;
const SHARE_OF_ZEROS = 2;

/** The digit, as a character, that a letter looks like, by the letter; 0 for others. */
export const leetDigits: Uint8Array = new Uint8Array(256);
for (const [letter, digit] of Object.entries(LEET)) leetDigits[letter.charCodeAt(0)] = 0x30 + digit;

/**
 * Whether a run is a long number with a few letters in place of digits, or a round sum written 5OOO. Hex has letters
 * that look like none, and most codes begin or end with theirs.
 */
export function isLeet(scan: Scan, from: number, to: number): boolean {
  const length = to - from;
  if (length > MOST || length < 2) return false;
  let letters = 0;
  let zeros = 0;
  for (let i = from; i < to; i++) {
    const byte = scan.bytes[i] as number;
    if (isDigit(byte)) continue;
    if (leetDigits[byte] === 0) return false;
    letters++;
    if ((byte | 32) === 0x6f) zeros++;
  }
  if (length < FEWEST)
    return zeros === letters && ((zeros >= 2 && isRound(scan, from, to)) || isGrouped((i) => scan.at(i), from, to));
  if (letters * SHARE > length || !isDigit(scan.bytes[to - 1] as number))
    return zeros === letters && letters * SHARE_OF_ZEROS <= length;
  return isDigit(scan.bytes[from] as number) || FIRST.includes(String.fromCharCode(scan.bytes[from] as number));
}

/** As many characters in groups are a telephone number. */
const FEWEST_GROUPED = 9;
const MOST_GROUPED = 15;

/** `o7700 9oo123`, `O6 12 34 56 78`: digits and noughts written `o` in groups of two or more, as long as a telephone number. */
export function isGrouped(at: (i: number) => number, from: number, to: number): boolean {
  let start = from;
  let end = to;
  while (to - start < MOST_GROUPED * 2 && joins(at(start - 1), at(start - 2)) && isNought(at(start - 3))) {
    start -= 3;
    while (isNought(at(start - 1))) start--;
  }
  while (end - from < MOST_GROUPED * 2 && joins(at(end), at(end + 1)) && isNought(at(end + 2))) {
    end += 3;
    while (isNought(at(end))) end++;
  }
  let size = 0;
  let digits = 0;
  for (let i = start; i < end; i++) {
    if (isNought(at(i))) size++;
    if (isDigit(at(i))) digits++;
  }
  return size >= FEWEST_GROUPED && size <= MOST_GROUPED && digits * SHARE_OF_ZEROS >= size;
}

/** A sign between groups, and a group behind it. */
function joins(sign: number, next: number): boolean {
  return (sign === 0x20 || sign === 0x2d || sign === 0x2e) && isNought(next);
}

function isNought(byte: number): boolean {
  return isDigit(byte) || (byte | 32) === 0x6f;
}

/** A digit from 1, then nothing but the letter and noughts. */
function isRound(scan: Scan, from: number, to: number): boolean {
  const first = scan.bytes[from] as number;
  if (first < 0x31 || first > 0x39) return false;
  for (let i = from + 2; i < to; i++)
    if (scan.bytes[i] !== 0x30 && ((scan.bytes[i] as number) | 32) !== 0x6f) return false;
  return true;
}

/** The same of letters and digits `run[from..to)`, at least one of which is a digit in what is leet. */
export function isLeetRun(run: ArrayLike<number>, from: number, to: number): boolean {
  const length = to - from;
  if (length > MOST || length < 3) return false;
  let letters = 0;
  let zeros = 0;
  let roundTail = true;
  for (let i = from; i < to; i++) {
    const byte = run[i] as number;
    const isZero = (byte | 32) === 0x6f;
    if (i > from + 1 && byte !== 0x30 && !isZero) roundTail = false;
    if (isDigit(byte)) continue;
    if (leetDigits[byte] === 0) return false;
    letters++;
    if (isZero) zeros++;
  }
  if (letters === 0 || letters === length) return false;
  const first = run[from] as number;
  if (length < FEWEST) return zeros === letters && zeros >= 2 && roundTail && first >= 0x31 && first <= 0x39;
  if (letters * (zeros === letters ? SHARE_OF_ZEROS : SHARE) > length) return false;
  const ends = zeros === letters || isDigit(run[to - 1] as number);
  return ends && (isDigit(first) || FIRST.includes(String.fromCharCode(first)));
}
