import { shortHmac } from './short-hmac.ts';

/** R0..R3, 32 bytes each. */
export const RATCHET_LENGTH = 128;
const PART = 32;
const SEEDS = [Uint8Array.of(0), Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)] as const;

/**
 * The Megolm ratchet (Olm specification, "Megolm group ratchet"). It goes forward only: R3 at every step, R2, R1 and R0 every
 * 2^8, 2^16 and 2^24 steps, each of them renewing the faster ones.
 */
export class MegolmRatchet {
  readonly bytes: Uint8Array;
  counter: number;

  constructor(bytes: Uint8Array, counter: number) {
    // Not slice: of a Buffer that is a view, and this one moves.
    this.bytes = new Uint8Array(bytes.subarray(0, RATCHET_LENGTH));
    this.counter = counter >>> 0;
  }

  copyTo(other: MegolmRatchet): void {
    other.bytes.set(this.bytes);
    other.counter = this.counter;
  }

  /** Up to counter `to`, modulo 2^32, in at most 1,020 HMACs whatever the distance. */
  advance(to: number): void {
    for (let part = 0; part < 4; part++) {
      const shift = (3 - part) * 8;
      let steps = ((to >>> shift) - (this.counter >>> shift)) & 0xff;
      if (steps === 0) {
        // The same byte: nothing to do, unless the counter has to go round once.
        if (to >>> 0 >= this.counter) continue;
        steps = 0x100;
      }
      for (; steps > 1; steps--) this.#rehash(part, part);
      // The slow part seeds the faster ones before it moves itself.
      for (let faster = 3; faster >= part; faster--) this.#rehash(part, faster);
      this.counter = (shift === 0 ? to : (to >>> shift) << shift) >>> 0;
    }
  }

  #rehash(from: number, to: number): void {
    const key = this.bytes.subarray(from * PART, (from + 1) * PART);
    shortHmac(key, SEEDS[to as 0 | 1 | 2 | 3], this.bytes, to * PART);
  }
}
