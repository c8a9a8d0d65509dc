import { type CharacterKind, FoldTable, PAIR, SKIP, WORD } from './fold-table.ts';

/** Raised whenever the same text gives other words. */
export const TOKENISER_VERSION = 1;
/** Longest word kept, in bytes; the rest of a longer one is left out, so it is found by its beginning. */
export const LONGEST_WORD = 64;

/**
 * Called for each word: its folded bytes are `tokeniser.arena[start..start+length)`, valid during the call; `hash` is
 * some hash of them (32 bits, signed: a number that the engine keeps without making an object), stored nowhere.
 */
export type TokenSink = (start: number, length: number, hash: number) => void;

/** An odd multiplier with well spread bits (of MurmurHash3's finaliser). */
const MIX = 0x85ebca6b;
/** Places in the arena: the word, the joined form, a pair of characters. */
const JOINED = LONGEST_WORD;
const PAIRED = 2 * LONGEST_WORD;
/** Digits parted by spaces are joined when there are as many as a telephone or card number has. */
const FEWEST_SPACED_DIGITS = 6;
const MOST_SPACED_DIGITS = 20;

const SPACE = 0x20;
/** Digits and lower-case letters to themselves, capitals to lower case, all else 0. */
const asciiFold: Uint8Array = (() => {
  const table = new Uint8Array(128);
  for (let b = 0x30; b <= 0x39; b++) table[b] = b;
  for (let b = 0x61; b <= 0x7a; b++) {
    table[b] = b;
    table[b - 32] = b;
  }
  return table;
})();

/**
 * Cuts text into the words it is found by. Words are runs of letters and digits, folded as `FoldTable` says; scripts
 * without spaces give pairs of characters. What is joined by a hyphen, apostrophe or underscore, and digits in groups,
 * are also given in their joined form: `te-koop` gives `te`, `koop`, `tekoop`; `06-12345678` gives `06`, `12345678`,
 * `0612345678`. Queries are folded by the same code (`foldQuery`).
 */
export class Tokeniser {
  readonly arena: Uint8Array = new Uint8Array(3 * LONGEST_WORD);
  /** The same bytes, four at a time. */
  readonly #fours = new Int32Array(this.arena.buffer);
  readonly #table = new FoldTable();
  #sink: TokenSink = () => undefined;
  /** Told of each joined form that ends, with the number of words before it that it joins. Used for queries. */
  onJoined: ((parts: number) => void) | null = null;
  /** The compound being read: bytes of its joined form, words in it, whether a space joins any. */
  #joined = 0;
  #parts = 0;
  #spaced = false;
  #pointLength = 0;

  /** Calls `sink` for every word of `bytes[start..end)`, UTF-8; invalid bytes part words. */
  tokenise(bytes: Uint8Array, start: number, end: number, sink: TokenSink): void {
    const arena = this.arena;
    this.#sink = sink;
    this.#parts = 0;
    let length = 0;
    let letters = 0;
    let i = start;
    while (i < end) {
      const byte = bytes[i] as number;
      if (byte < 0x80) {
        const folded = asciiFold[byte] as number;
        if (folded !== 0) {
          if (length < LONGEST_WORD) arena[length++] = folded;
          letters |= folded;
          i++;
          continue;
        }
        if (length > 0) {
          // Nothing but digits goes on across a space: the usual end of a word needs no closer look.
          const ends = byte === SPACE && letters >= 0x40;
          this.#word(length, ends ? 0 : this.#connects(bytes, i, end, letters));
          length = 0;
          letters = 0;
        }
        i++;
        continue;
      }
      const kind = this.#kindAt(bytes, i, end);
      if (kind === SKIP) {
        i += this.#pointLength;
        continue;
      }
      if (kind === WORD) {
        const grown = this.#addFolded(length);
        for (let k = length; k < grown; k++) letters |= arena[k] as number;
        length = grown;
        i += this.#pointLength;
        continue;
      }
      if (length > 0) {
        const step = kind === PAIR ? 0 : this.#connects(bytes, i, end, letters);
        this.#word(length, step);
        length = 0;
        letters = 0;
      }
      i = kind === PAIR ? this.#pairs(bytes, i, end) : i + this.#pointLength;
    }
    if (length > 0) this.#word(length, 0);
  }

