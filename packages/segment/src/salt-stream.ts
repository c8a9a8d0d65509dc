import { createCipheriv } from 'node:crypto';

/** Zeros to encrypt: the keystream itself comes out. Kept, because every part needs some hundred kilobytes of them. */
let zeros = new Uint8Array(0);

/** AES-256-CTR keystream (NIST SP 800-38A) from counter block zero: the salts of packages/chain/SPEC.md section 2. */
export function saltStream(secret: Uint8Array, blocks: number): Uint8Array {
  if (zeros.length < blocks * 16) zeros = new Uint8Array(Math.ceil(blocks * 1.25) * 16);
  const cipher = createCipheriv('aes-256-ctr', secret, new Uint8Array(16));
  return cipher.update(zeros.subarray(0, blocks * 16));
}
