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
