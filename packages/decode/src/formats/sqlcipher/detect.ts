import type { Claim, Probe } from '../../format.ts';
import { readHeaderInClear } from './header-in-clear.ts';

/** Names that databases have. An encrypted one has no signature: without such a name nothing tells it from noise. */
const DATABASE_NAME = /\.(db|db3|sqlite|sqlite3|sqlitedb|sqlcipher)$/i;
/** Fewer bytes than those of the least page say nothing. */
const LEAST = 480;

/**
 * Whether bytes are as even as ciphertext is: no value stands out but zero, which fills pages that were never written and,
 * with some writers, the end of each page.
 */
export function looksEncrypted(head: Uint8Array): boolean {
  const counts = new Uint32Array(256);
  for (const byte of head) counts[byte]!++;
  const others = head.length - counts[0]!;
  if (others < LEAST || others < head.length / 2) return false;
  const expected = others / 255;
  let squares = 0;
  for (let value = 1; value < 256; value++) squares += (counts[value]! - expected) ** 2 / expected;
  // Chi-squared with 254 degrees of freedom: 254 on average, 400 in fewer than one file in 10^7; text has thousands.
  return squares < 400;
}

export function detectCipher({ name, head }: Pick<Probe, 'name' | 'head'>): Claim | null {
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
