import { byteClass, DIGIT, isAlnum, isDigit, LETTER } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { amountLexicon } from './amount-lexicon.ts';
import { LongestName } from './longest-name.ts';
import { wordStart } from './words-beside-numbers.ts';

const SPACE = 0x20;
const DOLLAR = 0x24;
const UNDERSCORE = 0x5f;
const COLON = 0x3a;
/** Most letters before a dollar sign. */
const PREFIX = 5;

const NOTHING = 0;
/** May mean something beside a number: all of it is read. */
const SIGN = 1;
const GAP = 2;
/** Full stop, comma, slash: something only with a dash, a digit or a character beyond ASCII after it. */
const POINT = 3;

const name = new LongestName();
const beside: Uint8Array = kinds();

function kinds(): Uint8Array {
  const table = new Uint8Array(256);
  table.fill(SIGN, 0x80);
  for (const sign of "$'-~\\") table[sign.charCodeAt(0)] = SIGN;
  for (const point of '.,/') table[point.charCodeAt(0)] = POINT;
  for (let byte = 0; byte < 0x80; byte++) if (((byteClass[byte] as number) & LETTER) !== 0) table[byte] = SIGN;
  table[SPACE] = GAP;
  return table;
}

/**
 * Whether the digits `[from, to)` have nothing beside them that could make them money, a mass, a count, a range or a
 * longer number: most have not, and need not be read. False where that is not plain at once.
 */
export function standsAlone(scan: Scan, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (((byteClass[scan.bytes[i] as number] as number) & DIGIT) === 0) return false;
  return endsAlone(scan, to) && beginsAlone(scan, from);
}

function endsAlone(scan: Scan, to: number): boolean {
  if (to >= scan.end) return true;
  const kind = beside[scan.bytes[to] as number];
  if (scan.bytes[to] === COLON) return scan.at(to + 1) !== 0x2d;
  if (kind === NOTHING) return true;
  if (kind === SIGN) return false;
  const next = scan.at(to + 1);
  if (kind === POINT) return !isDigit(next) && next !== 0x2d && next < 0x80;
  if (next < 0) return true;
  if (isDigit(next)) return !(scan.isDigitAt(to + 2) && scan.isDigitAt(to + 3));
  if (((byteClass[next] as number) & LETTER) !== 0) return isPlainWord(scan, to + 1);
  return next < 0x80 && next !== DOLLAR && next !== 0x2d && next !== 0x7e;
}

/** No name, no letters of a dollar and not `M` of millions. */
function isPlainWord(scan: Scan, at: number): boolean {
  if (scan.bytes[at] === 0x4d || name.find(scan, at)) return false;
  let end = at;
  while (end < at + PREFIX && ((byteClass[scan.at(end)] ?? 0) & LETTER) !== 0) end++;
  const sign = scan.at(end) === SPACE ? scan.at(end + 1) : scan.at(end);
  return sign !== DOLLAR;
}

function beginsAlone(scan: Scan, from: number): boolean {
  const last = scan.at(from - 1);
  if (last < 0) return true;
  if (last !== SPACE) return beside[last] === NOTHING || last === 0x2d || last === 0x2c || last === 0x2f;
  const before = scan.at(from - 2);
  if (before < 0) return true;
  if (((byteClass[before] as number) & LETTER) === 0)
    return beside[before] === NOTHING || before === 0x2c || (before === SPACE && scan.at(from - 3) < 0x80);
  const start = wordStart(scan, from - 1);
  const edge = scan.at(start - 1);
  if (edge === DOLLAR) return false;
  if (isAlnum(edge) || edge === UNDERSCORE) return true;
  return amountLexicon().find(scan.bytes, start, from - 1) === null;
}
