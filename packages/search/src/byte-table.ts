/** Odd multipliers with well spread bits (the 32-bit constants of MurmurHash3's finaliser). */
const MIX_1 = 0x85ebca6b;
const MIX_2 = 0xc2b2ae35;

/** A 32-bit hash of `bytes[start..end)`, four bytes a step. Stored filters rest on it: another one is another index version. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i += 4) {
    hash = Math.imul(hash ^ fourBytes(bytes, i, end), MIX_1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, MIX_2);
  return hash ^ (hash >>> 13);
}

/** Fields of a key's record; a record is 32 bytes, so that looking one up touches one line of the processor's cache. */
export const RECORD = 8;
export const HASH = 0;
export const TAG = 1;
/** The key's bytes are `arena[start..end)`. */
export const START = 2;
export const END = 3;
/** The first four bytes and the next four, big-endian, zero beyond the end. */
export const HIGH = 4;
export const LOW = 5;
/** Two numbers for the owner of the table, 0 at first. */
export const SEEN = 6;
export const COUNT = 7;

const SHORT = 8;

/**
 * Distinct byte strings, each with a number: open addressing over one arena, no object and no JS string a key. A key is
 * (tag, bytes); ids are dense and follow the order of first sight. Memory is kept from tile to tile.
 */
export class ByteTable {
  count = 0;
  arena: Uint8Array = new Uint8Array(1 << 16);
  /** Record of key `id`: RECORD numbers from `id * RECORD`. Signed, because the engine keeps such numbers in registers. */
  records: Int32Array = new Int32Array(RECORD << 12);
  /** id + 1 of the key in each place, 0 where it is free. */
  #slots = new Uint32Array(1 << 14);
  #length = 0;

  clear(): void {
    this.#slots.fill(0);
    this.count = 0;
    this.#length = 0;
  }

  /** The id of the key `source[start..start+length)`; `hash` is any 32-bit hash of it. A new key's id is `count` before the call. */
  add(source: Uint8Array, start: number, length: number, hash: number, tag: number): number {
    const { records } = this;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const high = fourBytes(source, start, start + length);
    const low = length > 4 ? fourBytes(source, start + 4, start + length) : 0;
    // The tag is mixed in so that equal values of two types part early.
    const mixed = hash ^ Math.imul(tag, 0x9e3779b1);
    let at = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const slot = slots[at] as number;
      if (slot === 0) break;
      const record = (slot - 1) * RECORD;
      if (
        records[record] === mixed &&
        records[record + HIGH] === high &&
        records[record + LOW] === low &&
        records[record + TAG] === tag &&
        this.#equals(record, source, start, length)
      ) {
        return slot - 1;
      }
      at = (at + 1) & mask;
    }
    slots[at] = this.count + 1;
    const record = this.#insert(source, start, length);
    this.records[record] = mixed;
    this.records[record + TAG] = tag;
    this.records[record + HIGH] = high;
    this.records[record + LOW] = low;
    if (this.count * 2 > slots.length) this.#rehash();
    return this.count - 1;
  }

  /** Keys lie in the arena in order of id: that of key i is `arena[spans[i]..spans[i + 1])`. */
  spans(): Uint32Array {
    const spans = new Uint32Array(this.count + 1);
    for (let id = 0; id < this.count; id++) spans[id + 1] = this.records[id * RECORD + END] as number;
    return spans;
  }

  /** Compares the length, and what comes after the bytes that the record itself holds. */
  #equals(record: number, source: Uint8Array, start: number, length: number): boolean {
    const from = this.records[record + START] as number;
    if ((this.records[record + END] as number) - from !== length) return false;
    const { arena } = this;
    for (let i = SHORT; i < length; i++) if (arena[from + i] !== source[start + i]) return false;
    return true;
  }

  #insert(source: Uint8Array, start: number, length: number): number {
    const record = this.count++ * RECORD;
    if (record === this.records.length) this.#moreRecords();
    const from = this.#length;
    if (from + length > this.arena.length) this.#moreArena(from + length);
    const { arena } = this;
    for (let i = 0; i < length; i++) arena[from + i] = source[start + i] as number;
    this.#length = from + length;
    this.records[record + START] = from;
    this.records[record + END] = from + length;
    this.records[record + SEEN] = 0;
    this.records[record + COUNT] = 0;
    return record;
  }

  #moreRecords(): void {
    const records = new Int32Array(this.records.length * 2);
    records.set(this.records);
    this.records = records;
  }

  #moreArena(need: number): void {
    const bigger = new Uint8Array(Math.max(need, this.arena.length * 2));
    bigger.set(this.arena);
    this.arena = bigger;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      const hash = this.records[id * RECORD] as number;
      let at = (hash ^ (hash >>> 15)) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = id + 1;
    }
    this.#slots = slots;
  }
}

/** Big-endian, zero beyond the end: a prefix sorts before what it begins, or ties with it. */
function fourBytes(bytes: Uint8Array, at: number, end: number): number {
  const count = end - at;
  if (count <= 0) return 0;
  if (at + 4 > bytes.length) return lastBytes(bytes, at, end);
  const high = ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16);
  const four = high | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  return count >= 4 ? four : four & (-1 << (8 * (4 - count)));
}

/** The same where the array ends before four bytes do. */
function lastBytes(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < at + 4; i++) value = (value << 8) | (i < end ? (bytes[i] as number) : 0);
  return value;
}

/** A copy with room for `size` entries. */
export function grown(from: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const into = new Uint32Array(size);
  into.set(from);
  return into;
}
