import { isAlnum, lowerByte } from '../byte-class.ts';
import type { Scan } from '../scan.ts';

/** Words people write for a dot in addresses, to hide them from machines. */
export const dotWords: readonly string[] = ['dot', 'punt', 'punkt', 'punto', 'ponto', 'arroba'];
/** Longest spelt sign with its brackets. */
const REACH = 10;

/** Whether the bracket at `at` holds a sign or the word for one: `[.]`, `(at)`, `{dot}`. */
export function bracketsSign(scan: Scan, at: number): boolean {
  let i = at + 1;
  if (scan.at(i) === 0x20) i++;
  const first = scan.at(i) | 32;
  const isLetter = first === 0x61 || first === 0x64 || first === 0x70;
  if (!isLetter && scan.at(i) !== 0x2e && scan.at(i) !== 0x40) return false;
  for (let end = i + 1; end < at + REACH; end++) {
    const byte = scan.at(end);
    if (byte === 0x5d || byte === 0x29 || byte === 0x7d)
      return isLetter ? end - i > 1 && isWord(scan, i, end) : end === i + 1;
  }
  return false;
}

/** Whether the word at `at` stands between two parts of an address: `example dot nl`. */
export function isSpeltDot(scan: Scan, at: number): boolean {
  for (const word of dotWords) {
    const end = at + word.length;
    if (!isWord(scan, at, end) || isAlnum(scan.at(end))) continue;
    if (scan.at(end) !== 0x20 || scan.at(at - 1) !== 0x20) return false;
    let letters = 0;
    while (isAlnum(scan.at(end + 1 + letters)) && letters < 8) letters++;
    return word === 'arroba' || (letters >= 2 && letters <= 5);
  }
  return false;
}

function isWord(scan: Scan, at: number, end: number): boolean {
  let from = at;
  let to = end;
  while (from < to && isSpace(scan.at(from) & 0x7f)) from++;
  while (to > from && isSpace(scan.at(to - 1) & 0x7f)) to--;
  for (const word of signWords) if (word.length === to - from && isSame(scan, from, word)) return true;
  return false;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

const signWords: readonly string[] = ['at', ...dotWords, 'point', 'apenstaartje'];

function isSame(scan: Scan, at: number, word: string): boolean {
  for (let k = 0; k < word.length; k++) if (lowerByte(scan.at(at + k) & 0x7f) !== word.charCodeAt(k)) return false;
  return true;
}
