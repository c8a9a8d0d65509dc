import { createDecipheriv } from 'node:crypto';
import { fail } from './step-failure.ts';

const BLOCK = 16;

/**
 * RFC 3211 2.3.2: the wrapped key was encrypted twice in CBC. The last block but one is the IV under which the last one
 * gives the IV of the outer pass; what comes out begins with a length and the complement of three bytes of the key.
 */
export function pwriUnwrap(kek: Buffer, iv: Buffer, wrapped: Buffer): Buffer {
  const blocks = wrapped.length / BLOCK;
  if (iv.length !== BLOCK || !Number.isInteger(blocks) || blocks < 2 || blocks > 64)
    return fail('malformed', 'the wrapped key has no possible length');
  const last = decrypt(kek, wrapped.subarray(-2 * BLOCK, -BLOCK), wrapped.subarray(-BLOCK));
  const outer = Buffer.concat([decrypt(kek, last, wrapped.subarray(0, -BLOCK)), last]);
  const plain = decrypt(kek, iv, outer);
  const length = plain[0] as number;
  const checks = [1, 2, 3].every((i) => ((plain[i] as number) ^ (plain[i + 3] as number)) === 0xff);
  if (!checks || length > plain.length - 4)
    return fail('failed', 'the wrapped key does not open: the passphrase is not its passphrase');
  return plain.subarray(4, 4 + length);
}

function decrypt(key: Buffer, iv: Buffer, text: Buffer): Buffer {
  const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv);
  decipher.setAutoPadding(false);
  return Buffer.concat([decipher.update(text), decipher.final()]);
}
