import { isAlnum, isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';

/** Digits of the longest number with prefix and trunk zero. */
const MOST_DIGITS = 20;
/** More groups are not read. */
export const MOST_GROUPS = 12;
/** A group of so many digits is most of a number by itself. */
const LONG_GROUP = 9;
const OPEN = 0x28;
const CLOSE = 0x29;
const PLUS = 0x2b;

/** The digits of what may be a telephone number, with its groups. One object is used again. */
export class PhoneShape {
  readonly digits: Uint8Array = new Uint8Array(MOST_DIGITS);
  /** Offset behind each digit. */
  readonly ends: Uint32Array = new Uint32Array(MOST_DIGITS);
  length = 0;
  start = 0;
  end = 0;
  /** Begins with `+`. */
  hasPlus = false;
  hasBrackets = false;
  groups = 0;
  /** Sizes of the groups of digits. */
  readonly sizes: Uint8Array = new Uint8Array(MOST_GROUPS + 1);
  /** The signs between groups, or 0 where they differ; 0x20 for spaces. */
  sign = 0;
  /** A trunk zero in brackets, `+44 (0)20`, was left out. */
  droppedZero = false;

  /** Reads forward from the digit at `at`. */
  read(scan: Scan, at: number): void {
    this.length = 0;
    this.groups = 0;
    this.sign = -1;
    this.hasBrackets = false;
    this.droppedZero = false;
    this.hasPlus = false;
    this.#readStart(scan, at);
    let i = at;
    let size = 0;
    while (this.length < MOST_DIGITS && this.groups < MOST_GROUPS) {
      const byte = scan.at(i);
      if (isDigit(byte)) {
        if (
          this.hasPlus &&
          this.length > 0 &&
          this.length <= 3 &&
          byte === 0x30 &&
          scan.at(i - 1) === OPEN &&
          scan.at(i + 1) === CLOSE
        ) {
          this.droppedZero = true;
          i += 1;
          continue;
        }
        this.digits[this.length] = byte - 0x30;
        this.ends[this.length++] = ++i;
        size++;
        continue;
      }
      const skip = separatorLength(scan, i);
      if (skip === 0) break;
      // A long group and a space: the next number begins.
      if (size >= LONG_GROUP && scan.at(i) === 0x20) break;
      if (size > 0) this.sizes[this.groups++] = size;
      size = 0;
      this.#noteSign(scan, i, skip);
      i += skip;
    }
    if (size > 0) this.sizes[this.groups++] = size;
    this.end = this.length > 0 ? (this.ends[this.length - 1] as number) : at;
    if (this.hasBrackets && scan.at(this.start) === OPEN && !hasClose(scan, this.start, this.end)) this.start++;
  }

  /** Cuts the number after `count` digits. */
  cut(count: number): void {
    this.length = count;
    this.end = this.ends[count - 1] as number;
  }

  /** The digits as text. */
  text(from = 0): string {
    let text = '';
    for (let i = from; i < this.length; i++) text += String.fromCharCode(0x30 + (this.digits[i] as number));
    return text;
  }

  #readStart(scan: Scan, at: number): void {
    let i = at;
    // `( 19 )` has spaces inside the brackets.
    if (scan.at(i - 1) === 0x20 && scan.at(i - 2) === OPEN) i--;
    if (scan.at(i - 1) === OPEN) {
      this.hasBrackets = true;
      i--;
    }
    if (scan.at(i - 1) === PLUS) {
      this.hasPlus = true;
      i--;
      if (scan.at(i - 1) === OPEN) {
        this.hasBrackets = true;
        i--;
      }
    }
    this.start = i;
  }

  #noteSign(scan: Scan, at: number, size: number): void {
    let sign = 0x20;
    for (let i = at; i < at + size; i++) {
      const byte = scan.at(i);
      if (byte === OPEN || byte === CLOSE) this.hasBrackets = true;
      else if (byte !== 0x20) sign = byte;
    }
    this.sign = this.sign === -1 || this.sign === sign ? sign : 0;
  }
}

function hasClose(scan: Scan, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (scan.at(i) === CLOSE) return true;
  return false;
}

/** Signs between two digits, up to four bytes: spaces, brackets, one hyphen, dot or slash. 0 where no digit follows. */
function separatorLength(scan: Scan, at: number): number {
  let i = at;
  let strong = 0;
  while (i < at + 5) {
    const byte = scan.at(i);
    if (isDigit(byte)) return i - at;
    if (byte === 0x20 || byte === OPEN || byte === CLOSE) i++;
    else if ((byte === 0x2d || byte === 0x2e || byte === 0x2f) && strong === 0) {
      strong++;
      i++;
    } else if (byte === 0xc2 && scan.at(i + 1) === 0xa0) i += 2;
    else if (byte === 0xe2 && scan.at(i + 1) === 0x80 && scan.at(i + 2) >= 0x90 && scan.at(i + 2) <= 0x95) i += 3;
    else break;
  }
  return 0;
}

/** End of an extension (`x123`, ` ext. 45`) behind a number, or `end`. */
export function extensionEnd(scan: Scan, end: number): number {
  let i = end;
  if (scan.at(i) === 0x20) i++;
  const letter = scan.at(i) | 32;
  if (letter === 0x65 && (scan.at(i + 1) | 32) === 0x78 && (scan.at(i + 2) | 32) === 0x74) i += 3;
  else if (letter === 0x78) i++;
  else return end;
  if (scan.at(i) === 0x2e) i++;
  if (scan.at(i) === 0x20) i++;
  const from = i;
  while (isDigit(scan.at(i)) && i - from < 6) i++;
  return i - from > 0 && i - from < 6 && !isAlnum(scan.at(i)) ? i : end;
}
