import { beginsHere, endsHere } from '../checks/boundaries.ts';
import { DigitGroups } from '../checks/digit-groups.ts';
import { DIGITS, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT } from '../vocabulary.ts';

const CODE = knownType('code');
const FEWEST = 4;
const MOST = 8;
/** Words that hardly stand before any other number: not `code` alone, which is an error or a colour as well. */
const CUES = [
  ...['verification', 'otp', 'passcode', '2fa', 'totp', 'verificatiecode', 'inlogcode', 'beveiligingscode'],
  ...['sicherheitscode', 'verificaci', 'verifica', 'verificatie', 'verifieringskod', 'dogrulama', 'weryfikacyjny'],
];
const AFTER = ' is your';
const REACH = 48;

const groups = new DigitGroups(MOST + 1);

/** One-time codes of four to eight digits, bare or as 123-456, after a word that names one or before ` is your … code`. */
export const oneTimeCode: RunRule = {
  shapes: DIGITS,
  minLength: 3,
  maxLength: MOST,
  match(scan) {
    const at = scan.runStart;
    const first = scan.runEnd - at;
    if (first === 3 && scan.at(scan.runEnd) !== 0x2d && scan.at(scan.runEnd) !== 0x20) return;
    if (!beginsHere(scan, at) || (first > 3 && !endsHere(scan, scan.runEnd))) return;
    if (first === 3 && groups.read(scan, at) !== 6) return;
    if (!isNamedAfter(scan, scan.runEnd) && !scan.cueBefore(at, CUES)) return;
    const end = first === 3 ? (groups.ends[5] as number) : scan.runEnd;
    if (first < FEWEST - 1 || !endsHere(scan, end)) return;
    scan.found.begin();
    for (let i = at; i < end; i++) if (scan.isDigitAt(i)) scan.found.put(scan.bytes[i] as number);
    scan.found.report(CODE, TIER_CONTEXT, at, end);
  },
};

function isNamedAfter(scan: Scan, at: number): boolean {
  for (let k = 0; k < AFTER.length; k++) if (scan.at(at + k) !== AFTER.charCodeAt(k)) return false;
  const limit = Math.min(scan.end - 4, at + REACH);
  for (let i = at + AFTER.length; i < limit + 1; i++) {
    if (scan.at(i) === 0x20 && isCodeWord(scan, i + 1)) return true;
  }
  return false;
}

function isCodeWord(scan: Scan, at: number): boolean {
  const word = 'code';
  for (let k = 0; k < word.length; k++) if ((scan.at(at + k) | 32) !== word.charCodeAt(k)) return false;
  return true;
}
