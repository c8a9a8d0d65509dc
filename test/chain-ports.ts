import { createCipheriv, createPublicKey, sign, verify } from 'node:crypto';
import { ed25519 } from './independent/log.ts';

/** The ports of packages/chain by node:crypto, for tests. */

/** Signer from a 32-byte Ed25519 seed. */
export function signerOf(seed: Uint8Array): { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array } {
  const { key, publicKey } = ed25519(seed);
  return { publicKey: new Uint8Array(publicKey), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
    format: 'jwk',
  });
  return verify(null, message, key, signature);
}

export function keystream(secret: Uint8Array, blocks: number): Uint8Array {
  return createCipheriv('aes-256-ctr', secret, new Uint8Array(16)).update(new Uint8Array(blocks * 16));
}
