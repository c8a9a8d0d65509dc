import { createCipheriv } from 'node:crypto';

/** AES-256-CTR keystream (NIST SP 800-38A) from counter block zero: the salts of packages/chain/SPEC.md section 2. */
export function saltStream(secret: Uint8Array, blocks: number): Uint8Array {
  const cipher = createCipheriv('aes-256-ctr', secret, new Uint8Array(16));
  return cipher.update(new Uint8Array(blocks * 16));
}
