import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
export const PUBLIC_KEY_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

/** A public key from its 32 bytes; null for any other length. */
export function ed25519Key(bytes: Uint8Array): KeyObject | null {
  if (bytes.length !== PUBLIC_KEY_LENGTH) return null;
  try {
    return createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/** Whether an Ed25519 signature (RFC 8032) is that of `data` under `key`; false for a signature of another length. */
export function ed25519Verifies(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === SIGNATURE_LENGTH && verify(null, data, key, signature);
}
