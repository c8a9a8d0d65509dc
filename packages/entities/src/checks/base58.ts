import { sha256 } from '@custody/bytes';

const BITCOIN = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const RIPPLE = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';
const CHECKSUM = 4;
const NONE = 255;

function valuesOf(alphabet: string): Uint8Array {
  const table = new Uint8Array(256).fill(NONE);
  for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

/** Values of the characters of the two alphabets in use; 255 for all others. */
export const bitcoinBase58: Uint8Array = valuesOf(BITCOIN);
export const rippleBase58: Uint8Array = valuesOf(RIPPLE);

/** Cardano's Byron addresses have up to 104 characters. */
const LONGEST = 110;
const scratch = new Uint8Array(LONGEST);

/**
 * Decodes `bytes[start..end)` and checks the checksum: the first four bytes of a double SHA-256. Returns version and
 * payload, or null. At most 40 characters.
 */
export function base58Check(bytes: Uint8Array, start: number, end: number, values: Uint8Array): Uint8Array | null {
  if (end - start > 40) return null;
  const decoded = decodeBase58(bytes, start, end, values);
  if (decoded === null || decoded.length <= CHECKSUM) return null;
  const body = decoded.subarray(0, decoded.length - CHECKSUM);
  const digest = sha256(sha256(body));
  for (let i = 0; i < CHECKSUM; i++) if (digest[i] !== decoded[body.length + i]) return null;
  return body;
}

/** Bytes of a base58 number without any check, or null where a character is foreign or there are too many. */
export function decodeBase58(bytes: Uint8Array, start: number, end: number, values: Uint8Array): Uint8Array | null {
  if (end - start > LONGEST) return null;
  let zeros = 0;
  while (start + zeros < end && values[bytes[start + zeros] as number] === 0) zeros++;
  let length = 0;
  for (let i = start + zeros; i < end; i++) {
    let carry = values[bytes[i] as number] as number;
    if (carry === NONE) return null;
    for (let k = 0; k < length; k++) {
      carry += (scratch[k] as number) * 58;
      scratch[k] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) scratch[length++] = carry & 0xff;
  }
  const decoded = new Uint8Array(zeros + length);
  for (let k = 0; k < length; k++) decoded[zeros + k] = scratch[length - 1 - k] as number;
  return decoded;
}
