import { isAlnum, isDigit } from '../byte-class.ts';
import { foldOfPoint, foldPoint, NOTHING, SEVERAL, severalText } from './fold-character.ts';
import { isGrouped, isLeetRun, leetDigits } from './leet.ts';
import { Pieces } from './pieces.ts';
import { readSpeltSigns } from './read-spelt-signs.ts';

/** What was done to a text before it was read, one bit each; the names stand in mentions. */
export const foldNames: readonly string[] = [
  'full-width',
  'native-digits',
  'invisible',
  'homoglyph',
  'styled',
  'spaced',
  'spelt-sign',
  'leet',
];
const FOLD_STYLED = 1 << 4;
export const FOLD_SPACED: number = 1 << 5;
export const FOLD_SPELT: number = 1 << 6;
export const FOLD_LEET: number = 1 << 7;

/** Texts beyond this are read as they stand: what hides in a message is short. */
const LONGEST = 1 << 20;
/** Fewest digits, each by itself, that are one number written apart. */
const FEWEST_APART = 7;
/** Space, full stop, hyphen, underscore, asterisk and middle dot, which stand between digits written apart. */
const APART = [0x20, 0x2e, 0x2d, 0x5f, 0x2a, 0xb7];

const encoder = new TextEncoder();

/**
 * Reads texts in plainer signs, one after another in the same memory: `bytes[0..length)` is the last text folded, with
 * the place of every byte in the text as given.
 */
export class TextFolder {
  bytes: Uint8Array = new Uint8Array(512);
  length = 0;
  /** Start and end in the text as given of the character each byte is part of. */
  starts: Uint32Array = new Uint32Array(512);
  ends: Uint32Array = new Uint32Array(512);
  /** Bits of what was done to the character. */
  folds: Uint8Array = new Uint8Array(512);
  readonly #pieces = new Pieces();

  /** Folds `bytes[start..end)`; false where nothing was to fold, or the text is no valid UTF-8 or too long. */
  fold(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > LONGEST) return false;
    const pieces = this.#pieces;
    pieces.clear(end - start);
    if (!foldCharacters(pieces, bytes.subarray(start, end), start)) return false;
    readLeet(pieces);
    joinSpaced(pieces);
    readSpeltSigns(pieces, FOLD_SPELT);
    let done = 0;
    for (let k = 0; k < pieces.count; k++) done |= pieces.folds[k] as number;
    if (done === 0) return false;
    this.#encode();
    return true;
  }

  #encode(): void {
    const pieces = this.#pieces;
    // No character is read as more than four bytes, and none of one byte as more than one.
    this.#room(pieces.count * 4);
    this.length = 0;
    for (let k = 0; k < pieces.count; k++) {
      const point = pieces.points[k] as number;
      if (point === NOTHING) continue;
      const from = this.length;
      if (point >= 0 && point < 0x80) this.bytes[this.length++] = point;
      else this.length += encoder.encodeInto(pieces.textOf(k), this.bytes.subarray(from)).written;
      for (let i = from; i < this.length; i++) {
        this.starts[i] = pieces.starts[k] as number;
        this.ends[i] = pieces.ends[k] as number;
        this.folds[i] = pieces.folds[k] as number;
      }
    }
  }

  #room(length: number): void {
    if (length <= this.bytes.length) return;
    this.bytes = new Uint8Array(length * 2);
    this.starts = new Uint32Array(length * 2);
    this.ends = new Uint32Array(length * 2);
    this.folds = new Uint8Array(length * 2);
  }
}

/** Puts every character of `text` into `pieces` as it is read; `base` is the place of the text. False where it is no UTF-8. */
function foldCharacters(pieces: Pieces, text: Uint8Array, base: number): boolean {
  let pending = 0;
  for (let i = 0; i < text.length; ) {
    const byte = text[i] as number;
    if (byte < 0x80) {
      pieces.add(byte, base + i, base + i + 1);
      pieces.folds[pieces.count - 1] = pending;
      pending = 0;
      i++;
      continue;
    }
    const size = utf8Size(text, i);
    if (size === 0) return false;
    const fold = foldOne(pieces, text, { i, size, base });
    if (fold < 0) pending |= -fold;
    else {
      pieces.folds[pieces.count - 1] = fold | pending;
      pending = 0;
    }
    i += size;
  }
  return true;
}

