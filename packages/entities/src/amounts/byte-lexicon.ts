import { lowerByte } from '../byte-class.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const encoder = new TextEncoder();

/**
 * Words to entries, looked up by their bytes in a text: ASCII in any case, all else exactly. Open addressing, at most
 * half full.
 */
export class ByteLexicon<Entry> {
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** The whole hash of the key in a slot: next to no key is compared in vain. */
  readonly #hashes: Int32Array;
  readonly #keys: Uint8Array[] = [];
  readonly #entries: Entry[] = [];
  readonly #longest: number;

  constructor(words: ReadonlyMap<string, Entry>) {
    let size = 16;
    while (size < words.size * 2) size *= 2;
    this.#slots = new Int32Array(size).fill(-1);
    this.#hashes = new Int32Array(size);
    this.#mask = size - 1;
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
    let slot = own & this.#mask;
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = this.#keys.length;
    this.#hashes[slot] = own;
    this.#keys.push(key);
    this.#entries.push(entry);
  }
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
