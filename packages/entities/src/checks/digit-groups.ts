import { isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';

/** Separators people and devices put inside long numbers. */
const SPACE = 0x20;
const HYPHEN = 0x2d;
const SLASH = 0x2f;
const NBSP_LEAD = 0xc2;
const NBSP_TRAIL = 0xa0;

/**
 * Digits of a number written in groups (`35-209900-176148-1`), read into columns that are used again. `ends[k]` is the
 * offset just past the digit `k`; `groupEnd[k]` tells whether a group ends there.
 */
export class DigitGroups {
  readonly digits: Uint8Array;
  readonly ends: Uint32Array;
  readonly groupEnd: Uint8Array;
  length = 0;

  constructor(most: number) {
    this.digits = new Uint8Array(most);
    this.ends = new Uint32Array(most);
    this.groupEnd = new Uint8Array(most);
  }

  /** Reads from `at` (a digit) until something that is neither digit nor a single separator, or until full. */
  read(scan: Scan, at: number): number {
    this.length = 0;
    let i = at;
    while (this.length < this.digits.length) {
      const byte = scan.at(i);
      if (!isDigit(byte)) {
        const skip = this.length > 0 ? separatorLength(scan, i) : 0;
        if (skip === 0 || !isDigit(scan.at(i + skip))) break;
        this.groupEnd[this.length - 1] = 1;
        i += skip;
        continue;
      }
      this.digits[this.length] = byte - 0x30;
      this.groupEnd[this.length] = 0;
      this.ends[this.length++] = ++i;
    }
    if (this.length > 0 && !isDigit(scan.at(i))) this.groupEnd[this.length - 1] = 1;
    return this.length;
  }

  /** Whether the number may stop after `count` digits: at the end of a group. */
  stopsAt(count: number): boolean {
    return count <= this.length && this.groupEnd[count - 1] === 1;
  }
}

function separatorLength(scan: Scan, at: number): number {
  const byte = scan.at(at);
  if (byte === SPACE || byte === HYPHEN || byte === SLASH) return 1;
  return byte === NBSP_LEAD && scan.at(at + 1) === NBSP_TRAIL ? 2 : 0;
}
