/** FNV-1a, 32 bits. */
const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
/** Numbers an entry has: hash, and where its bytes end in the pool. */
const ENTRY = 2;

/**
 * Numbers texts by their bytes, from 0 in the order they are met: no text is made to look one up. Memory is bounded by
 * `most` entries of at most `longest` bytes.
 */
export class BytesTable {
  readonly #most: number;
  readonly #longest: number;
  /** Number of an entry + 1 at the place of its hash or the next free one; always a power of two, at most half full. */
  #places = new Int32Array(1 << 10);
  #entries = new Int32Array(ENTRY << 9);
  #pool: Buffer = Buffer.alloc(1 << 13);
  #count = 0;

  constructor(most: number, longest: number) {
    this.#most = most;
    this.#longest = longest;
  }

  get count(): number {
    return this.#count;
  }

  /** No further text is taken. */
  get full(): boolean {
    return this.#count === this.#most;
  }

  /** The number of `bytes[start..end)`; -1: it is not there, and too long or one too many to be kept. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let hash = FNV_BASIS;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), FNV_PRIME);
    const places = this.#places;
    const last = places.length - 1;
    let place = (hash ^ (hash >>> 15)) & last;
    for (let number = places[place] as number; number !== 0; number = places[place] as number) {
      if (this.#entries[(number - 1) * ENTRY] === hash && this.#same(number - 1, bytes, start, end)) return number - 1;
      place = (place + 1) & last;
    }
    if (this.full || end - start > this.#longest) return -1;
    return this.#add(hash, place, bytes.subarray(start, end));
  }

  /** Where the bytes of an entry stand in `pool`. */
  start(number: number): number {
    return number === 0 ? 0 : (this.#entries[(number - 1) * ENTRY + 1] as number);
  }

  end(number: number): number {
    return this.#entries[number * ENTRY + 1] as number;
  }

  get pool(): Buffer {
    return this.#pool;
  }

  text(number: number): string {
    return this.#pool.toString('utf8', this.start(number), this.end(number));
  }

  clear(): void {
    this.#places.fill(0);
    this.#count = 0;
  }

  #same(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const pool = this.#pool;
    const from = this.start(number);
    if (this.end(number) - from !== end - start) return false;
    for (let i = start; i < end; i++) if (pool[from + i - start] !== bytes[i]) return false;
    return true;
  }

  #add(hash: number, place: number, bytes: Uint8Array): number {
    const number = this.#count++;
    const from = this.start(number);
    const to = from + bytes.length;
    if (to > this.#pool.length) {
      const bigger = Buffer.alloc(to * 2);
      bigger.set(this.#pool.subarray(0, from));
      this.#pool = bigger;
    }
    this.#pool.set(bytes, from);
    this.#places[place] = number + 1;
    this.#entries[number * ENTRY] = hash;
    this.#entries[number * ENTRY + 1] = to;
    if (this.#count * 2 >= this.#places.length) this.#grow();
    return number;
  }

  #grow(): void {
    const entries = new Int32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    const places = new Int32Array(this.#places.length * 2);
    const last = places.length - 1;
    for (let number = 0; number < this.#count; number++) {
      const hash = entries[number * ENTRY] as number;
      let place = (hash ^ (hash >>> 15)) & last;
      while (places[place] !== 0) place = (place + 1) & last;
      places[place] = number + 1;
    }
    this.#places = places;
  }
}
