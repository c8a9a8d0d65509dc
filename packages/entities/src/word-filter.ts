/** Large enough that few words of any text hit by chance, small enough for the cache. */
const BITS = 17;
const SIZE = 1 << BITS;
const SHIFT = 32 - BITS;
const FACTOR = 0x9e3779b1;
/** Sets the bit of capitals; other bytes lose little by it. */
const FOLD = 0x20202020;
/** What may follow a short word that begins a number: a space, a hyphen, the lead byte of U+00A0. */
const FOLLOWS = [0x20, 0x2d, 0xc2];
const LEAST = 4;
/** Characters of three bytes whose scripts need no space: one of them decides. */
const WIDE = 0xe3;
/** First bytes of letters of two bytes, from `À` on, and of those of three. */
const TWO = 0xc3;
const THREE = 0xe0;
const LONG = 6;

const encoder = new TextEncoder();

/** Tells by four bytes whether a word may be one of a list: never misses one of them, and errs in a few of a hundred. */
export class WordFilter {
  /** A bit a place: 16 KiB, which the first cache holds. */
  readonly #table: Int32Array = new Int32Array(SIZE / 32);
  /** Words of letters of two bytes: six bytes of each, and the first four of those that have no more. */
  readonly #long: Int32Array = new Int32Array(SIZE / 32);
  readonly #few: Int32Array = new Int32Array(SIZE / 32);

  constructor(words: Iterable<string>) {
    for (const word of words) {
      const bytes = encoder.encode(word);
      if (bytes.length >= LEAST || (bytes[0] as number) >= WIDE) this.#add(bytes);
      else if (bytes.length === LEAST - 1) for (const follow of FOLLOWS) this.#add(Uint8Array.of(...bytes, follow));
      else this.#addShort(bytes);
    }
  }

  /**
   * Whether the word at `at` may be in the list: by its first six bytes where its letters have two each, for four are
   * half of what is common to many words there.
   */
  mayBegin(bytes: Uint8Array, at: number): boolean {
    if (!mayBegin(this.#table, bytes, at)) return false;
    const lead = bytes[at] as number;
    return lead < TWO || lead >= THREE || this.#mayBeLong(bytes, at);
  }

  /** The same by six bytes whatever the letters, for a word of six bytes or more. */
  mayBeginLong(bytes: Uint8Array, at: number): boolean {
    return mayBegin(this.#table, bytes, at) && this.#mayBeLong(bytes, at);
  }

  #mayBeLong(bytes: Uint8Array, at: number): boolean {
    if (at + LONG > bytes.length) return true;
    return has(this.#long, longPlaceOf(bytes, at)) || has(this.#few, placeOf(bytes, at));
  }

  /** Two letters, then a space or hyphen, then anything. */
  #addShort(bytes: Uint8Array): void {
    for (const follow of FOLLOWS) {
      const four = Uint8Array.of(...bytes, follow, 0);
      for (let last = 0; last < 256; last++) {
        four[four.length - 1] = last;
        this.#add(four);
      }
    }
  }

  #add(bytes: Uint8Array): void {
    if (bytes.length >= LEAST || (bytes[0] as number) >= WIDE) {
      add(this.#table, placeOf(bytes, 0));
      if (bytes.length >= LONG) add(this.#long, longPlaceOf(bytes, 0));
      else add(this.#few, placeOf(bytes, 0));
    }
  }
}

/** Whether the four bytes at `i` are in the table of a filter. */
function mayBegin(table: Int32Array, bytes: Uint8Array, i: number): boolean {
  return has(table, placeOf(bytes, i));
}

function has(table: Int32Array, place: number): boolean {
  return (((table[place >>> 5] as number) >>> (place & 31)) & 1) === 1;
}

function add(table: Int32Array, place: number): void {
  table[place >>> 5] = (table[place >>> 5] as number) | (1 << (place & 31));
}

/** Of six bytes, ASCII among them folded; the list has the capitals of other scripts itself. */
function longPlaceOf(bytes: Uint8Array, i: number): number {
  const first = Math.imul((bytes[i + 1] as number) | ((bytes[i + 2] as number) << 8) | 0x2020, FACTOR);
  const last = (bytes[i + 3] as number) | ((bytes[i + 4] as number) << 8) | ((bytes[i + 5] as number) << 16);
  return Math.imul(first ^ (last | 0x202020), FACTOR) >>> SHIFT;
}

function placeOf(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] as number;
  const key =
    lead |
    ((bytes[i + 1] as number) << 8) |
    ((bytes[i + 2] as number) << 16) |
    (lead >= WIDE ? 0 : (bytes[i + 3] as number) << 24);
  return Math.imul(key | FOLD, FACTOR) >>> SHIFT;
}
