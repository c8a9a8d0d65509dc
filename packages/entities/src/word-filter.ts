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

const encoder = new TextEncoder();

/** Tells by four bytes whether a word may be one of a list: never misses one of them, and errs in a few of a hundred. */
export class WordFilter {
  /** A bit a place: 16 KiB, which the first cache holds. */
  readonly #table: Int32Array = new Int32Array(SIZE / 32);

  constructor(words: Iterable<string>) {
    for (const word of words) {
      const bytes = encoder.encode(word);
      if (bytes.length >= LEAST || (bytes[0] as number) >= WIDE) this.#add(bytes);
      else if (bytes.length === LEAST - 1) for (const follow of FOLLOWS) this.#add(Uint8Array.of(...bytes, follow));
      else this.#addShort(bytes);
    }
  }

  get table(): Int32Array {
    return this.#table;
  }

  /** Two letters, then a space or hyphen, then anything. */
  #addShort(bytes: Uint8Array): void {
    for (const follow of FOLLOWS)
      for (let last = 0; last < 256; last++) this.#add(Uint8Array.of(...bytes, follow, last));
  }

  #add(bytes: Uint8Array): void {
    if (bytes.length >= LEAST || (bytes[0] as number) >= WIDE) {
      const place = placeOf(bytes, 0);
      this.#table[place >>> 5] = (this.#table[place >>> 5] as number) | (1 << (place & 31));
    }
  }
}

/** Whether the four bytes at `i` are in the table of a filter. */
export function mayBegin(table: Int32Array, bytes: Uint8Array, i: number): boolean {
  const place = placeOf(bytes, i);
  return (((table[place >>> 5] as number) >>> (place & 31)) & 1) === 1;
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
