import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { readHexKey } from '../../keys/key-material.ts';

/** Chromium's os_crypt, which Electron's safeStorage is: "v10" or "v11", then AES-128-CBC under an IV of spaces. */
const PREFIX = /^v1[01]$/;
const PREFIX_LENGTH = 3;
const SALT = 'saltysalt';
const IV = Buffer.alloc(16, ' ');
/** Rounds of PBKDF2-SHA1 on macOS and on Linux (components/os_crypt, os_crypt_mac.mm and os_crypt_linux.cc). */
const ROUNDS = [1003, 1];
/** What Linux takes where there is no key store (`basic_text`): published, no secret. */
export const NO_KEY_STORE = 'peanuts';
const KEY_LENGTH = 32;
const LONGEST = 4096;
/** On Windows (os_crypt_win.cc): a nonce and a tag of AES-256-GCM; elsewhere the ciphertext fills whole blocks. */
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const BLOCK = 16;

/** `encryptedKey` of a config.json; null where it has none. */
export function encryptedKeyIn(config: string): string | null {
  return /"encryptedKey"\s*:\s*"([0-9a-fA-F]+)"/.exec(config)?.[1] ?? null;
}

/** Whether an `encryptedKey` was wrapped on Windows: the hex digits of a key, nonce and tag are no whole blocks. */
export function isWrappedOnWindows(encrypted: string): boolean {
  return (encrypted.length / 2 - PREFIX_LENGTH) % BLOCK === NONCE_LENGTH;
}

/**
 * The raw key inside an `encryptedKey` of Windows, opened with the AES key that DPAPI guards there (`os_crypt` in the
 * app's file "Local State"), which somebody unwrapped; null where that does not open it. The tag proves it.
 */
export function unwrapWithLocalState(encrypted: string, key: Uint8Array): Uint8Array | null {
  const sealed = encrypted.length > LONGEST ? null : readHexKey(encrypted);
  if (sealed === null || key.length !== KEY_LENGTH || sealed.length < PREFIX_LENGTH + NONCE_LENGTH + TAG_LENGTH)
    return null;
  const body = sealed.subarray(PREFIX_LENGTH + NONCE_LENGTH, sealed.length - TAG_LENGTH);
  const nonce = sealed.subarray(PREFIX_LENGTH, PREFIX_LENGTH + NONCE_LENGTH);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(
      sealed.subarray(sealed.length - TAG_LENGTH),
    );
    const text = Buffer.concat([decipher.update(body), decipher.final()]).toString('latin1');
    return readHexKey(text, KEY_LENGTH);
  } catch {
    return null;
  }
}

/**
 * The raw key inside an `encryptedKey`, opened with the password that the computer's key store has under "Signal Safe
 * Storage"; null where that does not open it. Windows wraps keys under DPAPI instead, which no password opens here.
 */
export function unwrapSafeStorage(encrypted: string, password: string): Uint8Array | null {
  const sealed = encrypted.length > LONGEST ? null : readHexKey(encrypted);
  if (sealed === null || !PREFIX.test(String.fromCharCode(...sealed.subarray(0, PREFIX_LENGTH)))) return null;
  for (const rounds of ROUNDS) {
    const key = pbkdf2Sync(password, SALT, rounds, 16, 'sha1');
    try {
      const decipher = createDecipheriv('aes-128-cbc', key, IV);
      const text = Buffer.concat([decipher.update(sealed.subarray(PREFIX_LENGTH)), decipher.final()]).toString(
        'latin1',
      );
      // The app encrypts the hex digits of its key.
      const raw = /^[0-9a-fA-F]{64}$/.test(text) ? readHexKey(text, KEY_LENGTH) : null;
      if (raw !== null) return raw;
    } catch {
      // Another padding than PKCS #7: another password.
    }
  }
  return null;
}
