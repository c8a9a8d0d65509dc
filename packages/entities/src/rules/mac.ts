import { byteClass, HEX, isAlnum, lowerByte } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule, type SignRule } from '../rule.ts';
import { SIDE_DOT, SIDE_HYPHEN } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE, type TierId } from '../vocabulary.ts';

const MAC = knownType('mac');
const COLON = 0x3a;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const CUES = ['mac', 'bssid', 'wlan', 'bluetooth', 'hwaddr', 'ethernet'];
const digits = new Uint8Array(12);

/** Hardware addresses in pairs with colons. */
export const macColons: SignRule = {
  sign: COLON,
  match(scan, at) {
    return isHex(scan, at - 1) && isHex(scan, at - 2) ? report(scan, at - 2, { sign: COLON, size: 2 }) : at;
  },
};

/** Hardware addresses in pairs with hyphens, and in fours with full stops, from a group with a digit. */
export const macGroups: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 2,
  maxLength: 4,
  mayStand({ length, before, after }) {
    const sign = length === 2 ? SIDE_HYPHEN : SIDE_DOT;
    return length !== 3 && (before === sign || after === sign);
  },
  match(scan) {
    const size = scan.runEnd - scan.runStart;
    const sign = size === 2 ? HYPHEN : DOT;
    if (size === 3 || (scan.at(scan.runEnd) !== sign && scan.at(scan.runStart - 1) !== sign)) return;
    let start = scan.runStart;
    for (let k = 0; k < 12 / size && scan.at(start - 1) === sign && isHexGroup(scan, start - 1 - size, size); k++) {
      start -= size + 1;
    }
    report(scan, start, { sign, size });
  },
};

/** Twelve hex digits without signs, after a word that names them. */
export const macBare: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 12,
  maxLength: 12,
  match(scan) {
    const { runStart, runEnd } = scan;
    for (let i = runStart; i < runEnd; i++) if (!isHex(scan, i)) return;
    if (!scan.cueBefore(runStart, CUES) || isAlnum(scan.at(runStart - 1)) || scan.at(runEnd) === 0x5f) return;
    for (let k = 0; k < 12; k++) digits[k] = lowerByte(scan.at(runStart + k));
    if (!isFiller()) keep(scan, { start: runStart, end: runEnd, tier: TIER_CONTEXT });
  },
};

/** The same in fours with full stops, where the first four has no digit. */
export const macDots: SignRule = {
  sign: DOT,
  match(scan, at) {
    if (scan.at(at + 5) !== DOT || !isHexGroup(scan, at - 4, 4) || !isHexGroup(scan, at + 1, 4)) return at;
    const end = report(scan, at - 4, { sign: DOT, size: 4 });
    return end > at ? end : at;
  },
};

function isHex(scan: Scan, at: number): boolean {
  const byte = scan.at(at);
  return byte >= 0 && ((byteClass[byte] as number) & HEX) !== 0;
}

function isHexGroup(scan: Scan, at: number, size: number): boolean {
  for (let k = 0; k < size; k++) if (!isHex(scan, at + k)) return false;
  return true;
}

/** Returns the end of the address that begins at `start`, or `start` where there is none. */
function report(scan: Scan, start: number, { sign, size }: { sign: number; size: number }): number {
  const before = scan.at(start - 1);
  if (isAlnum(before) || (before === sign && !isAfterWord(scan, start)) || before === 0x5f) return start;
  let i = start;
  for (let k = 0; k < 12; k++) {
    if (k > 0 && k % size === 0 && scan.at(i++) !== sign) return start;
    if (!isHex(scan, i)) return start;
    digits[k] = lowerByte(scan.at(i++));
  }
  const after = scan.at(i);
  if (isAlnum(after) || after === 0x5f || (after === sign && isAlnum(scan.at(i + 1))) || isFiller()) return start;
  keep(scan, { start, end: i, tier: TIER_SHAPE });
  return i;
}

/** `mac:00:1A:…`: what stands before the sign is longer than a pair. */
function isAfterWord(scan: Scan, start: number): boolean {
  return (
    scan.at(start - 1) === COLON &&
    isAlnum(scan.at(start - 2)) &&
    isAlnum(scan.at(start - 3)) &&
    isAlnum(scan.at(start - 4))
  );
}

function keep(scan: Scan, { start, end, tier }: { start: number; end: number; tier: TierId }): void {
  scan.found.begin();
  for (let k = 0; k < 12; k++) {
    if (k > 0 && k % 2 === 0) scan.found.put(COLON);
    scan.found.put(digits[k] as number);
  }
  scan.found.report(MAC, tier, start, end);
}

/** All zeros and the broadcast address are nobody's. */
function isFiller(): boolean {
  for (let k = 1; k < 12; k++) if (digits[k] !== digits[0]) return false;
  return digits[0] === 0x30 || digits[0] === 0x66;
}
