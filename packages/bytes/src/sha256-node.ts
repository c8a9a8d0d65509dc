import { createHash, createHmac, type Hash, hash } from 'node:crypto';
import type { Sha256 } from './sha256-state.ts';

/**
 * From this many bytes on one call of OpenSSL, with the processor's SHA instructions, beats the vector code of
 * digestMany; below, the call itself costs more. 376 bytes are the first that fill seven blocks; measured in README.md.
 */
export const ONE_SHOT_FROM = 376;

/** SHA-256 of `data`, 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32);
  sha256Into(data, digest, 0);
  return digest;
}

/** SHA-256 of `data`, written to `out[at..at+32)`. */
export function sha256Into(data: Uint8Array, out: Uint8Array, at: number): void {
  // One-shot to a latin1 string is twice as fast as to a Buffer, which is allocated on the C++ side.
  const digest = hash('sha256', data, 'binary');
  for (let i = 0; i < 32; i++) out[at + i] = digest.charCodeAt(i);
}

/** SHA-256 of `data`, 64 lower-case hex digits. */
export function sha256Hex(data: Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** SHA-256 of data that arrives in pieces. */
export function createSha256(): Sha256 {
  return new NodeSha256();
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(data).digest());
}

class NodeSha256 implements Sha256 {
  readonly #hash: Hash = createHash('sha256');

  update(data: Uint8Array): this {
    this.#hash.update(data);
    return this;
  }

  digest(): Uint8Array {
    return new Uint8Array(this.#hash.digest());
  }
}
