import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { hexEncode } from './hex.ts';
import type { Sha256 } from './sha256-state.ts';

/** From this many bytes on one call beats the vector code of digestMany: never, JavaScript is slower throughout. */
export const ONE_SHOT_FROM = 0x8000_0000;

/** SHA-256 of `data`, 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  return nobleSha256(data);
}

/** SHA-256 of `data`, written to `out[at..at+32)`. */
export function sha256Into(data: Uint8Array, out: Uint8Array, at: number): void {
  out.set(nobleSha256(data), at);
}

/** SHA-256 of `data`, 64 lower-case hex digits. */
export function sha256Hex(data: Uint8Array): string {
  return hexEncode(nobleSha256(data));
}

/** SHA-256 of data that arrives in pieces. */
export function createSha256(): Sha256 {
  return nobleSha256.create();
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(nobleSha256, key, data);
}
