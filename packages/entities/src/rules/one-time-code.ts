import { isAlnum } from '../byte-class.ts';
import { beginsHere, endsHere } from '../checks/boundaries.ts';
import { DigitGroups } from '../checks/digit-groups.ts';
import { CUE_ANY_CODE, CUE_CODE, CUE_IS, CUE_OTHER_CODE, CUE_PURPOSE, CUE_YOUR, cueLexicon } from '../cues.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import { SIDE_HYPHEN, SIDE_SPACE } from '../run-sides.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT } from '../vocabulary.ts';

const CODE = knownType('code');
const _FEWEST = 4;
const MOST = 8;
const YEAR_DIGITS = 4;
/** As many digits are a code where only `code` stands before them. */
const USUAL = 6;
const REACH = 48;
const DENSE_REACH = 30;
const SPACE = 0x20;
const COMMA = 0x2c;
/** First byte of kana, ideographs and Hangul in UTF-8. */
const FIRST_IDEOGRAPHIC = 0xe3;
const LONGEST_WORD = 40;

const NAMES = ['otp', 'code', 'tan', 'pin'];

const groups = new DigitGroups(MOST + 1);

/** One-time codes of four to eight digits, bare, as 123-456 or as G-123456, beside words that name one. */
export const oneTimeCode: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: 3,
  maxLength: MOST,
  mayStand({ isDigits, length, after }) {
    return isDigits && (length > 3 || after === SIDE_HYPHEN || after === SIDE_SPACE);
  },
  match(scan) {
    const at = scan.runStart;
    const first = scan.runEnd - at;
    if (!scan.isDigitAt(at) || !scan.isDigitAt(scan.runEnd - 1) || !isNumber(scan)) return;
    if (first === 3 && scan.at(scan.runEnd) !== 0x2d && scan.at(scan.runEnd) !== 0x20) return;
    if (!mayBegin(scan, at) || (first > 3 && !mayEnd(scan, scan.runEnd))) return;
    if (first === 3 && groups.read(scan, at) !== USUAL) return;
    const end = first === 3 ? (groups.ends[USUAL - 1] as number) : scan.runEnd;
    if (!mayEnd(scan, end) || !(isNamedBefore(scan, at, first) || isNamedAfter(scan, end, first))) return;
    scan.found.begin();
    for (let i = at; i < end; i++) if (scan.isDigitAt(i)) scan.found.put(scan.bytes[i] as number);
    scan.found.report(CODE, TIER_CONTEXT, at, end);
  },
};

/** As any number, and before a comma after which a text without spaces goes on: `332190,5分钟内有效`. */
function mayEnd(scan: Scan, end: number): boolean {
  if (endsHere(scan, end)) return true;
  if (scan.at(end) !== COMMA) return false;
  let i = end + 1;
  while (scan.isDigitAt(i) && i - end < 4) i++;
  return scan.at(i) >= FIRST_IDEOGRAPHIC;
}

function isNumber(scan: Scan): boolean {
  for (let i = scan.runStart; i < scan.runEnd; i++) if (!scan.isDigitAt(i)) return false;
  return true;
}

/** Not inside a longer number; `G-` and a digit is how one sender writes its codes. */
function mayBegin(scan: Scan, at: number): boolean {
  if (beginsHere(scan, at)) return true;
  if (scan.at(at - 1) === 0x2d && scan.wordBefore(at - 1, NAMES)) return true;
  return scan.at(at - 1) === 0x2d && !scan.isDigitAt(at - 2) && !isAlnum(scan.at(at - 3));
}

/** `verification code: 1234`; `your code is 1234`, `code: 123456`, but no `zip code 12345`. */
function isNamedBefore(scan: Scan, at: number, first: number): boolean {
  const cues = scan.cues(at);
  if ((cues & CUE_OTHER_CODE) !== 0) return false;
  if ((cues & CUE_CODE) !== 0) return isNear(scan, at);
  if ((cues & CUE_ANY_CODE) === 0 || !isNear(scan, at)) return false;
  if (((cues & (CUE_YOUR | CUE_IS)) !== 0 && !isYear(scan, at, first)) || first === 3 || first === USUAL) return true;
  return hasPurpose(scan, at + first);
}

/** `code 88213 to verify your account`: what the code is for is said after it. */
function hasPurpose(scan: Scan, at: number): boolean {
  let end = at;
  const limit = Math.min(scan.end, at + REACH);
  while (end < limit && scan.at(end) === SPACE) {
    const i = end + 1;
    end = wordEnd(scan, i);
    if ((cuesOf(scan, i, end) & (CUE_PURPOSE | CUE_CODE)) !== 0) return true;
  }
  return false;
}

/** Four digits that begin with 19 or 20. */
function isYear(scan: Scan, at: number, digits: number): boolean {
  if (digits !== YEAR_DIGITS) return false;
  return (scan.at(at) === 0x31 && scan.at(at + 1) === 0x39) || (scan.at(at) === 0x32 && scan.at(at + 1) === 0x30);
}

/** The words that name the code stand in the same sentence: a full stop and a space would part them. */
function isNear(scan: Scan, at: number): boolean {
  for (let i = at - 1; i > scan.start && i > at - LONGEST_WORD; i--) {
    if (scan.at(i) !== 0x20) continue;
    const before = scan.at(i - 1);
    if (before === 0x2e || before === 0x3b) return false;
    const start = wordStart(scan, i);
    if ((cuesOf(scan, start, i) & (CUE_CODE | CUE_ANY_CODE)) !== 0) return true;
    if (scan.isDigitAt(i - 1)) return false;
  }
  return true;
}

function wordStart(scan: Scan, end: number): number {
  let i = end;
  while (i > scan.start && end - i < LONGEST_WORD && isWordByte(scan.at(i - 1))) i--;
  return i;
}

/** `123456 is your verification code`. */
function isNamedAfter(scan: Scan, at: number, first: number): boolean {
  if (scan.at(at) >= FIRST_IDEOGRAPHIC) return isNamedDensely(scan, at);
  if (scan.at(at) !== SPACE) return false;
  let i = at + 1;
  let end = wordEnd(scan, i);
  if ((cuesOf(scan, i, end) & CUE_IS) === 0) return false;
  let found = 0;
  const limit = Math.min(scan.end, at + REACH);
  while (end < limit && scan.at(end) === 0x20) {
    i = end + 1;
    end = wordEnd(scan, i);
    found |= cuesOf(scan, i, end);
    if ((found & CUE_CODE) !== 0) return true;
    if ((found & CUE_ANY_CODE) !== 0) return (found & CUE_YOUR) !== 0 || first === USUAL;
  }
  return false;
}

/** `551203が認証コードです`: in scripts without spaces, two to four characters of those that follow. */
function isNamedDensely(scan: Scan, at: number): boolean {
  const limit = Math.min(scan.end, at + DENSE_REACH);
  for (let i = at; i + 6 <= limit; i += 3)
    for (let size = 6; size <= 12 && i + size <= limit; size += 3)
      if ((cuesOf(scan, i, i + size) & CUE_CODE) !== 0) return true;
  return false;
}

function cuesOf(scan: Scan, start: number, end: number): number {
  return start === end ? 0 : (cueLexicon().find(scan.bytes, start, end) ?? 0);
}

function wordEnd(scan: Scan, from: number): number {
  let i = from;
  while (i < scan.end && i - from < LONGEST_WORD && isWordByte(scan.at(i))) i++;
  return i;
}

function isWordByte(byte: number): boolean {
  return isAlnum(byte) || byte >= 0x80 || byte === 0x2d;
}
