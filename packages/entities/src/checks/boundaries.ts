import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';

const UNDERSCORE = 0x5f;
const HYPHEN = 0x2d;

/** Whether a number may begin at `at`: not inside a longer word, number or identifier. */
export function beginsHere(scan: Scan, at: number): boolean {
  const before = scan.at(at - 1);
  if (before === UNDERSCORE || isAlnum(before)) return false;
  if (before === HYPHEN || before === 0x2f || before === 0x5c) return !isAlnum(scan.at(at - 2));
  if (before === 0x2e || before === 0x2c || before === 0x3a) return !isDigit(scan.at(at - 2));
  return before !== 0x2b;
}

/** Whether a number may end before `at`. */
export function endsHere(scan: Scan, at: number): boolean {
  const after = scan.at(at);
  if (after === UNDERSCORE || isAlnum(after)) return false;
  if (after === HYPHEN || after === 0x2f || after === 0x5c) return !isAlnum(scan.at(at + 1));
  if (after === 0x2e || after === 0x2c || after === 0x3a) return !isDigit(scan.at(at + 1));
  return true;
}

/**
 * Whether a stop stands at `at` that scripts other than Latin write: the danda of Hindi (U+0964, U+0965), the comma,
 * semicolon, question mark and full stop of Arabic, and the quotes « ».
 */
export function isStopBeyondAscii(scan: Scan, at: number): boolean {
  const byte = scan.at(at);
  const next = scan.at(at + 1);
  if (byte === 0xe0) return next === 0xa5 && (scan.at(at + 2) === 0xa4 || scan.at(at + 2) === 0xa5);
  if (byte === 0xd8) return next === 0x8c || next === 0x9b || next === 0x9f;
  if (byte === 0xc2) return next === 0xab || next === 0xbb || next === 0xa0;
  return byte === 0xdb && next === 0x94;
}
