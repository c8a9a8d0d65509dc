import { createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { releaseBytes } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import { pieceOf } from '../../file-digest.ts';

const BLOCK = 16;
/** Ciphertext on its way, one a thread: a backup has pages by the million, and each would leave a buffer behind. */
const SEALED = new Uint8Array(256 * 1024 + BLOCK);

/**
 * A file under AES-256-CBC with an IV of zeros, readable at any place: each block needs only the ciphertext block before
 * it. Nothing authenticates it.
 */
export class CbcSource implements ByteSource {
  readonly length: number;
  readonly #sealed: ByteSource;
  readonly #key: KeyObject;

  /** `length` is that of the content, without padding. */
  constructor(sealed: ByteSource, key: Uint8Array, length: number) {
    this.#sealed = sealed;
    this.#key = createSecretKey(key);
    this.length = Math.max(0, Math.min(length, sealed.length - (sealed.length % BLOCK)));
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.length, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const from = offset - (offset % BLOCK);
    const to = Math.ceil(end / BLOCK) * BLOCK;
    const iv = from === 0 ? new Uint8Array(BLOCK) : this.#sealed.read(from - BLOCK, BLOCK).slice();
    const size = to - from;
    const sealed =
      size > SEALED.length ? this.#sealed.read(from, size) : pieceOf(this.#sealed, from, SEALED.subarray(0, size));
    const plain = createDecipheriv('aes-256-cbc', this.#key, iv).setAutoPadding(false).update(sealed);
    return new Uint8Array(plain.buffer, plain.byteOffset + offset - from, end - offset);
  }

  readInto(offset: number, into: Uint8Array): void {
    const plain = this.read(offset, into.length);
    into.set(plain);
    releaseBytes(plain);
  }
}

/** Length of the content as its padding says (RFC 5652 6.3); null where the last block is no padding. */
export function unpaddedLength(sealed: ByteSource, key: Uint8Array): number | null {
  const { length } = sealed;
  if (length === 0 || length % BLOCK !== 0) return null;
  const last = new CbcSource(sealed, key, length).read(length - BLOCK, BLOCK);
  const pad = last[BLOCK - 1] as number;
  if (pad === 0 || pad > BLOCK) return null;
  for (let i = BLOCK - pad; i < BLOCK; i++) if (last[i] !== pad) return null;
  return length - pad;
}
