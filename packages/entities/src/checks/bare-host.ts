import { isAlnum, isDigit, lowerByte } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { hostEnd } from './host.ts';
import { topLevelTrust } from './top-level-labels.ts';

const LONGEST_HOST = 253;
const DOT = 0x2e;
/** `#openoffice.org`: a channel or a tag. */
const HASH = 0x23;

export interface BareHost {
  readonly start: number;
  readonly end: number;
  /** Whether it is a host and not a file name or two sentences without a space. */
  readonly believed: boolean;
}

/** The host name around the dot at `at`, or null where its surroundings say that it is something else. */
export function bareHostEnd(scan: Scan, at: number): BareHost | null {
  const start = hostStart(scan, at);
  if (start === at) return null;
  const end = hostEnd(scan, start);
  if (end <= at) return null;
  const before = scan.at(start - 1);
  const inside =
    before === 0x40 ||
    before === HASH ||
    before === 0x2f ||
    before === 0x5f ||
    before === 0x5c ||
    before === DOT ||
    isLatin(scan, start);
  const after = scan.at(end);
  const joined = after === 0x40 || after === 0x5f || after === 0x28 || (after === DOT && isAlnum(scan.at(end + 1)));
  return { start, end, believed: !inside && !joined && isBelieved(scan, start, end) };
}

/** End of the letters, digits, hyphens and dots from `at`: no other dot among them leads to another host. */
export function hostRunEnd(scan: Scan, at: number): number {
  const limit = Math.min(scan.end, at + LONGEST_HOST);
  let i = at;
  while (i < limit && isHostByte(scan.bytes[i] as number)) i++;
  return i;
}

function isHostByte(byte: number): boolean {
  return isAlnum(byte) || byte === 0x2d || byte === DOT;
}

function hostStart(scan: Scan, at: number): number {
  const floor = Math.max(scan.start, at - LONGEST_HOST);
  let i = at;
  while (i > floor) {
    if (!isHostByte(scan.bytes[i - 1] as number)) break;
    i--;
  }
  while (i < at && !isAlnum(scan.bytes[i] as number)) i++;
  return i;
}

/** A letter of a script with spaces before `at` means that a word goes on; Chinese and Japanese need no space. */
function isLatin(scan: Scan, at: number): boolean {
  if (scan.at(at - 1) < 0x80) return false;
  return !(scan.at(at - 3) >= 0xe2 && scan.at(at - 3) <= 0xef);
}

function isBelieved(scan: Scan, start: number, end: number): boolean {
  if (isWww(scan, start)) return dots(scan, start, end) >= 2;
  let last = end;
  while (scan.at(last - 1) !== DOT) last--;
  if (!hasLetter(scan, start, last) && scan.at(end) !== 0x2f && end - last < 3 && last - start < 3) return false;
  if (isFramework(scan, start, last)) return false;
  const trust = topLevelTrust(scan.bytes, last, end);
  if (trust === 2) return true;
  return (
    trust === 1 && ((scan.at(end) === 0x2f && isAlnum(scan.at(end + 1))) || isNumbered(scan, { start, last, end }))
  );
}

/** `s7.am`: a letter and a digit in the name, and a label that is a word but ends no file's name. */
const WORDS = ['al', 'am', 'as', 'at', 'is', 'it', 'la', 'me', 'my', 'to'];

function isNumbered(scan: Scan, { start, last, end }: { start: number; last: number; end: number }): boolean {
  if (end - last !== 2 || !hasLetter(scan, start, start + 1) || !isDigit(scan.at(last - 2))) return false;
  const label = String.fromCharCode(lowerByte(scan.at(last)), lowerByte(scan.at(last + 1)));
  return WORDS.includes(label) && dots(scan, start, end) === 1;
}

/** `vb.NET`, `ASP.NET`: no address is written with its last label alone in capitals, and these are products. */
function isFramework(scan: Scan, start: number, last: number): boolean {
  for (let k = 0; k < NET.length; k++) if (scan.at(last + k) !== NET.charCodeAt(k)) return false;
  const name = String.fromCharCode(...scan.bytes.subarray(start, Math.min(last - 1, start + 4))).toLowerCase();
  return PRODUCTS.has(name) && dots(scan, start, last) === 1;
}

const NET = 'NET';
const PRODUCTS = new Set(['vb', 'asp', 'ado', 'ml', 'c']);

function isWww(scan: Scan, at: number): boolean {
  for (let k = 0; k < 3; k++) if (lowerByte(scan.at(at + k)) !== 0x77) return false;
  return scan.at(at + 3) === DOT;
}

function dots(scan: Scan, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (scan.bytes[i] === DOT) count++;
  return count;
}

function hasLetter(scan: Scan, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = scan.bytes[i] as number;
    if (isAlnum(byte) && !isDigit(byte)) return true;
  }
  return false;
}
