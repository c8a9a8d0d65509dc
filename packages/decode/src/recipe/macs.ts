import { createHmac, timingSafeEqual } from 'node:crypto';
import { cmac } from '@noble/ciphers/aes.js';
import type { MacName } from './recipe.ts';
import { fail } from './step-failure.ts';

/** The whole MAC, before any truncation. */
export function macOf(mac: MacName, key: Buffer, over: Buffer): Buffer {
  if (mac !== 'aes-cmac') return createHmac(mac.slice('hmac-'.length), key).update(over).digest();
  if (![16, 24, 32].includes(key.length)) fail('malformed', `an AES key of ${key.length} bytes`);
  return Buffer.from(cmac(over, key));
}

/** Fails unless `tag` is the MAC, or with `truncate` its first so many bytes (RFC 2104 5). */
export function checkMac(expected: Buffer, tag: Buffer, truncate?: number): void {
  const length = truncate ?? expected.length;
  if (tag.length !== length || length > expected.length) {
    fail('failed', `the MAC is ${tag.length} bytes long, ${length} are expected`);
  }
  if (!timingSafeEqual(expected.subarray(0, length), tag)) {
    fail('failed', 'the MAC does not fit: the record was altered or damaged, or the key is not its key');
  }
}
