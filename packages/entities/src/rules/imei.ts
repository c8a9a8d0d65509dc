import { beginsHere, endsHere } from '../checks/boundaries.ts';
import { DigitGroups } from '../checks/digit-groups.ts';
import { luhnHolds } from '../checks/luhn.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import { SIDE_HYPHEN, SIDE_SLASH, SIDE_SPACE } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CHECKSUM, TIER_CONTEXT, TIER_SHAPE } from '../vocabulary.ts';

const IMEI = knownType('imei');
const IMEISV = knownType('imeisv');
const CUES = ['imei', 'imeis', 'imeisv', 'meid'];
/**
 * First two digits of type allocation codes: the reporting bodies of GSMA TS.06, the running ones and those that
 * issued before. Without a cue word any other beginning is taken for a number that fits by chance (one in ten does).
 */
const REPORTING_BODIES = [1, 33, 35, 44, 45, 49, 50, 51, 52, 53, 54, 86, 91, 98, 99];
/** GSMA TS.06: type allocation codes 001xxxxx are those of test equipment, and of invented phones in fixtures. */
const TEST_RANGE = 1;
const IMSI_CUES = ['imsi'];
const IMEI_DIGITS = 15;
const IMEISV_DIGITS = 16;
/** Shorter runs are the first of several groups. */
const SHORTEST_BARE = 14;

const SLASH = 0x2f;

const groups = new DigitGroups(IMEISV_DIGITS + 1);

/** IMEI (3GPP TS 23.003 6.2.1), bare or in groups; IMEISV only where a cue word says so, for it has no check digit. */
export const imei: RunRule = {
  shapes: DIGITS,
  minLength: 2,
  maxLength: IMEISV_DIGITS,
  mayStand({ length, after }) {
    if (length >= SHORTEST_BARE) return true;
    if (!mayBegin(length) && length !== 4) return false;
    return after === SIDE_SPACE || after === SIDE_HYPHEN || after === SIDE_SLASH;
  },
  match(scan) {
    const first = scan.runEnd - scan.runStart;
    if (
      (!mayBegin(first) && !isInFours(scan, first)) ||
      (first < SHORTEST_BARE && !separated(scan)) ||
      !mayBeginAt(scan, scan.runStart)
    )
      return;
    const length = groups.read(scan, scan.runStart);
    if (length >= IMEI_DIGITS && groups.stopsAt(IMEI_DIGITS) && luhnHolds(groups.digits, IMEI_DIGITS)) reportImei(scan);
    else if (length === IMEISV_DIGITS || length === 14) reportByCue(scan, length);
  },
};

/** Telephones print `IMEI/SV`, and lists of two SIM slots have a slash between. */
function mayBeginAt(scan: Scan, at: number): boolean {
  return beginsHere(scan, at) || (scan.at(at - 1) === SLASH && scan.isDigitAt(at - 2));
}

/** Groupings in use: 15, 14+1, 8-6-1, 6-2-6-1, 2-6-6-1. */
function mayBegin(firstGroup: number): boolean {
  return firstGroup === 2 || firstGroup === 6 || firstGroup === 8 || firstGroup >= SHORTEST_BARE;
}

/** `3520 9900 1761 481` after the word. */
function isInFours(scan: Scan, first: number): boolean {
  return (
    first === 4 &&
    scan.isDigitAt(scan.runEnd + 4) &&
    scan.isDigitAt(scan.runEnd + 9) &&
    scan.cueBefore(scan.runStart, CUES)
  );
}

function separated(scan: Scan): boolean {
  const after = scan.at(scan.runEnd);
  if (after !== 0x20 && after !== 0x2d && after !== 0x2f) return false;
  // The next group has two digits at least, and six after a first group of two.
  const sixth = scan.runEnd - scan.runStart === 2 ? scan.runEnd + 6 : scan.runEnd + 2;
  return scan.isDigitAt(scan.runEnd + 1) && scan.isDigitAt(sixth);
}

function reportImei(scan: Scan): void {
  const end = groups.ends[IMEI_DIGITS - 1] as number;
  if (!endsHere(scan, end) && scan.at(end) !== SLASH) return;
  const body = (groups.digits[0] as number) * 10 + (groups.digits[1] as number);
  const isTestRange = body === 0 && groups.digits[2] === TEST_RANGE;
  if (!isTestRange && !REPORTING_BODIES.includes(body) && !scan.cueBefore(scan.runStart, CUES)) return;
  if (isZeroSerial()) return;
  putDigits(scan, IMEI_DIGITS);
  // One subscriber number in ten has a last digit that fits.
  scan.found.report(IMEI, isCalledImsi(scan) ? TIER_SHAPE : TIER_CHECKSUM, scan.runStart, end);
}

function isCalledImsi(scan: Scan): boolean {
  return scan.wordBefore(scan.runStart, IMSI_CUES);
}

/** Fourteen digits are an IMEI whose check digit was left off; it is computed by whoever shows it, not here. */
function reportByCue(scan: Scan, length: number): void {
  const end = groups.ends[length - 1] as number;
  if (length !== IMEISV_DIGITS || !endsHere(scan, end)) return;
  const isNamed = scan.cueBefore(scan.runStart, CUES);
  if (!isNamed && !isGroupedWithVersion(scan)) return;
  putDigits(scan, length);
  scan.found.report(IMEISV, isNamed ? TIER_CONTEXT : TIER_SHAPE, scan.runStart, end);
}

/** `35-209900-176148-23`: 2-6-6-2, as in 3GPP TS 23.003 6.2.2, with a reporting body's digits. */
function isGroupedWithVersion(scan: Scan): boolean {
  const body = (groups.digits[0] as number) * 10 + (groups.digits[1] as number);
  if (!REPORTING_BODIES.includes(body) || scan.at(scan.runEnd) !== 0x2d) return false;
  for (let k = 0; k < IMEISV_DIGITS; k++) {
    const isEnd = k === 1 || k === 7 || k === 13 || k === 15;
    if ((groups.groupEnd[k] === 1) !== isEnd) return false;
  }
  return true;
}

function isZeroSerial(): boolean {
  for (let i = 2; i < IMEI_DIGITS; i++) if (groups.digits[i] !== groups.digits[2]) return false;
  return true;
}

function putDigits(scan: Scan, count: number): void {
  scan.found.begin();
  for (let i = 0; i < count; i++) scan.found.put(0x30 + (groups.digits[i] as number));
}
