import { utf8Encode } from '@custody/bytes';
import type { SuppliedKey } from '../../keyring.ts';
import { readHexKey } from '../../keys/key-material.ts';
import { passwordOf } from '../../keys/password-of.ts';
import { textOfKeyFile } from '../../keys/text-of-key-file.ts';
import { encryptedKeyIn, NO_KEY_STORE, unwrapSafeStorage } from './safe-storage.ts';
import { type CipherSettings, KEY_LENGTH, SALT_LENGTH, statedSettings } from './settings.ts';

/** One key as it opens pages: 32 raw bytes, perhaps with the salt, or a passphrase that PBKDF2 makes a key of. */
export interface Secret {
  readonly supplied: SuppliedKey;
  readonly raw: Uint8Array | null;
  /** Supplied with the raw key, in place of the salt in the file. */
  readonly salt: Uint8Array | null;
  readonly passphrase: Uint8Array | null;
  /** What the keyring says of the cipher; null: the published defaults are tried. */
  readonly stated: CipherSettings | null;
}

/** Purposes of keys that open SQLCipher pages. */
export const CIPHER_PURPOSES: readonly string[] = ['sqlcipher', 'signal-desktop', 'file'];

/** A passphrase file is short; a text of another kind is none. */
const LONGEST_PASSPHRASE = 16_384;

/** The secret in a supplied key; null where it is none for SQLCipher. */
export function secretOf(supplied: SuppliedKey): Secret | null {
  const base = { supplied, stated: statedSettings(supplied.id) };
  const rawOf = (bytes: Uint8Array): Secret | null => {
    if (bytes.length === KEY_LENGTH) return { ...base, raw: bytes, salt: null, passphrase: null };
    if (bytes.length !== KEY_LENGTH + SALT_LENGTH) return null;
    return { ...base, raw: bytes.slice(0, KEY_LENGTH), salt: bytes.slice(KEY_LENGTH), passphrase: null };
  };
  if (supplied.passphrase !== undefined && supplied.bytes === undefined) {
    const quoted = quotedKey(supplied.passphrase);
    const raw = quoted === null ? null : rawOf(quoted);
    return raw ?? { ...base, raw: null, salt: null, passphrase: utf8Encode(supplied.passphrase) };
  }
  if (supplied.bytes === undefined) return null;
  const text = supplied.bytes.length <= LONGEST_PASSPHRASE ? (textOfKeyFile(supplied.bytes)?.trim() ?? '') : '';
  const found =
    rawOf(supplied.bytes) ?? rawOf(quotedKey(text) ?? configKey(text, supplied.passphrase) ?? new Uint8Array(0));
  if (found !== null || text === '') return found;
  // A file whose purpose nobody stated may be a key of another format: one line alone is taken for a passphrase.
  const isStated = supplied.for === 'sqlcipher';
  if (!isStated && (supplied.for !== 'file' || passwordOf(supplied) === null)) return null;
  return { ...base, raw: null, salt: null, passphrase: utf8Encode(text) };
}

/** A raw key as SQLCipher writes it, `x'…'`, or its 64 or 96 hex digits alone. */
function quotedKey(text: string): Uint8Array | null {
  const digits = /^\s*(?:x'([0-9a-f\s]+)'|([0-9a-f\s]+))\s*$/i.exec(text);
  const bytes = digits === null ? null : readHexKey((digits[1] ?? digits[2]) as string);
  return bytes?.length === KEY_LENGTH || bytes?.length === KEY_LENGTH + SALT_LENGTH ? bytes : null;
}

/** The key inside a `config.json` of Signal Desktop, in clear or wrapped under a password of the computer's key store. */
function configKey(text: string, password: string | undefined): Uint8Array | null {
  if (!text.startsWith('{')) return null;
  const key = /"key"\s*:\s*"([0-9a-fA-F]{64})"/.exec(text)?.[1];
  if (key !== undefined) return readHexKey(key);
  const encrypted = encryptedKeyIn(text);
  return encrypted === null ? null : unwrapSafeStorage(encrypted, password ?? NO_KEY_STORE);
}
