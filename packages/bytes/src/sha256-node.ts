import { createHash, createHmac, type Hash, hash } from 'node:crypto';
import type { Sha256 } from './sha256-state.ts';

/**
 * From this many bytes on one call of OpenSSL, with the processor's SHA instructions, beats the vector code of
 * digestMany; below, the call itself costs more. 376 bytes are the first that fill seven blocks; measured in README.md.
 */
export const ONE_SHOT_FROM = 376;

/** Bytes of a block of SHA-256, to which a key is padded (RFC 2104 section 2). */
const BLOCK = 64;
/** Up to this length two one-shot calls beat createHmac, whose set-up alone takes 9 µs (Node 24.21). */
const SHORT = 4096;

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
  if (data.length > SHORT) return new Uint8Array(createHmac('sha256', key).update(data).digest());
  const pad = new Uint8Array(BLOCK);
  pad.set(key.length > BLOCK ? sha256(key) : key);
  const inner = new Uint8Array(BLOCK + data.length);
  const outer = new Uint8Array(BLOCK + 32);
  for (let i = 0; i < BLOCK; i++) {
    inner[i] = (pad[i] as number) ^ 0x36;
    outer[i] = (pad[i] as number) ^ 0x5c;
  }
  inner.set(data, BLOCK);
  sha256Into(inner, outer, BLOCK);
  return sha256(outer);
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
