import { createCipheriv } from 'node:crypto';
import { equalBytes } from '@custody/bytes';
import { Poly1305 } from '@noble/ciphers/_poly1305.js';
import { hchacha } from '@noble/ciphers/chacha.js';
import type { ByteSource } from '../../byte-source.ts';

const STREAM_HEADER = 24;
const TAG_LENGTH = 1;
const MAC_LENGTH = 16;
const BLOCK = 64;
const PIECE = 1024 * 1024;
/** `crypto_secretstream_xchacha20poly1305_TAG_FINAL`. */
const TAG_FINAL = 3;
const SIGMA = 'expand 32-byte k';

/** Bytes of a stream beside its one message. */
export const STREAM_OVERHEAD: number = STREAM_HEADER + TAG_LENGTH + MAC_LENGTH;

/**
 * One message of libsodium's secretstream (XChaCha20-Poly1305) that reaches from `at` to the end of the source: header,
 * encrypted tag byte, ciphertext, code. libsodium documentation, "Encrypted streams and file encryption", and
 * crypto_secretstream_xchacha20poly1305: block 0 keys the code, block 1 hides the tag, the text begins with block 2.
 */
export class SecretStream {
  readonly #source: ByteSource;
  readonly #key: Uint8Array;
  readonly #nonce: Uint8Array;
  readonly #from: number;
  readonly #to: number;

  constructor(source: ByteSource, at: number, key: Uint8Array) {
    const header = source.read(at, STREAM_HEADER);
    const words = new Uint32Array(8);
    hchacha(wordsOf(Buffer.from(SIGMA)), wordsOf(key), wordsOf(header.subarray(0, 16)), words);
    this.#source = source;
    this.#key = new Uint8Array(words.buffer);
    this.#nonce = Uint8Array.of(1, 0, 0, 0, ...header.subarray(16));
    this.#from = at + STREAM_HEADER;
    this.#to = source.length - MAC_LENGTH;
  }

  /** Whether the code over tag and ciphertext verifies. Releases nothing. */
  verifies(): boolean {
    const mac = new Poly1305(this.#stream(0).update(new Uint8Array(BLOCK)).subarray(0, 32));
    const block = this.#tagBlock();
    block[0] = this.#source.read(this.#from, 1)[0] as number;
    mac.update(block);
    const start = this.#from + TAG_LENGTH;
    for (let at = start; at < this.#to; at += PIECE)
      mac.update(this.#source.read(at, Math.min(PIECE, this.#to - at)).slice());
    const length = this.#to - start;
    // As libsodium pads, which is not to the next multiple of 16.
    mac.update(new Uint8Array((16 - BLOCK + length) & 15));
    const lengths = new Uint8Array(16);
    new DataView(lengths.buffer).setBigUint64(8, BigInt(BLOCK + length), true);
    mac.update(lengths);
    return equalBytes(mac.digest(), this.#source.read(this.#to, MAC_LENGTH));
  }

  /** The message is the last of its stream. */
  get isFinal(): boolean {
    return this.#tagBlock()[0] === TAG_FINAL;
  }

  /** Plaintext in pieces. What it gives is true only where the code verifies. */
  *plaintext(): Generator<Uint8Array> {
    const cipher = this.#stream(2);
    for (let at = this.#from + TAG_LENGTH; at < this.#to; at += PIECE) {
      yield cipher.update(this.#source.read(at, Math.min(PIECE, this.#to - at)));
    }
  }

  #tagBlock(): Uint8Array {
    const block = new Uint8Array(BLOCK);
    block.set(this.#source.read(this.#from, TAG_LENGTH));
    return new Uint8Array(this.#stream(1).update(block));
  }

  /** RFC 8439 2.4: node takes the block counter in front of the nonce. */
  #stream(counter: number) {
    return createCipheriv('chacha20', this.#key, Uint8Array.of(counter, 0, 0, 0, ...this.#nonce));
  }
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
