import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { hexEncode } from '@custody/bytes';
import { withoutLabel } from '../../keys/without-label.ts';
import { KEY_INFO, PASSPHRASE_DIGITS, ROUNDS } from './layout.ts';

/** Raw keys, as they go from thread to thread inside this process. */
export interface BackupKeys {
  /** AES-256. */
  readonly cipher: Uint8Array;
  /** HMAC-SHA256. */
  readonly mac: Uint8Array;
}

/** A capture is prepared more than once (to ingest, to verify); in this process's memory only. */
const derivations = new Map<string, BackupKeys>();
const MOST_DERIVATIONS = 16;

/** The 30 digits of a passphrase, without the spaces it is shown with, or other signs between groups; null for anything else. */
export function readPassphrase(text: string): string | null {
  const digits = withoutLabel(text).replace(/[\s.,\u2010-\u2014-]+/g, '');
  return new RegExp(`^\\d{${PASSPHRASE_DIGITS}}$`).test(digits) ? digits : null;
}

/**
 * Keys of a backup: SHA-512 over passphrase, in round one with salt and passphrase before it, 250,000 rounds in all; its
 * first half through HKDF-SHA256 (RFC 5869) without salt. Takes some 0.3 s.
 */
export function deriveBackupKeys(passphrase: string, salt: Uint8Array): BackupKeys {
  const name = `${passphrase} ${hexEncode(salt)}`;
  const known = derivations.get(name);
  if (known !== undefined) return known;
  const input = Buffer.from(passphrase, 'ascii');
  let hash = createHash('sha512').update(salt).update(input).update(input).digest();
  for (let round = 1; round < ROUNDS; round++) hash = createHash('sha512').update(hash).update(input).digest();
  const derived = new Uint8Array(hkdfSync('sha256', hash.subarray(0, 32), new Uint8Array(0), KEY_INFO, 64));
  const keys = { cipher: derived.slice(0, 32), mac: derived.slice(32) };
  if (derivations.size >= MOST_DERIVATIONS) derivations.clear();
  derivations.set(name, keys);
  return keys;
}

export function keyObject(bytes: Uint8Array): KeyObject {
  return createSecretKey(bytes);
}
