const SIZE = 1 << 15;
const SHIFT = 32 - 15;
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
  readonly #table: Uint8Array = new Uint8Array(SIZE);

  constructor(words: Iterable<string>) {
    for (const word of words) {
      const bytes = encoder.encode(word);
      if (bytes.length >= LEAST || (bytes[0] as number) >= WIDE) this.#add(bytes);
      else if (bytes.length === LEAST - 1) for (const follow of FOLLOWS) this.#add(Uint8Array.of(...bytes, follow));
      else this.#addShort(bytes);
    }
  }

  get table(): Uint8Array {
    return this.#table;
  }

  /** Two letters, then a space or hyphen, then anything. */
  #addShort(bytes: Uint8Array): void {
    for (const follow of FOLLOWS)
      for (let last = 0; last < 256; last++) this.#add(Uint8Array.of(...bytes, follow, last));
  }

  #add(bytes: Uint8Array): void {
    if (bytes.length >= LEAST || (bytes[0] as number) >= WIDE) this.#table[slotOf(bytes, 0)] = 1;
  }
}

/** The place of the four bytes at `i` in the table of a filter. */
export function slotOf(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] as number;
  const key =
    lead |
    ((bytes[i + 1] as number) << 8) |
    ((bytes[i + 2] as number) << 16) |
    (lead >= WIDE ? 0 : (bytes[i + 3] as number) << 24);
  return Math.imul(key | FOLD, FACTOR) >>> SHIFT;
}
