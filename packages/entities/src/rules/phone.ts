import { isAlnum, isDigit } from '../byte-class.ts';
import { callingCodeLength } from '../checks/calling-codes.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_SHAPE } from '../vocabulary.ts';

const PHONE = knownType('phone');
const PLUS = 0x2b;
const ZERO = 0x30;
const OPEN = 0x28;
const CLOSE = 0x29;
/** E.164 has 15 digits; two more for the prefix 00 and two for a trunk zero in brackets and an odd long plan. */
const MOST_DIGITS = 19;
/** Separators between two digits: `) `, ` (`, ` - `. */
const MOST_SEPARATORS = 3;
/** Below this, too few digits to be anybody's international number. */
const FEWEST_DIGITS = 7;

const digits = new Uint8Array(MOST_DIGITS);
const ends = new Uint32Array(MOST_DIGITS);
let length = 0;

/** Numbers in international form, `+` or `00`; a trunk zero in brackets, `+44 (0)20`, is dropped. */
export const phone: RunRule = {
  shapes: DIGITS,
  minLength: 1,
  maxLength: MOST_DIGITS,
  match(scan) {
    const start = prefixStart(scan);
    if (start < 0) return;
    const skip = scan.at(scan.runStart - 1) === PLUS || scan.at(scan.runStart - 2) === PLUS ? 0 : 2;
    readDigits(scan, scan.runStart + skip);
    const code = longestThatFits(scan, skip);
    if (code === 0) return;
    scan.found.begin();
    scan.found.put(PLUS);
    for (let i = 0; i < length; i++) scan.found.put(ZERO + (digits[i] as number));
    scan.found.report(PHONE, TIER_SHAPE, start, ends[length - 1] as number);
  },
};

/** Where the number begins with its prefix, or -1 where there is no international prefix. */
function prefixStart(scan: Scan): number {
  const at = scan.runStart;
  const before = scan.at(at - 1);
  const bracket = before === OPEN && scan.at(at - 2) === PLUS;
  if (before === PLUS || bracket) {
    const plus = bracket ? at - 2 : at - 1;
    const ahead = scan.at(plus - 1);
    if (isAlnum(ahead) || ahead === PLUS || ahead === 0x5f) return -1;
    return ahead === OPEN && scan.at(scan.runEnd) === CLOSE ? plus - 1 : plus;
  }
  const doubleZero = scan.at(at) === ZERO && scan.at(at + 1) === ZERO && scan.at(at + 2) !== ZERO;
  if (!doubleZero || !isClearBefore(before)) return -1;
  return before === OPEN && scan.at(scan.runEnd) === CLOSE ? at - 1 : at;
}

function isClearBefore(before: number): boolean {
  if (before < 0 || before >= 0x80) return true;
  return (
    !isAlnum(before) && before !== 0x5f && before !== 0x2e && before !== 0x2c && before !== 0x2d && before !== 0x2f
  );
}

function readDigits(scan: Scan, from: number): void {
  length = 0;
  let i = from;
  let gap = 0;
  while (length < MOST_DIGITS && gap <= MOST_SEPARATORS) {
    const byte = scan.at(i);
    if (isDigit(byte)) {
      if (isTrunkZero(scan, i)) i++;
      else {
        digits[length] = byte - ZERO;
        ends[length++] = i + 1;
        gap = 0;
      }
      i++;
      continue;
    }
    const skip = separatorLength(scan, i, byte);
    if (skip === 0) break;
    i += skip;
    gap++;
  }
}

/** `(0)` after the country code. */
function isTrunkZero(scan: Scan, at: number): boolean {
  return length > 0 && length <= 3 && scan.at(at) === ZERO && scan.at(at - 1) === OPEN && scan.at(at + 1) === CLOSE;
}

function separatorLength(scan: Scan, at: number, byte: number): number {
  if (byte === 0x20 || byte === 0x2d || byte === 0x2e || byte === OPEN || byte === CLOSE || byte === 0x2f) return 1;
  if (byte === 0xc2 && scan.at(at + 1) === 0xa0) return 2;
  // U+2010 to U+2015, hyphens and dashes.
  const third = scan.at(at + 2);
  return byte === 0xe2 && scan.at(at + 1) === 0x80 && third >= 0x90 && third <= 0x95 ? 3 : 0;
}

/** Shortens the reading group by group until it is a number of its country. Returns its country code's length, or 0. */
function longestThatFits(scan: Scan, skip: number): number {
  for (; length >= FEWEST_DIGITS; length--) {
    const end = ends[length - 1] as number;
    if (isAlnum(scan.at(end)) || scan.at(end) === 0x5f) continue;
    if ((scan.at(end) === 0x2e || scan.at(end) === 0x2c) && isDigit(scan.at(end + 1)) && skip === 0 && length < 9)
      continue;
    const code = callingCodeLength(digits, length);
    if (code > 0) return code;
  }
  return 0;
}
