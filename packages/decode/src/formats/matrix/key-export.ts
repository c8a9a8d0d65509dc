import { createDecipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import { equalBytes, utf8Encode } from '@custody/bytes';
import { looseBase64 } from './loose-base64.ts';

/** Armour of an exported key file (Matrix specification, "Key exports"). */
export const EXPORT_HEAD = '-----BEGIN MEGOLM SESSION DATA-----';
const EXPORT_TAIL = '-----END MEGOLM SESSION DATA-----';
const VERSION = 1;
const SALT = 1;
const IV = 17;
const ROUNDS = 33;
const CIPHERTEXT = 37;
const MAC = 32;
/** Clients write 100,000 to 500,000; the number is the file's, so it is bounded: 10 million are some seconds. */
export const MOST_ROUNDS = 10_000_000;
const LONGEST = 64 * 1024 * 1024;

export type OpenedExport =
  | { readonly problem: null; readonly plaintext: Uint8Array }
  /** `mac`: another passphrase, or a changed file. The format cannot tell which. */
  | { readonly problem: 'armour' | 'cut' | 'version' | 'rounds' | 'mac'; readonly plaintext: null };

/** Whether a text is, or begins like, an exported key file. */
export function looksLikeKeyExport(file: Uint8Array): boolean {
  return Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 256))
    .toString('latin1')
    .trimStart()
    .startsWith(EXPORT_HEAD);
}

/** Opens an exported key file. Nothing is decrypted unless the MAC over the whole file verifies. */
export function openKeyExport(file: Uint8Array, passphrase: string): OpenedExport {
  const body = readArmour(file);
  if (typeof body === 'string') return failed(body);
  if (body[0] !== VERSION) return failed('version');
  const rounds = body.readUInt32BE(ROUNDS);
  if (rounds === 0 || rounds > MOST_ROUNDS) return failed('rounds');
  const keys = pbkdf2Sync(utf8Encode(passphrase), body.subarray(SALT, IV), rounds, 64, 'sha512');
  const covered = body.subarray(0, body.length - MAC);
  const mac = createHmac('sha256', keys.subarray(32)).update(covered).digest();
  if (!equalBytes(mac, body.subarray(body.length - MAC))) return failed('mac');
  const ciphertext = covered.subarray(CIPHERTEXT);
  return { problem: null, plaintext: decryptCounter64(keys.subarray(0, 32), body.subarray(IV, ROUNDS), ciphertext) };
}

/**
 * AES-256-CTR whose counter is the last 64 bits of the IV, as WebCrypto writes exports; OpenSSL would carry into the
 * first 64, which differs once the counter overflows.
 */
function decryptCounter64(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const left = (1n << 64n) - Buffer.from(iv).readBigUInt64BE(8);
  const split = left * 16n < BigInt(ciphertext.length) ? Number(left * 16n) : ciphertext.length;
  const before = createDecipheriv('aes-256-ctr', key, iv).update(ciphertext.subarray(0, split));
  if (split === ciphertext.length) return before;
  const restarted = Buffer.from(iv);
  restarted.fill(0, 8);
  return Buffer.concat([before, createDecipheriv('aes-256-ctr', key, restarted).update(ciphertext.subarray(split))]);
}

function readArmour(file: Uint8Array): Buffer | 'armour' | 'cut' {
  if (file.length > LONGEST) return 'armour';
  const text = Buffer.from(file.buffer, file.byteOffset, file.length).toString('latin1');
  const head = text.indexOf(EXPORT_HEAD);
  const tail = text.indexOf(EXPORT_TAIL);
  if (head < 0) return 'armour';
  if (tail < head) return 'cut';
  const body = looseBase64(text.slice(head + EXPORT_HEAD.length, tail).replace(/\s+/g, ''));
  if (body === null) return 'armour';
  return body.length < CIPHERTEXT + MAC ? 'cut' : body;
}

function failed(problem: Exclude<OpenedExport['problem'], null>): OpenedExport {
  return { problem, plaintext: null };
}
