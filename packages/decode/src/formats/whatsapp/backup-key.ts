import { equalBytes, hmacSha256, utf8Encode } from '@custody/bytes';
import type { Keyring, SuppliedKey } from '../../keyring.ts';
import { type Candidates, candidatesFor } from '../../keys/candidates.ts';
import { ROOT_KEY_LENGTH } from '../../keys/key-material.ts';
import { readWhatsAppKey, WHATSAPP_KEY_LENGTH } from '../../keys/whatsapp-key-file.ts';
import type { Container, KeyHeader } from './container.ts';

/** One AES key to try, and what the header of the backup says about it. */
export interface KeyToTry {
  readonly supplied: SuppliedKey;
  readonly aesKey: Uint8Array;
  /** fits: the header names this key file; differs: it names another; silent: there is nothing to compare. */
  readonly header: 'fits' | 'differs' | 'silent';
  /** What differs, in words; empty otherwise. */
  readonly difference: string;
}

export function candidateKeys(keyring: Keyring, container: Container): Candidates {
  if (container.generation === 'crypt15') {
    return candidatesFor(keyring, ['whatsapp-crypt15', 'file'], (key) => key.bytes?.length === ROOT_KEY_LENGTH);
  }
  const lengths: readonly (number | undefined)[] = [WHATSAPP_KEY_LENGTH, ROOT_KEY_LENGTH];
  const all = candidatesFor(keyring, ['whatsapp-key', 'file'], (key) => lengths.includes(key.bytes?.length));
  if (all.tooMany === null) return all;
  // A key file that the header names is addressed: the limit is for trying what nothing points at.
  const named = keyring.keys.filter((key) => keyToTry(key, container)?.header === 'fits');
  return named.length > 0 ? candidatesFor({ keys: named }, ['whatsapp-key', 'file'], () => true) : all;
}

/** The AES key of a supplied key; null where its length is none of this generation's. */
export function keyToTry(supplied: SuppliedKey, container: Container): KeyToTry | null {
  const bytes = supplied.bytes;
  if (bytes === undefined) return null;
  if (container.generation === 'crypt15') {
    return { supplied, aesKey: deriveBackupKey(bytes), header: 'silent', difference: '' };
  }
  const file = readWhatsAppKey(bytes);
  if (file === null) {
    return bytes.length === ROOT_KEY_LENGTH ? { supplied, aesKey: bytes, header: 'silent', difference: '' } : null;
  }
  const difference = differenceOf(file, container.keyHeader as KeyHeader);
  return { supplied, aesKey: file.key, header: difference === '' ? 'fits' : 'differs', difference };
}

function differenceOf(file: KeyHeader, header: KeyHeader): string {
  const differing: string[] = [];
  if (file.keyVersion !== header.keyVersion) differing.push(`key version ${file.keyVersion}, not ${header.keyVersion}`);
  if (!equalBytes(file.serverSalt, header.serverSalt)) differing.push('another server salt');
  if (!equalBytes(file.googleIdSalt, header.googleIdSalt)) differing.push('another googleIdSalt');
  return differing.join(', ');
}

/**
 * The AES key of a crypt15 backup: HMAC(HMAC(0^32, root), "backup encryption" || 01), which is HKDF-SHA-256
 * (RFC 5869) without salt, with one block of output.
 */
export function deriveBackupKey(root: Uint8Array): Uint8Array {
  const pseudorandom = hmacSha256(new Uint8Array(32), root);
  return hmacSha256(pseudorandom, utf8Encode('backup encryption\u0001'));
}
