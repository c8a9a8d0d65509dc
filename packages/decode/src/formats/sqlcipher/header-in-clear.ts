import { u16, u32 } from '../../sqlite/big-endian-read.ts';
import { PLAINTEXT_HEADER } from './settings.ts';

/** Reserved bytes of pages with an HMAC of SHA-512, or of SHA-1 or SHA-256. */
const RESERVES: readonly (number | undefined)[] = [80, 48];

/** Whether a file begins with a database header in clear (`cipher_plaintext_header_size`) and goes on encrypted. */
export function readHeaderInClear(head: Uint8Array): boolean {
  if (head.length < 512) return false;
  for (let i = 0; i < 15; i++) if (head[i] !== 'SQLite format 3'.charCodeAt(i)) return false;
  if (!RESERVES.includes(head[20]) || head[21] !== 64 || head[22] !== 32 || head[23] !== 32) return false;
  // Behind the part in clear: the schema format (44), the text encoding (56) and 20 bytes of zeros (72), or ciphertext.
  const isPlain = u32(head, 44) <= 4 && u32(head, 56) <= 3 && u32(head, 72) === 0 && u32(head, 76) === 0;
  return !isPlain && u16(head, 16) !== 0 && head.length > PLAINTEXT_HEADER;
}
