const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a (32 bits) of `bytes[start..end)`. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), FNV_PRIME);
  return hash >>> 0;
}

/**
 * Distinct byte strings, each with a number: open addressing over one arena, no object and no JS string a key. A key is
 * (tag, bytes); ids are dense and follow the order of first sight. Memory is kept from tile to tile.
 */
export class ByteTable {
  count = 0;
  arena: Uint8Array = new Uint8Array(1 << 16);
  /** Key `id` is `arena[starts[id]..ends[id])`. */
  starts: Uint32Array = new Uint32Array(1 << 12);
  ends: Uint32Array = new Uint32Array(1 << 12);
  tags: Uint32Array = new Uint32Array(1 << 12);
  #hashes = new Uint32Array(1 << 12);
  /** id + 1 of the key in each place, 0 where it is free. */
  #slots = new Int32Array(1 << 14);
  #length = 0;

  clear(): void {
    this.#slots.fill(0);
    this.count = 0;
    this.#length = 0;
  }

  /** The id of a key. `hash` is any 32-bit hash of its bytes. A new key's id is the `count` before the call. */
  intern(source: Uint8Array, span: { start: number; end: number; hash: number }, tag = 0): number {
    return this.add(source, span.start, span.end - span.start, span.hash, tag);
  }

  /** As `intern`, without an object: for the one call made for every word of every message. */
  add(source: Uint8Array, start: number, length: number, hash: number, tag: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    // FNV's low bits are good; the tag is mixed in so that equal values of two types part early.
    const mixed = (hash ^ Math.imul(tag, 0x9e3779b1)) >>> 0;
    let at = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const id = (slots[at] as number) - 1;
      if (id < 0) return this.#insert(source, start, length, mixed, tag, at);
      if (this.#hashes[id] === mixed && this.tags[id] === tag && this.#equals(id, source, start, length)) return id;
      at = (at + 1) & mask;
    }
  }

  #equals(id: number, source: Uint8Array, start: number, length: number): boolean {
    const from = this.starts[id] as number;
    if ((this.ends[id] as number) - from !== length) return false;
    const arena = this.arena;
    for (let i = 0; i < length; i++) if (arena[from + i] !== source[start + i]) return false;
    return true;
  }

  #insert(source: Uint8Array, start: number, length: number, hash: number, tag: number, at: number): number {
    const id = this.count++;
    if (id === this.starts.length) this.#moreKeys();
    const from = this.#length;
    if (from + length > this.arena.length) this.#moreArena(from + length);
    const arena = this.arena;
    for (let i = 0; i < length; i++) arena[from + i] = source[start + i] as number;
    this.#length = from + length;
    this.starts[id] = from;
    this.ends[id] = this.#length;
    this.tags[id] = tag;
    this.#hashes[id] = hash;
    this.#slots[at] = id + 1;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #moreKeys(): void {
    const size = this.starts.length * 2;
    this.starts = grown(this.starts, size);
    this.ends = grown(this.ends, size);
    this.tags = grown(this.tags, size);
    this.#hashes = grown(this.#hashes, size);
  }

  #moreArena(need: number): void {
    const bigger = new Uint8Array(Math.max(need, this.arena.length * 2));
    bigger.set(this.arena);
    this.arena = bigger;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      const hash = this.#hashes[id] as number;
      let at = (hash ^ (hash >>> 15)) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = id + 1;
    }
    this.#slots = slots;
  }
}

/** A copy with room for `size` entries. */
export function grown(from: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const into = new Uint32Array(size);
  into.set(from);
  return into;
}
