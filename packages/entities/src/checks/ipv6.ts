import { byteClass, DIGIT, HEX, isAlnum } from '../byte-class.ts';
import type { Candidates } from '../candidates.ts';
import type { Scan } from '../scan.ts';

const COLON = 0x3a;
const DOT = 0x2e;
/** The longest spelling: eight groups with IPv4 at the end. */
const LONGEST = 46;
const groups = new Uint16Array(8);

export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The stretch of hex digits and colons around the colon at `at`, with dotted decimal at its end; null where it has too
 * few colons or stands inside a word.
 */
export function ipv6Span(scan: Scan, at: number): Span | null {
  const next = scan.at(at + 1);
  if (next < 0 || (next !== COLON && ((byteClass[next] as number) & HEX) === 0)) return null;
  const floor = Math.max(scan.start, at - LONGEST);
  let start = at;
  while (start > floor && ((byteClass[scan.bytes[start - 1] as number] as number) & HEX) !== 0) start--;
  if (at - start > 4 || isAlnum(scan.at(start - 1)) || scan.at(start - 1) === DOT) return null;
  if (scan.at(start - 1) === COLON && !isLabelled(scan, start)) return null;
  const limit = Math.min(scan.end, start + LONGEST);
  let end = at;
  let colons = 0;
  for (; end < limit; end++) {
    const byte = scan.bytes[end] as number;
    if (byte === COLON) colons++;
    else if (((byteClass[byte] as number) & HEX) === 0 && !(byte === DOT && scan.isDigitAt(end + 1))) break;
  }
  if (colons < 2) return null;
  // A colon at the end belongs to the sentence, unless it is half of `::`.
  if (scan.at(end - 1) === COLON && scan.at(end - 2) !== COLON) end--;
  return { start, end };
}

/** `ip:2001:db8::1`: a word of letters and its colon, neither of which the address has. */
function isLabelled(scan: Scan, start: number): boolean {
  return scan.wordBefore(start, LABELS);
}

const LABELS = [
  'ip',
  'ipv',
  'ipv6',
  'addr',
  'address',
  'adres',
  'adresse',
  'host',
  'server',
  'from',
  'src',
  'dst',
  'inet',
  'inet6',
];

/** Whether the span is an address; its groups are kept for `writeIpv6`. A bare `::` is not taken for one. */
export function readIpv6(scan: Scan, { start, end }: Span): boolean {
  if (isAlnum(scan.at(end)) || scan.at(end) === COLON || scan.at(end) === 0x5f) return false;
  let count = 0;
  let gap = -1;
  let digits = 0;
  let i = start;
  if (scan.at(i) === COLON && scan.at(i + 1) !== COLON) return false;
  while (i < end) {
    if (scan.at(i) === COLON) {
      if (scan.at(i + 1) === COLON) {
        if (gap >= 0) return false;
        gap = count;
        i += 2;
        continue;
      }
      i++;
    }
    const size = groupLength(scan, i, end);
    if (scan.at(i + size) === DOT) {
      if (count > 6 || !readDotted(scan, i, end, count)) return false;
      count += 2;
      digits++;
      break;
    }
    if (size === 0 || size > 4 || count === 8) return false;
    digits += readGroup(scan, i, size, count++);
    i += size;
  }
  if (digits === 0 || (gap < 0 ? count !== 8 : count > 7)) return false;
  if (gap >= 0) open(gap, count);
  return true;
}

/** Moves the groups after `::` to the end and fills with zeros. */
function open(gap: number, count: number): void {
  const tail = count - gap;
  for (let k = 0; k < tail; k++) groups[7 - k] = groups[count - 1 - k] as number;
  for (let k = gap; k < 8 - tail; k++) groups[k] = 0;
}

function groupLength(scan: Scan, at: number, end: number): number {
  let size = 0;
  while (at + size < end && ((byteClass[scan.bytes[at + size] as number] as number) & HEX) !== 0) size++;
  return size;
}

/** Returns how many decimal digits it has: an address of letters only is a word. */
function readGroup(scan: Scan, at: number, size: number, index: number): number {
  let value = 0;
  let digits = 0;
  for (let k = 0; k < size; k++) {
    const byte = scan.bytes[at + k] as number;
    const isDecimal = ((byteClass[byte] as number) & DIGIT) !== 0;
    if (isDecimal) digits++;
    value = value * 16 + (isDecimal ? byte - 0x30 : (byte | 32) - 0x57);
  }
  groups[index] = value;
  return digits;
}

function readDotted(scan: Scan, at: number, end: number, index: number): boolean {
  let i = at;
  const octets: number[] = [];
  for (let k = 0; k < 4; k++) {
    let value = 0;
    let size = 0;
    for (; scan.isDigitAt(i) && size < 4; i++, size++) value = value * 10 + (scan.bytes[i] as number) - 0x30;
    if (size === 0 || size > 3 || value > 255) return false;
    octets.push(value);
    if (k < 3 && scan.at(i++) !== DOT) return false;
  }
  groups[index] = (octets[0] as number) * 256 + (octets[1] as number);
  groups[index + 1] = (octets[2] as number) * 256 + (octets[3] as number);
  return i === end;
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
export function writeIpv6(found: Candidates): void {
  let from = -1;
  let length = 1;
  for (let k = 0; k < 8; k++) {
    let run = 0;
    while (k + run < 8 && groups[k + run] === 0) run++;
    if (run > length) {
      from = k;
      length = run;
    }
  }
  for (let k = 0; k < 8; k++) {
    if (k === from) {
      found.putAscii('::');
      k += length - 1;
      continue;
    }
    if (k > 0 && k !== from + length) found.put(COLON);
    else if (k > 0 && from < 0) found.put(COLON);
    putHex(found, groups[k] as number);
  }
}

function putHex(found: Candidates, group: number): void {
  let shift = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0;
  for (; shift >= 0; shift -= 4) {
    const digit = (group >> shift) & 15;
    found.put(digit < 10 ? 0x30 + digit : 0x57 + digit);
  }
}