/** Adds the character at `i`. Returns what was done to it; negative where it is not seen and was not added. */
function foldOne(
  pieces: Pieces,
  text: Uint8Array,
  { i, size, base }: { i: number; size: number; base: number },
): number {
  const point = pointAt(text, i, size);
  const [start, end] = [base + i, base + i + size];
  if (point >= 0xbc && point <= 0xbe) {
    const decimals = point === 0xbc ? '.25' : point === 0xbd ? '.5' : '.75';
    pieces.addSeveral(i > 0 && isDigit(text[i - 1] as number) ? decimals : `0${decimals}`, start, end);
    return FOLD_STYLED;
  }
  const near =
    (i > 0 && isPlain(text[i - 1] as number)) || (i + size < text.length && isPlain(text[i + size] as number));
  const plain = foldPoint(point, near);
  if (plain === NOTHING) return -foldOfPoint;
  if (plain === SEVERAL) pieces.addSeveral(severalText, start, end);
  else pieces.add(plain, start, end);
  return foldOfPoint;
}

/** Letters, digits and the signs of addresses. */
function isPlain(byte: number): boolean {
  return isAlnum(byte) || byte === 0x40 || byte === 0x2e || byte === 0x5f || byte === 0x2d;
}

/** Bytes of the character at `i`, not an ASCII one; 0 where it is not well formed (RFC 3629 4). */
function utf8Size(text: Uint8Array, i: number): number {
  const lead = text[i] as number;
  const size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (size === 0 || i + size > text.length) return 0;
  const second = text[i + 1] as number;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let k = 2; k < size; k++) if (((text[i + k] as number) & 0xc0) !== 0x80) return 0;
  return size;
}

function pointAt(text: Uint8Array, i: number, size: number): number {
  let point = (text[i] as number) & (0xff >> (size + 1));
  for (let k = 1; k < size; k++) point = (point << 6) | ((text[i + k] as number) & 0x3f);
  return point;
}

/** Letters for digits in runs that are digits otherwise. */
function readLeet(pieces: Pieces): void {
  const { points, folds, count } = pieces;
  for (let i = 0; i < count; i++) {
    if (!isAlnum(points[i] as number)) continue;
    let end = i + 1;
    while (end < count && isAlnum(points[end] as number)) end++;
    if (isLeetRun(points, i, end) || (hasOnlyNoughts(points, i, end) && isGrouped((k) => pieces.at(k), i, end)))
      for (let k = i; k < end; k++) {
        const digit = leetDigits[points[k] as number] as number;
        if (digit === 0) continue;
        points[k] = digit;
        folds[k] = (folds[k] as number) | FOLD_LEET;
      }
    i = end;
  }
}

/** Digits and at least one `o` or `O`. */
function hasOnlyNoughts(points: ArrayLike<number>, from: number, to: number): boolean {
  let letters = 0;
  for (let k = from; k < to; k++) {
    if (isDigit(points[k] as number)) continue;
    if (((points[k] as number) | 32) !== 0x6f) return false;
    letters++;
  }
  return letters > 0 && letters < to - from;
}

/** `0 6 1 2 3 4 5 6 7 8`: the same sign between single digits is taken out. */
function joinSpaced(pieces: Pieces): void {
  const { folds, points } = pieces;
  const isDigitAt = (at: number): boolean => isDigit(pieces.at(at));
  for (let i = 0; i < pieces.count; i++) {
    if (!isDigit(points[i] as number)) continue;
    const sign = pieces.at(i + 1);
    if (!APART.includes(sign) || isDigitAt(i - 1)) continue;
    let last = i;
    while (pieces.at(last + 1) === sign && isDigitAt(last + 2) && !isDigitAt(last + 3)) last += 2;
    if (last - i < (FEWEST_APART - 1) * 2) continue;
    for (let k = i; k <= last; k += 2) folds[k] = (folds[k] as number) | FOLD_SPACED;
    for (let k = i + 1; k < last; k += 2) points[k] = NOTHING;
    i = last;
  }
}
