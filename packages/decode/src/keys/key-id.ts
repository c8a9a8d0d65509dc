import { hexEncode, sha256 } from '@custody/bytes';

/** Fingerprint of a key that a derivation records: the first 8 bytes of SHA-256(SHA-256(key)), hex. */
export function keyIdOf(key: Uint8Array): string {
  return hexEncode(sha256(sha256(key)).subarray(0, 8));
}
