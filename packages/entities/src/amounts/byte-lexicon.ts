import { lowerByte } from '../byte-class.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Bits a word in the table asked first: with eight, one word in ten that is none of them is hashed. */
const SPARSE = 8;
const SIGN_FACTOR = 0x9e3779b1;
const encoder = new TextEncoder();

/**
 * Words to entries, looked up by their bytes in a text: ASCII in any case, all else exactly. Open addressing, at most
 * half full; before that one bit tells by length, first two bytes and last whether the word may be there at all.
 */
export class ByteLexicon<Entry> {
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** The whole hash of the key in a slot: next to no key is compared in vain. */
  readonly #hashes: Int32Array;
  readonly #keys: Uint8Array[] = [];
  readonly #entries: Entry[] = [];
  readonly #longest: number;
  readonly #signs: Int32Array;
  readonly #shift: number;

  constructor(words: ReadonlyMap<string, Entry>) {
    let size = 16;
    while (size < words.size * 2) size *= 2;
    this.#slots = new Int32Array(size).fill(-1);
    this.#hashes = new Int32Array(size);
    this.#mask = size - 1;
    this.#signs = new Int32Array((size * SPARSE) / 2 / 32);
    this.#shift = Math.clz32(size * SPARSE - 1) + 1;
    let longest = 0;
    for (const [word, entry] of words) {
      const key = encoder.encode(word).map(lowerByte);
      longest = Math.max(longest, key.length);
      this.#insert(key, entry);
    }
    this.#longest = longest;
  }

  /** The entry of the word `bytes[start..end)`, or null. */
  find(bytes: Uint8Array, start: number, end: number): Entry | null {
    if (end - start > this.#longest || end <= start) return null;
    const sign = signOf(bytes, start, end) >>> this.#shift;
    if ((((this.#signs[sign >>> 5] as number) >>> (sign & 31)) & 1) === 0) return null;
    const wanted = hash(bytes, start, end);
    let slot = wanted & this.#mask;
    for (;;) {
      const index = this.#slots[slot] as number;
      if (index < 0) return null;
      if (this.#hashes[slot] === wanted && equals(this.#keys[index] as Uint8Array, bytes, start, end))
        return this.#entries[index] as Entry;
      slot = (slot + 1) & this.#mask;
    }
  }

  #insert(key: Uint8Array, entry: Entry): void {
    const own = hash(key, 0, key.length);
    const sign = key.length === 0 ? 0 : signOf(key, 0, key.length) >>> this.#shift;
    this.#signs[sign >>> 5] = (this.#signs[sign >>> 5] as number) | (1 << (sign & 31));
    let slot = own & this.#mask;
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = this.#keys.length;
    this.#hashes[slot] = own;
    this.#keys.push(key);
    this.#entries.push(entry);
  }
}

/** Length, first two bytes and last, the bit that capitals lack set in each. */
function signOf(bytes: Uint8Array, start: number, end: number): number {
  const second = end - start > 1 ? start + 1 : start;
  const sign =
    (bytes[start] as number) | ((bytes[second] as number) << 8) | ((bytes[end - 1] as number) << 16) | 0x202020;
  return Math.imul(sign ^ ((end - start) << 24), SIGN_FACTOR);
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = FNV_OFFSET;
  for (let i = start; i < end; i++) value = Math.imul(value ^ lowerByte(bytes[i] as number), FNV_PRIME);
  return (value ^ (value >>> 15)) | 0;
}

function equals(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let k = 0; k < key.length; k++) if (key[k] !== lowerByte(bytes[start + k] as number)) return false;
  return true;
}
