/** Places where nobody says otherwise; always a power of two. */
const PLACES = 1 << 14;
/** Numbers a place has: hash, start and length in the pool, generation. */
const META = 4;
/** Bytes of the pool for each place. */
const POOL_BYTES = 32;
/** Longer ones are rare and not kept. */
const LONGEST = 256;
/** FNV-1a, 32 bits. */
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * What was made of a few bytes before: the same names of persons and devices come again and again, and no text is made
 * to look them up. Each place holds one entry and a newer one takes it over; so memory is bounded, and a miss costs only
 * what was to be done anyway. All that a hit looks at lies in three arrays, because it is memory that costs here.
 */
export class BytesCache<T> {
  readonly #make: (text: string) => T;
  readonly #last: number;
  readonly #meta: Int32Array;
  readonly #pool: Uint8Array;
  readonly #values: T[] = [];
  readonly #texts: string[] = [];
  #used = 0;
  #generation = 1;

  /** `make` gives the value of a text in the present generation. */
  constructor(make: (text: string) => T, places: number = PLACES) {
    this.#make = make;
    this.#last = places - 1;
    this.#meta = new Int32Array(places * META);
    this.#pool = new Uint8Array(places * POOL_BYTES);
  }

  /** Values made before are made again; their texts are kept. */
  renew(): void {
    this.#generation++;
  }

  get(bytes: Buffer, start: number, end: number): T {
    let hash = FNV_BASIS;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), FNV_PRIME);
    const place = (hash ^ (hash >>> 15)) & this.#last;
    if (!this.#holds(place, hash, { bytes, start, end })) return this.#miss(place, hash, { bytes, start, end });
    const generation = place * META + 3;
    if (this.#meta[generation] !== this.#generation) {
      this.#values[place] = this.#make(this.#texts[place] as string);
      this.#meta[generation] = this.#generation;
    }
    return this.#values[place] as T;
  }

  #holds(place: number, hash: number, { bytes, start, end }: Range): boolean {
    const meta = this.#meta;
    const at = place * META;
    // Generation 0: nothing was ever put here.
    if (meta[at] !== hash || meta[at + 2] !== end - start || meta[at + 3] === 0) return false;
    const pool = this.#pool;
    const from = (meta[at + 1] as number) - start;
    for (let i = start; i < end; i++) if (pool[from + i] !== bytes[i]) return false;
    return true;
  }

  #miss(place: number, hash: number, { bytes, start, end }: Range): T {
    const text = bytes.toString('utf8', start, end);
    const value = this.#make(text);
    const length = end - start;
    if (length > LONGEST) return value;
    if (this.#used + length > this.#pool.length) {
      this.#meta.fill(0);
      this.#used = 0;
    }
    for (let i = start; i < end; i++) this.#pool[this.#used + i - start] = bytes[i] as number;
    this.#meta.set([hash, this.#used, length, this.#generation], place * META);
    this.#used += length;
    this.#values[place] = value;
    this.#texts[place] = text;
    return value;
  }
}

interface Range {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}
