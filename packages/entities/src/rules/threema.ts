import { isDigit } from '../byte-class.ts';
import { DIGITS, MIXED, type RunRule } from '../rule.ts';
import type { Scan } from '../scan.ts';
import { knownType, TIER_CONTEXT } from '../vocabulary.ts';

const THREEMA = knownType('threema');
const CUES = ['threema'];
const LENGTH = 8;
const ASTERISK = 0x2a;

/** Threema IDs: eight capitals or digits after the word; an asterisk first for gateways. */
export const threema: RunRule = {
  shapes: DIGITS | MIXED,
  minLength: LENGTH - 1,
  maxLength: LENGTH,
  match(scan) {
    const gateway = scan.at(scan.runStart - 1) === ASTERISK;
    const start = gateway ? scan.runStart - 1 : scan.runStart;
    if (scan.runEnd - start !== LENGTH || !isCapitals(scan) || !scan.cueBefore(start, CUES)) return;
    scan.found.begin();
    scan.found.putRange(scan.bytes, start, scan.runEnd);
    scan.found.report(THREEMA, TIER_CONTEXT, start, scan.runEnd);
  },
};

function isCapitals(scan: Scan): boolean {
  for (let i = scan.runStart; i < scan.runEnd; i++) {
    const byte = scan.bytes[i] as number;
    if (!isDigit(byte) && !(byte >= 0x41 && byte <= 0x5a)) return false;
  }
  return true;
}
