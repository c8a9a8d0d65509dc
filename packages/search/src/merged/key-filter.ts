import { hashBytes } from '../byte-table.ts';

/** Bits while a filter is filled: 4 MiB, so that memory does not grow with the number of keys. */
const MOST_BITS = 2 ** 25;
/** Ours: ten bits a key and seven probes give about 1 % false alarms. */
const BITS_A_KEY = 10;
const PROBES = 7;
const FEWEST_BITS = 512;

/** Two hashes of a key: the second is the first one's bytes hashed from another start. */
function hashesOf(tag: number, bytes: Uint8Array, start: number, end: number): [number, number] {
  const first = hashBytes(bytes, start, end) ^ Math.imul(tag + 1, 0x9e3779b1);
  let second = Math.imul(first ^ (first >>> 16), 0x7feb352d);
  second = Math.imul(second ^ (second >>> 15), 0x846ca68b);
  for (let i = start; i < end; i++) second = Math.imul(second ^ (bytes[i] as number), 0x01000193);
  return [first, second | 1];
}

/**
 * A Bloom filter over keys (tag, bytes), for parts of many blocks: a key that is nowhere costs no read. The number of
 * bits is a power of two, so a full-size filter is folded to what its keys need by laying halves over each other.
 */
export class KeyFilter {
  #bits = new Uint8Array(MOST_BITS / 8);
  #keys = 0;

  add(tag: number, bytes: Uint8Array, start: number, end: number): void {
    const [first, second] = hashesOf(tag, bytes, start, end);
    this.#keys++;
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = (first + Math.imul(probe, second)) & (MOST_BITS - 1);
      this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  /** The filter as stored. */
  finish(): Uint8Array {
    let bits = MOST_BITS;
    const words = new Uint32Array(this.#bits.buffer);
    while (bits / 2 >= Math.max(FEWEST_BITS, this.#keys * BITS_A_KEY)) {
      bits /= 2;
      const half = bits / 32;
      for (let i = 0; i < half; i++) words[i] = (words[i] as number) | (words[i + half] as number);
    }
    return this.#bits.slice(0, bits / 8);
  }
}

/** Whether a stored filter may hold a key; false is certain. An empty filter knows nothing. */
export function mayHold(filter: Uint8Array, tag: number, bytes: Uint8Array): boolean {
  const mask = filter.length * 8 - 1;
  if (mask < 0) return true;
  const [first, second] = hashesOf(tag, bytes, 0, bytes.length);
  for (let probe = 0; probe < PROBES; probe++) {
    const bit = (first + Math.imul(probe, second)) & mask;
    if (((filter[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}
