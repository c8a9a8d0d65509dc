import { ALNUM, byteClass } from './byte-class.ts';
import { anchorClass, CLASS, CLASS_BITS, LOOKALIKE, SIGN, STOP, STOP_CLASS, type WordAnchors } from './word-anchors.ts';

/** Classes as the loop sees them: those at which something may begin are one, whose bit each place of the anchors has. */
const passClass: Uint8Array = anchorClass.map((kind) => (kind >= STOP ? STOP_CLASS : kind));
const MASK = (1 << (3 * CLASS_BITS)) - 1;

const isLatin: Uint8Array = byteClass.map((kind) => ((kind & ALNUM) === 0 ? 0 : 1));

/**
 * The pass over every byte: finds the next place where a sign, a digit or four letters of a listed word stand. A class of
 * its own, so that the loop is compiled by itself and stays as small as it is.
 */
export class Prefilter {
  readonly #anchors: Int32Array;
  /** Classes of the last three bytes. */
  #place = 0;
  /** What `next` stopped at: a byte at which something may begin, the end of letters of a listed word, or both. */
  isStop = false;
  isWord = false;

  constructor(anchors: WordAnchors) {
    this.#anchors = anchors.table;
  }

  /** Forgets what stood before: a text begins, or what was read is passed over. */
  restart(): void {
    this.#place = 0;
  }

  /** The first place in `bytes[from..end)` to look at, or `end`. */
  next(bytes: Uint8Array, from: number, end: number): number {
    const anchors = this.#anchors;
    const classes = passClass;
    let place = this.#place;
    let i = from;
    for (;;) {
      let kind = 0;
      for (; i < end; i++) {
        kind = classes[bytes[i] as number] as number;
        if ((((anchors[place] as number) >> kind) & 1) !== 0) break;
        place = ((place << CLASS_BITS) | kind) & MASK;
      }
      if (i >= end) break;
      const own = anchorClass[bytes[i] as number] as number;
      const isIdle = own >= SIGN ? isBeforeSpace(bytes, i, end) : own >= LOOKALIKE && !isBesideLatin(bytes, i);
      this.isStop = kind === STOP_CLASS && !isIdle;
      this.isWord = kind !== STOP_CLASS || (((anchors[place] as number) >> own) & 1) !== 0;
      place = ((place << CLASS_BITS) | (own & CLASS)) & MASK;
      if (this.isStop || this.isWord) break;
      i++;
    }
    this.#place = place;
    return i;
  }
}

/** Nothing begins with a dot, colon or at sign before white space. */
function isBeforeSpace(bytes: Uint8Array, i: number, end: number): boolean {
  return i + 1 >= end || (bytes[i + 1] as number) <= 0x20;
}

/** Greek and Cyrillic letters among their own are read as they are. */
function isBesideLatin(bytes: Uint8Array, i: number): boolean {
  return ((isLatin[bytes[i - 1] ?? 0] as number) | (isLatin[bytes[i + 2] ?? 0] as number)) !== 0;
}
