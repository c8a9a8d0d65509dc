import type { Claim, Probe } from '../../format.ts';
import { readHeaderInClear } from './header-in-clear.ts';

/** Names that databases have. An encrypted one has no signature: without such a name nothing tells it from noise. */
const DATABASE_NAME = /\.(db|db3|sqlite|sqlite3|sqlitedb|sqlcipher)$/i;
/** The least page size, and what is looked at. */
const LEAST = 512;

/** Whether bytes are as even as ciphertext is: no byte value stands out. */
export function looksEncrypted(head: Uint8Array): boolean {
  if (head.length < LEAST) return false;
  const counts = new Uint32Array(256);
  for (const byte of head) counts[byte as number]!++;
  const expected = head.length / 256;
  let squares = 0;
  for (const count of counts) squares += (count - expected) ** 2 / expected;
  // Chi-squared with 255 degrees of freedom: 255 on average, 400 in fewer than one file in 10^8; text has thousands.
  return squares < 400;
}

export function detectCipher({ name, head }: Probe): Claim | null {
  if (readHeaderInClear(head)) {
    return {
      confidence: 'certain',
      grounds:
        'begins as an SQLite database whose pages reserve room for an IV and an HMAC, and is encrypted behind its header',
    };
  }
  if (!DATABASE_NAME.test(name) || !looksEncrypted(head)) return null;
  return { confidence: 'likely', grounds: 'has the name of a database, no header, and bytes as even as ciphertext' };
}
