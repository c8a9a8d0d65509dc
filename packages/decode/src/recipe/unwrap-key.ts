import { createDecipheriv } from 'node:crypto';
import { fail } from './step-failure.ts';

/** RFC 3394 2.2.3.1 and RFC 5649 3. */
const KW_IV = Buffer.from('a6a6a6a6a6a6a6a6', 'hex');
const KWP_IV = Buffer.from('a65959a6', 'hex');

/** AES key wrap without (RFC 3394) or with padding (RFC 5649). node takes empty input for a success: lengths are checked. */
export function aesUnwrap(wrap: 'aes-kw' | 'aes-kwp', key: Buffer, wrapped: Buffer): Buffer {
  if (![16, 24, 32].includes(key.length)) fail('malformed', `an AES key of ${key.length} bytes`);
  const least = wrap === 'aes-kw' ? 24 : 16;
  if (wrapped.length < least || wrapped.length % 8 !== 0) fail('malformed', 'the wrapped key has no possible length');
  const name = `id-aes${key.length * 8}-wrap${wrap === 'aes-kwp' ? '-pad' : ''}`;
  try {
    const decipher = createDecipheriv(name, key, wrap === 'aes-kw' ? KW_IV : KWP_IV);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    return fail('failed', 'the wrapped key does not open: it was altered or damaged, or the key is not its key');
  }
}
