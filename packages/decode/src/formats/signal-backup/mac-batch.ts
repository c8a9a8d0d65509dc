import { DIGEST_LENGTH, digestMany } from '@custody/bytes';

/** Block of SHA-256, and of HMAC over it (RFC 2104). */
const BLOCK = 64;

/** HMAC-SHA256 of many pieces under one key, hashed side by side. */
export class MacBatch {
  readonly #inner: Uint8Array;
  readonly #outer: Uint8Array;
  readonly #innerPad: Uint8Array;
  readonly #innerEnds: Uint32Array;
  readonly #outerEnds: Uint32Array;
  readonly #digests: Uint8Array;
  readonly #macs: Uint8Array;
  #count = 0;
  #length = 0;

  /** For at most `most` pieces of `bytes` bytes in all. The key is no longer than a block. */
  constructor(key: Uint8Array, { most, bytes }: { readonly most: number; readonly bytes: number }) {
    this.#inner = new Uint8Array(bytes + most * BLOCK);
    this.#outer = new Uint8Array(most * (BLOCK + DIGEST_LENGTH));
    this.#innerPad = padded(key, 0x36);
    const outerPad = padded(key, 0x5c);
    this.#innerEnds = new Uint32Array(most);
    this.#outerEnds = Uint32Array.from({ length: most }, (_, i) => (i + 1) * (BLOCK + DIGEST_LENGTH));
    for (let i = 0; i < most; i++) this.#outer.set(outerPad, i * (BLOCK + DIGEST_LENGTH));
    this.#digests = new Uint8Array(most * DIGEST_LENGTH);
    this.#macs = new Uint8Array(most * DIGEST_LENGTH);
  }

  clear(): void {
    this.#count = 0;
    this.#length = 0;
  }

  /** Takes the piece `bytes[start..end)` in. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.#inner.set(this.#innerPad, this.#length);
    this.#inner.set(bytes.subarray(start, end), this.#length + BLOCK);
    this.#length += BLOCK + end - start;
    this.#innerEnds[this.#count++] = this.#length;
  }

  /** MACs of the pieces, 32 bytes each, in their order. A view, until the next call. */
  finish(): Uint8Array {
    const count = this.#count;
    digestMany(this.#inner.subarray(0, this.#length), this.#innerEnds, this.#digests, count);
    for (let i = 0; i < count; i++) {
      const digest = this.#digests.subarray(i * DIGEST_LENGTH, (i + 1) * DIGEST_LENGTH);
      this.#outer.set(digest, i * (BLOCK + DIGEST_LENGTH) + BLOCK);
    }
    digestMany(this.#outer.subarray(0, count * (BLOCK + DIGEST_LENGTH)), this.#outerEnds, this.#macs, count);
    return this.#macs.subarray(0, count * DIGEST_LENGTH);
  }
}

function padded(key: Uint8Array, pad: number): Uint8Array {
  return Uint8Array.from({ length: BLOCK }, (_, i) => (key[i] ?? 0) ^ pad);
}
