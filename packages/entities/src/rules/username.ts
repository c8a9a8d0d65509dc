import { isAlnum, lowerByte } from '../byte-class.ts';
import type { SignRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';

const USERNAME = knownType('username');
const MATRIX = knownType('matrix');
const LONGEST_NAME = 64;
const SHORTEST_NAME = 2;
/** Matrix appendices 4.2: the whole id has at most 255 bytes. */
const LONGEST_ID = 255;

/** `@`, `/`, `_`, full stop, hyphen, closing bracket; `*` and `!`, which stand before the host in IRC masks. */
const joined = new Set([0x29, 0x40, 0x2f, 0x5f, 0x2e, 0x2d, 0x2a, 0x21]);
/** After digits they measure something: `@500mhz`, `@6pm`. */
const MEASURES = new Set(
  'am pm h hr hrs min mins k m x gb mb kb tb mhz ghz hz kg g gr mg lb oz km mph kmh fps kbps mbps v w'.split(' '),
);

/** `@name`, and `@name:server` (Matrix appendices 4.2.1). */
export const username: SignRule = {
  sign: 0x40,
  match(scan, at) {
    const before = scan.at(at - 1);
    if (isAlnum(before) || joined.has(before)) return at;
    const matrixEnd = matrixIdEnd(scan, at);
    if (matrixEnd > 0) {
      putLower(scan, at, matrixEnd);
      scan.found.report(MATRIX, TIER_SHAPE, at, matrixEnd);
      return matrixEnd;
    }
    const end = nameEnd(scan, at + 1);
    if (end < 0) return at;
    putLower(scan, at, end);
    scan.found.report(USERNAME, TIER_SHAPE, at, end);
    return end;
  },
};

function putLower(scan: Scan, start: number, end: number): void {
  scan.found.begin();
  for (let i = start; i < end; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
}

function nameEnd(scan: Scan, from: number): number {
  const limit = Math.min(scan.end, from + LONGEST_NAME + 1);
  let i = from;
  let hasLetter = false;
  while (i < limit) {
    const byte = scan.bytes[i] as number;
    if (!isAlnum(byte) && byte !== 0x5f && !(byte === 0x2e && isAlnum(scan.at(i + 1)))) break;
    if (byte > 0x39 && byte !== 0x5f) hasLetter = true;
    i++;
  }
  const length = i - from;
  const fits = hasLetter && length >= SHORTEST_NAME && length <= LONGEST_NAME && scan.at(i) !== 0x40;
  return fits && !isPath(scan, i) && !(scan.isDigitAt(from) && isMeasure(scan, from, i)) ? i : -1;
}

/** `@host:/path` of scp and rsync. */
function isPath(scan: Scan, end: number): boolean {
  return scan.at(end) === 0x3a && (scan.at(end + 1) === 0x2f || scan.at(end + 1) === 0x7e);
}

function isMeasure(scan: Scan, from: number, end: number): boolean {
  let i = from;
  while (scan.isDigitAt(i)) i++;
  let unit = '';
  for (; i < end; i++) unit += String.fromCharCode(lowerByte(scan.at(i)));
  return MEASURES.has(unit);
}

function matrixIdEnd(scan: Scan, at: number): number {
  const limit = Math.min(scan.end, at + LONGEST_ID);
  let i = at + 1;
  while (i < limit && isLocalByte(scan.bytes[i] as number)) i++;
  if (i === at + 1 || i >= limit || scan.bytes[i] !== 0x3a) return -1;
  const server = i + 1;
  i = server;
  let dots = 0;
  while (i < limit && isServerByte(scan, i)) if (scan.bytes[i++] === 0x2e) dots++;
  if (i - server < 2 || (dots === 0 && !namesLocalhost(scan, server, i))) return -1;
  return portEnd(scan, i);
}

function namesLocalhost(scan: Scan, from: number, to: number): boolean {
  return to - from === 9 && lowerByte(scan.bytes[from] as number) === 0x6c;
}

function portEnd(scan: Scan, at: number): number {
  if (scan.at(at) !== 0x3a || !scan.isDigitAt(at + 1)) return at;
  let i = at + 1;
  while (scan.isDigitAt(i) && i < at + 6) i++;
  return i;
}

function isLocalByte(byte: number): boolean {
  return isAlnum(byte) || byte === 0x2e || byte === 0x5f || byte === 0x3d || byte === 0x2d || byte === 0x2b;
}

function isServerByte(scan: Scan, i: number): boolean {
  const byte = scan.bytes[i] as number;
  if (isAlnum(byte)) return true;
  return (byte === 0x2e || byte === 0x2d) && isAlnum(scan.at(i + 1));
}
