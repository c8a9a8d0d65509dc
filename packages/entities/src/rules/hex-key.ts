import { byteClass, HEX, isAlnum, lowerByte, upperByte } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import { SIDE_SPACE } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const PGP = knownType('pgp');
const SESSION = knownType('session');
const FINGERPRINT = 40;
const CUES = ['fingerprint', 'pgp', 'gpg', 'openpgp', 'fpr', 'key', 'keyid'];
const SESSION_LENGTH = 66;
const GROUP = 4;
const GROUPS = 10;
const compact = new Uint8Array(FINGERPRINT);

/** OpenPGP fingerprints (RFC 9580 5.5.4, version 4) of 40 hex digits, only after a word that says so. */
export const pgpCompact: RunRule = {
  shapes: MIXED,
  minLength: FINGERPRINT,
  maxLength: FINGERPRINT,
  match(scan) {
    if (!isHexRun(scan, scan.runStart, FINGERPRINT) || !scan.cueBefore(scan.runStart, CUES)) return;
    scan.found.begin();
    for (let i = scan.runStart; i < scan.runEnd; i++) scan.found.put(upperByte(scan.bytes[i] as number));
    scan.found.report(PGP, TIER_CONTEXT, scan.runStart, scan.runEnd);
  },
};

/** The same in ten groups of four, as programs print it, with one or two spaces. */
export const pgpGroups: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: GROUP,
  maxLength: GROUP,
  mayStand({ after }) {
    return after === SIDE_SPACE;
  },
  match(scan) {
    if (scan.runStart < scan.noKeyBefore) return;
    if (scan.at(scan.runEnd) !== 0x20 || !isHexRun(scan, scan.runStart, GROUP)) return;
    const start = firstGroup(scan);
    const end = readGroups(scan, start);
    // A chain that breaks off holds none, wherever in it one begins.
    if (end < 0) scan.noKeyBefore = -end - 1;
    if (end < 0) return;
    scan.found.begin();
    scan.found.putRange(compact, 0, FINGERPRINT);
    scan.found.report(PGP, TIER_SHAPE, start, end);
  },
};

/** Session account ids: the prefix 05 and an X25519 key. */
export const session: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: SESSION_LENGTH,
  maxLength: SESSION_LENGTH,
  match(scan) {
    const at = scan.runStart;
    if (scan.at(at) !== 0x30 || scan.at(at + 1) !== 0x35 || !isHexRun(scan, at, SESSION_LENGTH)) return;
    scan.found.begin();
    for (let i = at; i < scan.runEnd; i++) scan.found.put(lowerByte(scan.bytes[i] as number));
    scan.found.report(SESSION, TIER_SHAPE, at, scan.runEnd);
  },
};

function isHexRun(scan: Scan, at: number, length: number): boolean {
  for (let k = 0; k < length; k++) {
    const byte = scan.at(at + k);
    if (byte < 0 || ((byteClass[byte] as number) & HEX) === 0) return false;
  }
  return true;
}

/** Start of the groups of four that lead to the run, nine before it at most. */
function firstGroup(scan: Scan): number {
  let start = scan.runStart;
  for (let k = 0; k < GROUPS - 1; k++) {
    const previous = groupBefore(scan, start);
    if (previous < 0) break;
    start = previous;
  }
  return start;
}

/** Start of the group of four before the one at `start`, or -1. */
function groupBefore(scan: Scan, start: number): number {
  if (scan.at(start - 1) !== 0x20) return -1;
  const previous = start - (scan.at(start - 2) === 0x20 ? 2 : 1) - GROUP;
  return isHexRun(scan, previous, GROUP) && !isAlnum(scan.at(previous - 1)) ? previous : -1;
}

/** Copies ten groups from `start` in capitals. Returns their end, or where they break off as a number below zero. */
function readGroups(scan: Scan, start: number): number {
  let i = start;
  for (let group = 0; group < GROUPS; group++) {
    if (group > 0) {
      if (scan.at(i) !== 0x20) return -i - 1;
      i += scan.at(i + 1) === 0x20 ? 2 : 1;
    }
    if (!isHexRun(scan, i, GROUP)) return -i - 1;
    for (let k = 0; k < GROUP; k++) compact[group * GROUP + k] = upperByte(scan.bytes[i++] as number);
  }
  if (isAlnum(scan.at(i))) return -i - 1;
  return isLongerList(scan, start, i) ? -listEnd(scan, i) - 1 : i;
}

/** End of the groups of four that go on at `end`. */
function listEnd(scan: Scan, end: number): number {
  let i = end;
  while (nextGroup(scan, i) >= 0) i = nextGroup(scan, i) + GROUP;
  return i;
}

/** Start of the group of four behind the one that ends at `end`, or -1. */
function nextGroup(scan: Scan, end: number): number {
  if (scan.at(end) !== 0x20) return -1;
  const next = end + (scan.at(end + 1) === 0x20 ? 2 : 1);
  return isHexRun(scan, next, GROUP) && !isAlnum(scan.at(next + GROUP)) ? next : -1;
}

/** A list of more groups, of which those beside have digits too, is a dump of bytes: no key has eleven. */
function isLongerList(scan: Scan, start: number, end: number): boolean {
  const previous = groupBefore(scan, start);
  if (previous >= 0 && hasDigit(scan, previous)) return true;
  const next = nextGroup(scan, end);
  return next >= 0 && hasDigit(scan, next);
}

function hasDigit(scan: Scan, at: number): boolean {
  for (let k = 0; k < GROUP; k++) if (scan.isDigitAt(at + k)) return true;
  return false;
}
