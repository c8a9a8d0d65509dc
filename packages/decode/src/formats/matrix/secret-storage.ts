import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2Sync } from 'node:crypto';
import { equalBytes, hmacSha256, utf8Encode } from '@custody/bytes';
import { integerOf, type JsonObject, objectOf, textOf } from './json-value.ts';
import { MOST_ROUNDS } from './key-export.ts';
import { looseBase64 } from './loose-base64.ts';

/** m.secret_storage.v1.aes-hmac-sha2 (Matrix specification, "Secret storage"). */
const ALGORITHM = 'm.secret_storage.v1.aes-hmac-sha2';
const KEY_LENGTH = 32;
const ZERO_SALT = new Uint8Array(32);

/** The storage key that a passphrase gives; null where the description names no passphrase, or other means than PBKDF2. */
export function keyFromPassphrase(description: JsonObject, passphrase: string): Uint8Array | null {
  const how = objectOf(description, 'passphrase');
  const salt = textOf(how, 'salt');
  const iterations = integerOf(how, 'iterations');
  const bits = integerOf(how, 'bits') ?? KEY_LENGTH * 8;
  if (textOf(how, 'algorithm') !== 'm.pbkdf2' || salt === null || iterations === null) return null;
  if (iterations < 1 || iterations > MOST_ROUNDS || bits !== KEY_LENGTH * 8) return null;
  return new Uint8Array(pbkdf2Sync(utf8Encode(passphrase), utf8Encode(salt), iterations, KEY_LENGTH, 'sha512'));
}

/** Whether a key is the one described; `unstated` where the description has nothing to compare with. */
export function isStorageKey(description: JsonObject, key: Uint8Array): boolean | 'unstated' {
  if (textOf(description, 'algorithm') !== ALGORITHM) return false;
  const iv = looseBase64(textOf(description, 'iv'));
  const mac = looseBase64(textOf(description, 'mac'));
  if (iv === null || mac === null || iv.length !== 16) return 'unstated';
  const { aes, hmac } = keysFor(key, '');
  const sealed = createCipheriv('aes-256-ctr', aes, iv).update(new Uint8Array(KEY_LENGTH));
  return equalBytes(hmacSha256(hmac, sealed), mac);
}

/** A secret by its name; null where its MAC does not verify. */
export function openSecret(sealed: JsonObject, name: string, key: Uint8Array): Uint8Array | null {
  const iv = looseBase64(textOf(sealed, 'iv'));
  const ciphertext = looseBase64(textOf(sealed, 'ciphertext'));
  const mac = looseBase64(textOf(sealed, 'mac'));
  if (iv === null || ciphertext === null || mac === null || iv.length !== 16) return null;
  const { aes, hmac } = keysFor(key, name);
  if (!equalBytes(hmacSha256(hmac, ciphertext), mac)) return null;
  return createDecipheriv('aes-256-ctr', aes, iv).update(ciphertext);
}

function keysFor(key: Uint8Array, name: string): { readonly aes: Uint8Array; readonly hmac: Uint8Array } {
  const keys = new Uint8Array(hkdfSync('sha256', key, ZERO_SALT, utf8Encode(name), 64));
  return { aes: keys.subarray(0, 32), hmac: keys.subarray(32) };
}
