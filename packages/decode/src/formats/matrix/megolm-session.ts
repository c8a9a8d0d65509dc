import { createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { equalBytes, hmacSha256, utf8Encode } from '@custody/bytes';
import { ed25519Key, ed25519Verifies, PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH } from './ed25519.ts';
import { MAC_LENGTH, type MegolmMessage } from './megolm-message.ts';
import { MegolmRatchet, RATCHET_LENGTH } from './megolm-ratchet.ts';

/** What a session key holds; `ratchet` and `publicKey` are views. */
export interface SessionKey {
  readonly index: number;
  readonly ratchet: Uint8Array;
  readonly publicKey: Uint8Array;
  /** The key is in the form that a sender shares, and its signature verifies. */
  readonly signed: boolean;
}

/** First byte: of an export without signature, of the signed form that senders share (Olm specification). */
const EXPORTED = 1;
const SHARED = 2;
const UNSIGNED_LENGTH = 1 + 4 + RATCHET_LENGTH + PUBLIC_KEY_LENGTH;
const ZERO_SALT = new Uint8Array(32);
const INFO = utf8Encode('MEGOLM_KEYS');

/** Reads `session_key`; null where its form, length or signature is wrong. */
export function readSessionKey(bytes: Uint8Array): SessionKey | null {
  const isShared = bytes[0] === SHARED;
  if (!isShared && bytes[0] !== EXPORTED) return null;
  if (bytes.length !== UNSIGNED_LENGTH + (isShared ? SIGNATURE_LENGTH : 0)) return null;
  const publicKey = bytes.subarray(5 + RATCHET_LENGTH, UNSIGNED_LENGTH);
  if (isShared) {
    const key = ed25519Key(publicKey);
    const signature = bytes.subarray(UNSIGNED_LENGTH);
    if (key === null || !ed25519Verifies(key, bytes.subarray(0, UNSIGNED_LENGTH), signature)) return null;
  }
  const index = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  return { index, ratchet: bytes.subarray(5, 5 + RATCHET_LENGTH), publicKey, signed: isShared };
}

export type OpenedMessage =
  | { readonly outcome: 'opened'; readonly plaintext: Buffer }
  /** Of these only `signature-failed` speaks of the message: the others keep its signature intact. */
  | { readonly outcome: 'signature-failed' | 'key-begins-later' | 'mac-failed' | 'padding-failed' };

/** Opens messages of one session. */
export class MegolmSession {
  readonly index: number;
  readonly #key: KeyObject | null;
  readonly #start: MegolmRatchet;
  /** Where the last message left it: sessions are read in order, so one step is enough most of the time. */
  readonly #now: MegolmRatchet;

  constructor({ index, ratchet, publicKey }: Omit<SessionKey, 'signed'>) {
    this.index = index;
    this.#key = ed25519Key(publicKey);
    this.#start = new MegolmRatchet(ratchet, index);
    this.#now = new MegolmRatchet(ratchet, index);
  }

  /** Signature first: what does not verify is not decrypted. */
  verifies(message: MegolmMessage): boolean {
    return this.#key !== null && ed25519Verifies(this.#key, message.signed, message.signature);
  }

  open(message: MegolmMessage): OpenedMessage {
    if (!this.verifies(message)) return { outcome: 'signature-failed' };
    return this.decrypt(message);
  }

  /** As `open`, for a message whose signature was verified. */
  decrypt({ index, ciphertext, authenticated, mac }: MegolmMessage): OpenedMessage {
    if (index < this.index) return { outcome: 'key-begins-later' };
    if (index < this.#now.counter) this.#start.copyTo(this.#now);
    this.#now.advance(index);
    // HKDF (RFC 5869) with a salt of zeros: three blocks give AES key, MAC key and IV.
    const secret = hmacSha256(ZERO_SALT, this.#now.bytes);
    const aesKey = expand(secret, new Uint8Array(0), 1);
    const macKey = expand(secret, aesKey, 2);
    if (!equalBytes(hmacSha256(macKey, authenticated).subarray(0, MAC_LENGTH), mac)) return { outcome: 'mac-failed' };
    const iv = expand(secret, macKey, 3).subarray(0, 16);
    try {
      const decipher = createDecipheriv('aes-256-cbc', createSecretKey(aesKey), iv);
      return { outcome: 'opened', plaintext: Buffer.concat([decipher.update(ciphertext), decipher.final()]) };
    } catch {
      return { outcome: 'padding-failed' };
    }
  }
}

function expand(secret: Uint8Array, before: Uint8Array, block: number): Uint8Array {
  const input = new Uint8Array(before.length + INFO.length + 1);
  input.set(before);
  input.set(INFO, before.length);
  input[input.length - 1] = block;
  return hmacSha256(secret, input);
}
