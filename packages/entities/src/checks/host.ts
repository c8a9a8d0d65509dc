import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';
import { isStopBeyondAscii } from './boundaries.ts';

/** RFC 1035 2.3.4. */
const LONGEST_HOST = 253;
const LONGEST_LABEL = 63;
const DOT = 0x2e;
const HYPHEN = 0x2d;

/**
 * End of the longest host name with a plausible top-level label that begins at `at`, or -1. The last label is two or
 * more letters, or `xn--` and what follows. A dot at the end of a sentence is left out. After a scheme a label may end
 * with a hyphen: RFC 3986 allows what RFC 1035 does not.
 */
export function hostEnd(scan: Scan, at: number, afterScheme = false): number {
  const limit = Math.min(scan.end, at + LONGEST_HOST);
  let end = -1;
  let i = at;
  for (let labels = 0; ; labels++) {
    const from = i;
    while (i < limit && isHostByte(scan.bytes[i] as number) && !isStopBeyondAscii(scan, i)) i++;
    if (!isLabel(scan, from, i) && !(afterScheme && i > from && scan.bytes[from] !== HYPHEN)) break;
    if (labels > 0 && isTopLevel(scan, from, i)) end = i;
    else if (labels > 0) end = -1;
    if (scan.at(i) !== DOT) break;
    i++;
  }
  if (end < 0 || scan.at(end) === 0x5f) return -1;
  return scan.at(end) === HYPHEN ? -1 : end;
}

/** Two-byte characters only: Chinese and Japanese stand next to addresses without a space. */
function isHostByte(byte: number): boolean {
  return isAlnum(byte) || byte === HYPHEN || (byte >= 0x80 && byte < 0xe0);
}

function isLabel(scan: Scan, from: number, to: number): boolean {
  const length = to - from;
  if (length === 0 || length > LONGEST_LABEL) return false;
  return scan.bytes[from] !== HYPHEN && scan.bytes[to - 1] !== HYPHEN;
}

/** Two or more letters, or an A-label (RFC 5890). */
function isTopLevel(scan: Scan, from: number, to: number): boolean {
  if (to - from < 2) return false;
  const isALabel = to - from > 4 && scan.bytes[from + 2] === HYPHEN && scan.bytes[from + 3] === HYPHEN;
  if (isALabel) return true;
  for (let i = from; i < to; i++) {
    const byte = scan.bytes[i] as number;
    if (isDigit(byte) || byte === HYPHEN || byte >= 0x80) return false;
  }
  return true;
}
