import { isAlnum, lowerByte } from '../byte-class.ts';
import type { Scan } from '../scan.ts';

/** Words people write for a dot in addresses, to hide them from machines. */
const DOTS = ['dot', 'punt', 'punkt', 'punto', 'ponto', 'kropka', 'punct', 'nokta', 'точка'];
/** The names of the at sign that are no preposition: an ape's tail, a snail, a monkey, a trunk, a dog. */
const ATS = [
  'arroba',
  'arobase',
  'apenstaartje',
  'arond',
  'klammeraffe',
  'chiocciola',
  'małpa',
  'malpa',
  'snabel',
  'собака',
];
export const dotWords: readonly string[] = [...DOTS, ...ATS];
const encoder = new TextEncoder();
const spelt = dotWords.map((word) => ({ bytes: encoder.encode(word), isAt: ATS.includes(word) }));
/** By their first byte: a word that is none of them is looked at once. */
const speltFrom = Array.from({ length: 256 }, (_, first) => spelt.filter(({ bytes }) => bytes[0] === first));
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
  if (scan.at(at - 1) !== 0x20) return false;
  for (const { bytes, isAt } of speltFrom[lowerByte(scan.at(at))] ?? []) {
    const end = at + bytes.length;
    if (!isSame(scan, at, bytes) || isAlnum(scan.at(end)) || scan.at(end) >= 0x80) continue;
    if (isAt) return true;
    if (scan.at(end) !== 0x20) return false;
    let letters = 0;
    while (isAlnum(scan.at(end + 1 + letters)) && letters < 8) letters++;
    return letters >= 2 && letters <= 5;
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

const signWords = ['at', ...dotWords, 'point'].map((word) => encoder.encode(word));

function isSame(scan: Scan, at: number, word: Uint8Array): boolean {
  for (let k = 0; k < word.length; k++) {
    const byte = scan.at(at + k);
    if (byte < 0 || lowerByte(byte) !== word[k]) return false;
  }
  return true;
}
