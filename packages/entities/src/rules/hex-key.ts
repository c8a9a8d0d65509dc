import { byteClass, HEX, isAlnum, lowerByte, upperByte } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
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
  match(scan) {
    if (scan.at(scan.runEnd) !== 0x20 || !isHexRun(scan, scan.runStart, GROUP)) return;
    let start = scan.runStart;
    for (let k = 0; k < GROUPS - 1 && scan.at(start - 1) === 0x20; k++) {
      const previous = start - (scan.at(start - 2) === 0x20 ? 2 : 1) - GROUP;
      if (!isHexRun(scan, previous, GROUP) || isAlnum(scan.at(previous - 1))) break;
      start = previous;
    }
    const end = readGroups(scan, start);
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

/** Copies ten groups from `start` in capitals. Returns their end, or -1. */
function readGroups(scan: Scan, start: number): number {
  let i = start;
  for (let group = 0; group < GROUPS; group++) {
    if (group > 0) {
      if (scan.at(i) !== 0x20) return -1;
      i += scan.at(i + 1) === 0x20 ? 2 : 1;
    }
    if (!isHexRun(scan, i, GROUP)) return -1;
    for (let k = 0; k < GROUP; k++) compact[group * GROUP + k] = upperByte(scan.bytes[i++] as number);
  }
  return isAlnum(scan.at(i)) ? -1 : i;
}
