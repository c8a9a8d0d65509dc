import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Signer, VerifySignature } from '@custody/chain';

/** RFC 8410 sections 4 and 7: DER around the raw 32 bytes. */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
/** Public keys parsed once; a case has a handful. */
const MOST_KEYS = 1024;
const keys = new Map<string, KeyObject>();

/** An Ed25519 signer (RFC 8032) from its 32-byte seed. */
export function signerFromSeed(seed: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { publicKey: new Uint8Array(der.subarray(PUBLIC_PREFIX.length)), sign: (message) => sign(null, message, key) };
}

/** Ed25519 verification by node:crypto; false for anything malformed. */
export const verifyEd25519: VerifySignature = (publicKey, message, signature) => {
  try {
    return verify(null, message, publicKeyOf(publicKey), signature);
  } catch {
    return false;
  }
};

function publicKeyOf(raw: Uint8Array): KeyObject {
  const id = Buffer.from(raw).toString('latin1');
  let key = keys.get(id);
  if (key === undefined) {
    key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, raw]), format: 'der', type: 'spki' });
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(id, key);
  }
  return key;
}
