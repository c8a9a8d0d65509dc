import { isAlnum, isDigit, upperByte } from '../byte-class.ts';
import { fitsKind, ibanStructures } from '../checks/iban-structures.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import { SIDE_SPACE } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM } from '../vocabulary.ts';

const IBAN = knownType('iban');
/** ISO 13616-1: country, check digits, and at most 30 characters of account number. */
const LONGEST = 34;
const compact = new Uint8Array(LONGEST);

/** IBANs compact or in groups: the country's length and structure, then modulo 97 (ISO 7064). */
export const iban: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 2,
  maxLength: LONGEST,
  mayStand({ isDigits, before }) {
    return !isDigits || before === SIDE_SPACE;
  },
  match(scan) {
    const at = isDigit(scan.at(scan.runStart)) ? countryBefore(scan) : scan.runStart;
    if (at < 0) return;
    const structure = structureAt(scan, at);
    if (structure === null || !isDigit(scan.at(at + 2)) || !isDigit(scan.at(at + 3)) || scan.at(at - 1) === 0x5f)
      return;
    const end = readCompact(scan, at, structure.length + 4);
    if (end < 0 || isAlnum(scan.at(end)) || !fits(structure) || !modulo97Holds(structure.length + 4)) return;
    scan.found.begin();
    scan.found.putRange(compact, 0, structure.length + 4);
    scan.found.report(IBAN, TIER_CHECKSUM, at, end);
  },
};

/** Start of two capitals and a space before the check digits, or -1. */
function countryBefore(scan: Scan): number {
  const at = scan.runStart - 3;
  if (scan.at(at + 2) !== 0x20 || !isCapital(scan.at(at)) || !isCapital(scan.at(at + 1))) return -1;
  return isAlnum(scan.at(at - 1)) ? -1 : at;
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function structureAt(scan: Scan, at: number): Uint8Array | null {
  const first = upperByte(scan.at(at)) - 0x41;
  const second = upperByte(scan.at(at + 1)) - 0x41;
  if (first < 0 || first > 25 || second < 0 || second > 25) return null;
  return ibanStructures[first * 26 + second] ?? null;
}

/** Copies `length` characters in capitals, stepping over single separators. Returns the end, or -1; also where the case changes. */
function readCompact(scan: Scan, at: number, length: number): number {
  let i = at;
  let capitals = 0;
  let small = 0;
  for (let k = 0; k < length; k++) {
    let byte = scan.at(i);
    if (!isAlnum(byte) && k > 1) {
      i += separatorLength(scan, i);
      byte = scan.at(i);
    }
    if (!isAlnum(byte) || ((k === 2 || k === 3) && !isDigit(byte))) return -1;
    if (byte >= 0x61) small++;
    else if (byte >= 0x41) capitals++;
    compact[k] = upperByte(byte);
    i++;
  }
  return capitals > 0 && small > 0 ? -1 : i;
}

function separatorLength(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === 0x20 || byte === 0x2d || byte === 0x2e) return 1;
  return byte === 0xc2 && scan.at(at + 1) === 0xa0 ? 2 : 0;
}

function fits(structure: Uint8Array): boolean {
  for (let k = 0; k < structure.length; k++) {
    if (!fitsKind(compact[k + 4] as number, structure[k] as number)) return false;
  }
  return true;
}

/** The first four characters count last; a letter counts as two digits, A being 10. */
function modulo97Holds(length: number): boolean {
  let rest = 0;
  for (let k = 0; k < length; k++) {
    const byte = compact[(k + 4) % length] as number;
    rest = byte <= 0x39 ? (rest * 10 + byte - 0x30) % 97 : (rest * 100 + byte - 0x37) % 97;
  }
  return rest === 1;
}
