import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import { equalBytes } from '@custody/bytes';
import type { ByteSource } from '../byte-source.ts';
import type { AesInfo } from './zip-member.ts';

/** WinZip AE specification: 1,000 rounds of PBKDF2 with HMAC-SHA1; two bytes tell most wrong passwords. */
const ROUNDS = 1000;
const VERIFIER_LENGTH = 2;
/** HMAC-SHA1 cut to its first 10 bytes. */
const MAC_LENGTH = 10;
const BLOCK = 16;
const PIECE = 64 * 1024;

/** Where the encrypted content of a member stands: salt, verifier, ciphertext, code. */
export interface AesBody {
  readonly zip: ByteSource;
  readonly at: number;
  readonly packed: number;
  readonly aes: AesInfo;
}

export interface AesKeys {
  readonly key: Uint8Array;
  readonly macKey: Uint8Array;
}

/** Bytes beside the ciphertext. */
export function aesOverhead({ strength }: AesInfo): number {
  return saltLength(strength) + VERIFIER_LENGTH + MAC_LENGTH;
}

/**
 * Keys of a member under a password; null where the two verification bytes say that the password is another one. One
 * wrong password in 65,536 passes: only the code over the ciphertext decides.
 */
export function aesKeys({ zip, at, aes }: AesBody, password: string): AesKeys | null {
  const length = 8 + 8 * aes.strength;
  const head = zip.read(at, saltLength(aes.strength) + VERIFIER_LENGTH);
  const salt = head.subarray(0, saltLength(aes.strength));
  const derived = pbkdf2Sync(password, salt, ROUNDS, 2 * length + VERIFIER_LENGTH, 'sha1');
  if (!equalBytes(derived.subarray(2 * length), head.subarray(salt.length))) return null;
  return { key: derived.subarray(0, length), macKey: derived.subarray(length, 2 * length) };
}

/** Whether the authentication code over the ciphertext verifies. Reads it all, releases nothing. */
export function aesVerifies(body: AesBody, { macKey }: AesKeys): boolean {
  const { from, to } = cipherRange(body);
  if (to < from || to + MAC_LENGTH > body.zip.length) return false;
  const hmac = createHmac('sha1', macKey);
  for (let at = from; at < to; at += PIECE * 16) hmac.update(body.zip.read(at, Math.min(PIECE * 16, to - at)));
  return equalBytes(hmac.digest().subarray(0, MAC_LENGTH), body.zip.read(to, MAC_LENGTH));
}

/** The plaintext in pieces. Call only after `aesVerifies`. The counter is little-endian from 1, so node's CTR does not do. */
export function* aesPlaintext(body: AesBody, { key }: AesKeys): Generator<Uint8Array> {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null);
  cipher.setAutoPadding(false);
  const counters = new Uint8Array(PIECE);
  const view = new DataView(counters.buffer);
  const { from, to } = cipherRange(body);
  let count = 1;
  for (let at = from; at < to; at += PIECE) {
    const piece = body.zip.read(at, Math.min(PIECE, to - at)).slice();
    const blocks = Math.ceil(piece.length / BLOCK);
    for (let i = 0; i < blocks; i++, count++) {
      view.setUint32(i * BLOCK, count >>> 0, true);
      view.setUint32(i * BLOCK + 4, Math.floor(count / 2 ** 32), true);
    }
    const stream = cipher.update(counters.subarray(0, blocks * BLOCK));
    for (let i = 0; i < piece.length; i++) piece[i] = (piece[i] as number) ^ (stream[i] as number);
    yield piece;
  }
}

function cipherRange({ at, packed, aes }: AesBody): { readonly from: number; readonly to: number } {
  return { from: at + saltLength(aes.strength) + VERIFIER_LENGTH, to: at + packed - MAC_LENGTH };
}

function saltLength(strength: AesInfo['strength']): number {
  return 4 + 4 * strength;
}
