interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly text: string;
  generation: number;
  value: T;
}

/** Places; a power of two. */
const PLACES = 1 << 14;
/** FNV-1a, 32 bits. */
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * What was made of a few bytes before: the same names of persons and devices come again and again, and no text is made
 * to look them up. Each place holds one entry and a newer one takes it over; so memory is bounded, and a miss costs only
 * what was to be done anyway.
 */
export class BytesCache<T> {
  readonly #places: (Entry<T> | undefined)[] = new Array(PLACES);
  readonly #make: (text: string) => T;
  #generation = 0;

  /** `make` gives the value of a text in the present generation. */
  constructor(make: (text: string) => T) {
    this.#make = make;
  }

  /** Values made before are made again; their texts are kept. */
  renew(): void {
    this.#generation++;
  }

  get(bytes: Buffer, start: number, end: number): T {
    let hash = FNV_BASIS;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), FNV_PRIME);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const entry = this.#places[place];
    if (entry !== undefined && same(entry.bytes, bytes, start, end)) {
      if (entry.generation !== this.#generation) {
        entry.value = this.#make(entry.text);
        entry.generation = this.#generation;
      }
      return entry.value;
    }
    const text = bytes.toString('utf8', start, end);
    const value = this.#make(text);
    const copy = Uint8Array.prototype.slice.call(bytes, start, end);
    this.#places[place] = { bytes: copy, text, generation: this.#generation, value };
    return value;
  }
}

function same(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (known.length !== length) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
