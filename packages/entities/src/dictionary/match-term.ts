import { multiply, putDecimal } from '../amounts/decimal.ts';
import { characterEnd, wordEnd } from '../amounts/longest-name.ts';
import { NumberParser } from '../amounts/number-parser.ts';
import { NumberReading } from '../amounts/number-reading.ts';
import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT } from '../vocabulary.ts';
import type { Term, TermSource } from './term-source.ts';

const CODEWORD = knownType('codeword');
const AMOUNTS = { mass: knownType('mass'), money: knownType('money'), count: knownType('count') };
const MOST_CHARACTERS = 9;
const MOST_WORDS = 5;
const MOST_DIGITS = 16;
const LONGEST_WORD = 40;
const SPACE = 0x20;
const encoder = new TextEncoder();
const number = new NumberReading();
const parser = new NumberParser();
const ends = new Uint32Array(MOST_CHARACTERS);

/** Reports the longest term of the dictionary that begins at `at`. Returns where it ends, or `at` where none does. */
export function matchTerm(scan: Scan, at: number, dictionary: TermSource): number {
  if (isAlnum(scan.at(at - 1)) || scan.at(at - 1) === 0x5f) return at;
  const count = scan.at(at) >= 0xe3 ? characters(scan, at) : words(scan, at, dictionary);
  for (let k = count - 1; k >= 0; k--) {
    const end = ends[k] as number;
    const term = dictionary.find(scan.bytes, at, end);
    if (term === null || term.isPrefix || isAlnum(scan.at(end)) || scan.at(end) === 0x5f) continue;
    report(scan, term, at, end);
    return end;
  }
  return at;
}

/** Ends of the words from `at` that a term may have, into `ends`. */
function words(scan: Scan, at: number, dictionary: TermSource): number {
  let end = textEnd(scan, at);
  if (end === at) return 0;
  const most = Math.min(dictionary.find(scan.bytes, at, end)?.words ?? 0, MOST_WORDS);
  let count = 0;
  while (count < most) {
    ends[count++] = end;
    if (scan.at(end) !== SPACE && scan.at(end) !== 0x2d) break;
    const next = textEnd(scan, end + 1);
    if (next === end + 1) break;
    end = next;
  }
  return count;
}

/** Letters and digits of any script. */
function textEnd(scan: Scan, at: number): number {
  let i = at;
  for (;;) {
    const end = wordEnd(scan, i);
    i = end;
    while (isDigit(scan.at(i)) && i - at < LONGEST_WORD) i++;
    if (i === end) return i;
  }
}

/** Scripts without spaces: ends of the characters from `at`. */
function characters(scan: Scan, at: number): number {
  let i = at;
  let count = 0;
  while (count < MOST_CHARACTERS && scan.at(i) >= 0x80) ends[count++] = i = characterEnd(scan, i);
  return count;
}

function report(scan: Scan, term: Term, start: number, end: number): void {
  const from = term.unit === null ? -1 : numberBefore(scan, start);
  if (term.unit === null || from < 0) {
    scan.found.begin();
    const means = encoder.encode(term.means);
    scan.found.putRange(means, 0, means.length);
    scan.found.report(CODEWORD, TIER_CONTEXT, start, end);
    return;
  }
  const { each, of, type } = term.unit;
  const value = multiply({ digits: number.digits, length: number.length, point: number.point }, each);
  scan.found.begin();
  if (type === 'money') scan.found.putAscii(`${of} `);
  putDecimal(scan.found, value);
  if (type !== 'money') scan.found.putAscii(` ${of}`);
  scan.found.report(AMOUNTS[type], TIER_CONTEXT, from, end);
}

/** Start of a number in digits or in one word before the measure at `at`, into `number`; -1 where there is none. */
function numberBefore(scan: Scan, at: number): number {
  const end = scan.at(at - 1) === SPACE || scan.at(at - 1) === 0x2d ? at - 1 : at;
  let start = end;
  while (end - start < MOST_DIGITS && isNumberByte(scan.at(start - 1))) start--;
  while (start < end && !isDigit(scan.at(start))) start++;
  if (start < end) {
    if (isAlnum(scan.at(start - 1)) || !number.read(scan, start) || number.end !== end) return -1;
    if (number.otherPoint >= 0) number.point = number.otherPoint;
    return start;
  }
  while (end - start < LONGEST_WORD && (scan.at(start - 1) >= 0x80 || isAlnum(scan.at(start - 1)))) start--;
  if (start === end || !parser.parse(scan, start) || parser.end !== end) return -1;
  number.assign({ start, end }, parser.value);
  return start;
}

function isNumberByte(byte: number): boolean {
  return isDigit(byte) || byte === 0x2e || byte === 0x2c;
}
