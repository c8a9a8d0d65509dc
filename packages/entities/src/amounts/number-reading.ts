import { isDigit } from '../byte-class.ts';
import type { Scan } from '../scan.ts';

/** More digits than any sum or mass has. */
export const MOST_DIGITS = 24;
const MOST_GROUPS = 9;
const DOT = 0x2e;
const COMMA = 0x2c;
const APOSTROPHE = 0x27;
/** Any kind of space; they are one separator. */
const SPACE = 0x20;

/**
 * A number written in digits with whatever grouping and decimal signs a language has, read from bytes. The value is
 * `digits` with the decimal point after `point` of them. `otherPoint` is the second reading of an ambiguous number
 * such as 1.234, or -1. Used again for every number.
 */
export class NumberReading {
  readonly digits: Uint8Array = new Uint8Array(MOST_DIGITS);
  length = 0;
  point = 0;
  otherPoint = -1;
  start = 0;
  end = 0;
  /** The only sign of an ambiguous number, `.` or `,`. */
  sign = 0;
  readonly #groupEnds = new Uint8Array(MOST_GROUPS);
  readonly #signs = new Uint8Array(MOST_GROUPS);
  #groups = 0;

  /** Reads the number that begins at `at`, a digit. False where its groups make no number (a date, a version). */
  read(scan: Scan, at: number): boolean {
    this.start = at;
    this.length = 0;
    this.#groups = 0;
    this.otherPoint = -1;
    let i = this.#readGroup(scan, at);
    while (this.#groups < MOST_GROUPS && this.length < MOST_DIGITS) {
      const skip = this.#separator(scan, i);
      if (skip === 0) break;
      i = this.#readGroup(scan, i + skip);
    }
    this.end = i;
    return !isDigit(scan.at(i)) && this.#interpret();
  }

  /** Takes a number that was read in words; `value` is below 10^15. */
  assign(span: { start: number; end: number }, value: number): void {
    const text = String(Math.round(value * 1e6) / 1e6);
    const dot = text.indexOf('.');
    this.length = 0;
    for (let k = 0; k < text.length && this.length < MOST_DIGITS; k++) {
      if (k !== dot) this.digits[this.length++] = text.charCodeAt(k) - 0x30;
    }
    this.point = dot < 0 ? this.length : dot;
    this.otherPoint = -1;
    this.sign = 0;
    this.start = span.start;
    this.end = span.end;
  }

  /** Turns a whole number into the decimals of `.50`. False where it is no whole number. */
  beginWithPoint(): boolean {
    if (this.#groups !== 1) return false;
    this.point = 0;
    this.start--;
    return true;
  }

  /** Whether groups of three, parted by spaces, fill it: more may follow, and it is a list. */
  isFull(): boolean {
    return this.length === MOST_DIGITS && this.#groups * 3 === MOST_DIGITS && this.#signs[this.#groups - 2] === SPACE;
  }

  #readGroup(scan: Scan, at: number): number {
    let i = at;
    let byte = scan.at(i);
    while (isDigit(byte) && this.length < MOST_DIGITS) {
      this.digits[this.length++] = byte - 0x30;
      byte = scan.at(++i);
    }
    this.#groupEnds[this.#groups++] = this.length;
    return i;
  }

  /** Length in bytes of the sign at `at` when a further group follows it, else 0; notes which sign it is. */
  #separator(scan: Scan, at: number): number {
    const byte = scan.at(at);
    if (byte === DOT || byte === COMMA) return isDigit(scan.at(at + 1)) ? this.#note(byte, 1) : 0;
    const size = byte === SPACE || byte === APOSTROPHE ? 1 : wideSeparator(scan, at, byte);
    if (size === 0 || !threeDigits(scan, at + size) || this.#size(this.#groups - 1) > 3) return 0;
    const sign = byte === APOSTROPHE || (byte === 0xe2 && scan.at(at + 2) === 0x99) ? APOSTROPHE : SPACE;
    const consistent = this.#groups === 1 || (this.#signs[0] === sign && this.#size(this.#groups - 1) === 3);
    return consistent ? this.#note(sign, size) : 0;
  }

  #note(sign: number, size: number): number {
    this.#signs[this.#groups - 1] = sign;
    return size;
  }

  #interpret(): boolean {
    this.point = this.length;
    const last = this.#signs[this.#groups - 2] as number;
    if (this.#groups === 1) return true;
    if (last === SPACE || last === APOSTROPHE) return this.#grouped(this.#groups);
    if (this.#groups === 2) return this.#twoGroups(last);
    if (this.#signs[this.#groups - 3] === last) return this.#sameSigns(this.#groups - 1) && this.#grouped(this.#groups);
    if (!this.#sameSigns(this.#groups - 2) || !this.#grouped(this.#groups - 1)) return false;
    this.point = this.#groupEnds[this.#groups - 2] as number;
    return true;
  }

  /** One point or comma: three digits after it are thousands first and decimals as the other reading. */
  #twoGroups(sign: number): boolean {
    const before = this.#size(0);
    const decimal = this.#groupEnds[0] as number;
    const couldGroup = this.#size(1) === 3 && before <= 3 && this.digits[0] !== 0;
    if (couldGroup) this.otherPoint = decimal;
    else this.point = decimal;
    this.sign = sign;
    return true;
  }

  #size(group: number): number {
    return (this.#groupEnds[group] as number) - (group === 0 ? 0 : (this.#groupEnds[group - 1] as number));
  }

  #sameSigns(count: number): boolean {
    for (let k = 1; k < count; k++) if (this.#signs[k] !== this.#signs[0]) return false;
    return true;
  }

  /** Groups of three, or with commas of two and three at the end as in India. */
  #grouped(count: number): boolean {
    if (this.#size(0) > 3 || this.#size(count - 1) !== 3) return false;
    const middle = count > 2 ? this.#size(1) : 3;
    if (middle !== 3 && (middle !== 2 || this.#size(0) > 2 || this.#signs[0] !== COMMA)) return false;
    for (let k = 1; k < count - 1; k++) if (this.#size(k) !== middle) return false;
    return true;
  }
}

/** Whether three digits and no fourth stand at `at`. */
export function threeDigits(scan: Scan, at: number): boolean {
  if (!isDigit(scan.at(at)) || !isDigit(scan.at(at + 1)) || !isDigit(scan.at(at + 2))) return false;
  return !isDigit(scan.at(at + 3));
}

/** U+00A0, U+2009, U+202F and U+2019. */
function wideSeparator(scan: Scan, at: number, byte: number): number {
  if (byte === 0xc2 && scan.at(at + 1) === 0xa0) return 2;
  if (byte !== 0xe2 || scan.at(at + 1) !== 0x80) return 0;
  const third = scan.at(at + 2);
  return third === 0x89 || third === 0xaf || third === 0x99 ? 3 : 0;
}
