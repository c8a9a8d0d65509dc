import { DIGEST_LENGTH, digestMany } from '@custody/bytes';

/** Block of SHA-256, and of HMAC over it (RFC 2104). */
const BLOCK = 64;
const WORD = 4;

/** HMAC-SHA256 of many pieces under one key, hashed side by side. */
export class MacBatch {
  readonly #inner: Uint8Array;
  readonly #outer: Uint8Array;
  readonly #outerWords: Int32Array;
  readonly #innerPad: Uint8Array;
  readonly #innerEnds: Uint32Array;
  readonly #outerEnds: Uint32Array;
  readonly #digests: Uint8Array;
  readonly #digestWords: Int32Array;
  readonly #macs: Uint8Array;
  #count = 0;
  #length = 0;

  /** For at most `most` pieces of `bytes` bytes in all. The key is no longer than a block. */
  constructor(key: Uint8Array, { most, bytes }: { readonly most: number; readonly bytes: number }) {
    this.#inner = new Uint8Array(bytes + most * BLOCK);
    this.#outer = new Uint8Array(most * (BLOCK + DIGEST_LENGTH));
    this.#outerWords = new Int32Array(this.#outer.buffer);
    this.#innerPad = padded(key, 0x36);
    this.#innerEnds = new Uint32Array(most);
    this.#outerEnds = Uint32Array.from({ length: most }, (_, i) => (i + 1) * (BLOCK + DIGEST_LENGTH));
    const outerPad = padded(key, 0x5c);
    for (let i = 0; i < most; i++) this.#outer.set(outerPad, i * (BLOCK + DIGEST_LENGTH));
    this.#digests = new Uint8Array(most * DIGEST_LENGTH);
    this.#digestWords = new Int32Array(this.#digests.buffer);
    this.#macs = new Uint8Array(most * DIGEST_LENGTH);
  }

  clear(): void {
    this.#count = 0;
    this.#length = 0;
  }

  /** Takes a piece in. */
  add(piece: Uint8Array): void {
    const at = this.#length;
    this.#inner.set(this.#innerPad, at);
    this.#inner.set(piece, at + BLOCK);
    this.#length = at + BLOCK + piece.length;
    this.#innerEnds[this.#count++] = this.#length;
  }

  /** MACs of the pieces, 32 bytes each, in their order. A view, until the next call. */
  finish(): Uint8Array {
    const count = this.#count;
    digestMany(this.#inner, this.#innerEnds, this.#digests, count);
    for (let i = 0, from = 0, to = BLOCK / WORD; i < count; i++, to += BLOCK / WORD)
      for (let n = 0; n < DIGEST_LENGTH / WORD; n++) this.#outerWords[to++] = this.#digestWords[from++] as number;
    digestMany(this.#outer, this.#outerEnds, this.#macs, count);
    return this.#macs;
  }
}

function padded(key: Uint8Array, pad: number): Uint8Array {
  return Uint8Array.from({ length: BLOCK }, (_, i) => (key[i] ?? 0) ^ pad);
}