  /** Reports a word. `connector` is 0 where the compound ends with it, 1 where it goes on, 2 across a space. */
  #word(length: number, connector: number): void {
    this.#sink(0, length, this.#hash(0, length));
    if (connector === 0 && this.#parts === 0) return;
    if (this.#parts === 0) {
      this.#joined = 0;
      this.#spaced = false;
    }
    const fits = Math.min(length, LONGEST_WORD - this.#joined);
    for (let k = 0; k < fits; k++) this.arena[JOINED + this.#joined + k] = this.arena[k] as number;
    this.#joined += fits;
    this.#parts++;
    if (connector === 2) this.#spaced = true;
    if (connector === 0) this.#compound();
  }

  #compound(): void {
    const parts = this.#parts;
    const length = this.#joined;
    this.#parts = 0;
    if (this.#spaced && (length < FEWEST_SPACED_DIGITS || length > MOST_SPACED_DIGITS)) return;
    this.onJoined?.(parts);
    this.#sink(JOINED, length, this.#hash(JOINED, length));
  }

  /** How the word that ends at `at` goes on: see `#word`. `letters` has a bit of 0x40 where it is not all digits. */
  #connects(bytes: Uint8Array, at: number, end: number, letters: number): number {
    const byte = bytes[at] as number;
    // U+2010, U+2011, U+2019: hyphens and the apostrophe of typesetters.
    const wide = byte === 0xe2 && bytes[at + 1] === 0x80;
    const next = at + (wide ? 3 : 1);
    if (next >= end || !isWordByte(bytes[next] as number)) return 0;
    if (byte === 0x2d || byte === 0x5f || byte === 0x27) return 1;
    if (wide) return bytes[at + 2] === 0x90 || bytes[at + 2] === 0x91 || bytes[at + 2] === 0x99 ? 1 : 0;
    const digits = letters !== 0 && (letters & 0xc0) === 0 && isDigit(bytes[next] as number);
    if (digits && (byte === 0x2e || byte === 0x2f)) return 1;
    return digits && byte === SPACE ? 2 : 0;
  }

  /** Decodes the character at `at` and looks it up. Invalid UTF-8 is a separator of one byte. */
  #kindAt(bytes: Uint8Array, at: number, end: number): CharacterKind {
    const lead = bytes[at] as number;
    const size = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
    this.#pointLength = 1;
    if (size === 1 || at + size > end) return 1;
    let point = lead & (0xff >> (size + 1));
    for (let k = 1; k < size; k++) {
      const trail = bytes[at + k] as number;
      if ((trail & 0xc0) !== 0x80) return 1;
      point = (point << 6) | (trail & 0x3f);
    }
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return 1;
    this.#pointLength = size;
    return this.#table.look(point);
  }

  /** Appends the folded character to the word of `length` bytes, whole or not at all. */
  #addFolded(length: number): number {
    const { bytes, start, length: size } = this.#table;
    if (length + size > LONGEST_WORD) return length;
    for (let k = 0; k < size; k++) this.arena[length + k] = bytes[start + k] as number;
    return length + size;
  }

  /** Reports each two neighbours of a run of characters without spaces, or the only one. Returns the run's end. */
  #pairs(bytes: Uint8Array, from: number, end: number): number {
    this.#parts = 0;
    const { arena } = this;
    let before = 0;
    let count = 0;
    let i = from;
    while (i < end && (bytes[i] as number) >= 0x80) {
      const kind = this.#kindAt(bytes, i, end);
      if (kind !== PAIR && kind !== SKIP) break;
      i += this.#pointLength;
      if (kind === SKIP) continue;
      const size = Math.min(this.#table.length, LONGEST_WORD / 2);
      for (let k = 0; k < size; k++) arena[PAIRED + before + k] = this.#table.bytes[this.#table.start + k] as number;
      if (count++ > 0) this.#sink(PAIRED, before + size, this.#hash(PAIRED, before + size));
      arena.copyWithin(PAIRED, PAIRED + (count > 1 ? before : 0), PAIRED + before + size);
      before = size;
    }
    if (count === 1) this.#sink(PAIRED, before, this.#hash(PAIRED, before));
    return i;
  }

  /** `start` is a multiple of four, and up to three bytes behind the word are free to be cleared. */
  #hash(start: number, length: number): number {
    const { arena } = this;
    const fours = this.#fours;
    const end = start + length;
    for (let k = end; (k & 3) !== 0; k++) arena[k] = 0;
    let hash = length;
    for (let k = start >> 2; k << 2 < end; k++) {
      hash = Math.imul(hash ^ (fours[k] as number), MIX);
      hash ^= hash >>> 15;
    }
    return hash;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isWordByte(byte: number): boolean {
  return byte >= 0x80 || (asciiFold[byte] as number) !== 0;
}
