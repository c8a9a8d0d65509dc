import { byteClass, HIGH, LETTER } from './byte-class.ts';
import { CUE_NOT_PHONE, CUE_PHONE, CUE_PLATE, CUE_VEHICLE, cueLexicon, cueSpellings } from './cues.ts';
import { anchorClass, CLASS, CLASS_BITS, lettersOften } from './word-anchors.ts';

/** How far before a run a cue word may stand, in bytes. */
export const CUE_REACH = 40;
/** Characters of scripts without spaces: any two to four of them may be a cue. */
const WIDE = 0xe3;
const WORD = LETTER | HIGH;
const LENGTH = 4;
/** Bits of three classes. */
const MASK = (1 << (3 * CLASS_BITS)) - 1;
/** Places of a table: 8 KiB, which the first cache holds beside others. */
const PLACE_BITS = 11;
/** Bytes looked at in one go: a bit each. */
const HALF = 24;
const SHIFT = 32 - PLACE_BITS;
const FACTOR = 0x9e3779b1;
const NEWLINE = 0x0a;
const COLON = 0x3a;

/** Four letters of each cue word, or fewer and what parts the word from its neighbours: a bit a class after three others. */
let places: Int32Array | null = null;
let platePlaces: Int32Array | null = null;

/**
 * Bits CUE_ of the words in the CUE_REACH bytes before `at`, on the same line. Walks over them once and looks up only
 * the words that hold four letters of a cue.
 */
export function cueBits(bytes: Uint8Array, start: number, at: number): number {
  places ??= placesOf(cueSpellings(-1));
  const floor = Math.max(start, at - CUE_REACH);
  const half = Math.min(floor + HALF, at);
  exceptions = 0;
  lastPlace = 0;
  const far = cuesIn(bytes, floor, half);
  const near = cuesIn(bytes, half, at);
  const atEnd = ((places[Math.imul(lastPlace, FACTOR) >>> SHIFT] as number) & 1) === 1;
  if (exceptions < 0) return cueBitsBackwards(bytes, start, at);
  let bits = 0;
  let from = at;
  if (atEnd) {
    from = wordStart(bytes, at, floor);
    bits = cueLexicon().find(bytes, from, at) ?? 0;
  }
  for (let part = 0; part < 2; part++) {
    const base = part === 0 ? half : floor;
    let rest = part === 0 ? near : far;
    while (rest !== 0) {
      const bit = 31 - Math.clz32(rest);
      rest &= ~(1 << bit);
      if (base + bit >= from) continue;
      const end = wordEnd(bytes, base + bit, at);
      from = wordStart(bytes, end, floor);
      bits = nearest(bits, cueLexicon().find(bytes, from, end) ?? 0);
    }
  }
  return bits;
}

/** Below zero where `cuesIn` met the end of a line or a character of a script without spaces. */
let exceptions = 0;
let lastPlace = 0;

/** A bit for each byte of `bytes[from..to)`, 32 at most, that ends four letters of a cue. Nothing in the loop branches. */
function cuesIn(bytes: Uint8Array, from: number, to: number): number {
  const table = places as Int32Array;
  let place = lastPlace;
  let met = 0;
  let found = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    const kind = anchorClass[byte] as number;
    met |= ((byte ^ NEWLINE) - 1) | (WIDE - 1 - byte);
    found |= (((table[Math.imul(place, FACTOR) >>> SHIFT] as number) >> kind) & 1) << (i - from);
    place = ((place << CLASS_BITS) | (kind & CLASS)) & MASK;
  }
  lastPlace = place;
  exceptions |= met;
  return found;
}

/** Whether a word that names a plate may stand in those bytes: one look at each, and none of them is looked up. */
export function mayNamePlate(bytes: Uint8Array, start: number, at: number): boolean {
  platePlaces ??= placesOf(cueSpellings(CUE_PLATE | CUE_VEHICLE));
  const table = platePlaces;
  let place = 0;
  let found = 0;
  for (let i = Math.max(start, at - CUE_REACH); i < at; i++) {
    const kind = anchorClass[bytes[i] as number] as number;
    found |= (table[Math.imul(place, FACTOR) >>> SHIFT] as number) >> kind;
    place = ((place << CLASS_BITS) | (kind & CLASS)) & MASK;
  }
  found |= table[Math.imul(place, FACTOR) >>> SHIFT] as number;
  return (found & 1) === 1;
}

/**
 * The same where lines end, or characters stand side by side without spaces: every word, and every two to four
 * characters.
 */
function cueBitsBackwards(bytes: Uint8Array, start: number, at: number): number {
  const floor = Math.max(start, at - CUE_REACH);
  const lexicon = cueLexicon();
  let bits = 0;
  let end = at;
  for (let i = at - 1; i >= floor - 1; i--) {
    const byte = i >= floor ? (bytes[i] as number) : 0x20;
    // `Phone:` and the number on the next line.
    if (byte === NEWLINE && (i === start || bytes[i - 1] !== COLON)) break;
    if (byte >= WIDE)
      for (let size = 6; size <= 12; size += 3)
        bits = nearest(bits, lexicon.find(bytes, i, Math.min(i + size, at)) ?? 0);
    if (((byteClass[byte] as number) & WORD) !== 0) continue;
    if (end > i + 1) bits = nearest(bits, lexicon.find(bytes, i + 1, end) ?? 0);
    end = i;
  }
  return bits;
}

/** Of two words that contradict each other the nearer one holds. */
function nearest(near: number, far: number): number {
  const either = CUE_PHONE | CUE_NOT_PHONE;
  return near | ((near & either) === 0 ? far : far & ~either);
}

function wordEnd(bytes: Uint8Array, from: number, limit: number): number {
  let i = from;
  while (i < limit && ((byteClass[bytes[i] as number] as number) & WORD) !== 0) i++;
  return i;
}

function wordStart(bytes: Uint8Array, end: number, floor: number): number {
  let i = end;
  while (i > floor && ((byteClass[bytes[i - 1] as number] as number) & WORD) !== 0) i--;
  return i;
}

function placesOf(words: readonly string[]): Int32Array {
  const often = lettersOften();
  const table = new Int32Array(1 << PLACE_BITS);
  for (const word of words) {
    const kinds = [
      0,
      ...Array.from(new TextEncoder().encode(word), (byte) => (anchorClass[byte] as number) & CLASS),
      0,
    ];
    const lengths = Math.max(kinds.length - LENGTH + 1, 1);
    const letters = Array.from({ length: lengths }, (_, k) => kinds.slice(k, k + LENGTH));
    const count = (four: readonly number[]): number => often[indexOf(four)] as number;
    const rarest = letters.reduce((best, four) => (count(four) < count(best) ? four : best));
    // A word of one letter: whatever stands before what parts it from the word before.
    for (let first = 0; first < (rarest.length < LENGTH ? 1 << CLASS_BITS : 1); first++) {
      const index = indexOf(rarest.length < LENGTH ? [first, ...rarest] : rarest);
      const place = Math.imul(index >> CLASS_BITS, FACTOR) >>> SHIFT;
      table[place] = (table[place] as number) | (1 << (index & CLASS));
    }
  }
  return table;
}

function indexOf(kinds: readonly number[]): number {
  return kinds.reduce((index, kind) => (index << CLASS_BITS) | kind, 0);
}
