import { createDecipheriv, createSecretKey } from 'node:crypto';
import { equalBytes, utf8Encode } from '@custody/bytes';
import { ed25519Key, ed25519Verifies, PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH } from './ed25519.ts';
import { KeyVerifier } from './key-verifier.ts';
import { MAC_LENGTH, type MegolmMessage } from './megolm-message.ts';
import { MegolmRatchet, RATCHET_LENGTH } from './megolm-ratchet.ts';
import { shortHmac } from './short-hmac.ts';

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
const NOTHING = new Uint8Array(0);
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
  readonly #verifier: KeyVerifier;
  readonly #start: MegolmRatchet;
  /** Where the last message left it: sessions are read in order, so one step is enough most of the time. */
  readonly #now: MegolmRatchet;

  constructor({ index, ratchet, publicKey }: Omit<SessionKey, 'signed'>) {
    this.index = index;
    this.#verifier = new KeyVerifier(publicKey);
    this.#start = new MegolmRatchet(ratchet, index);
    this.#now = new MegolmRatchet(ratchet, index);
  }

  /** Signature first: what does not verify is not decrypted. */
  verifies(message: MegolmMessage): boolean {
    return this.#verifier.verifies(message.signed, message.signature);
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
    const keys = keysOf(this.#now.bytes);
    const tag = new Uint8Array(32);
    shortHmac(keys.subarray(32, 64), authenticated, tag);
    if (!equalBytes(tag.subarray(0, MAC_LENGTH), mac)) return { outcome: 'mac-failed' };
    const plaintext = decryptCbc(keys, ciphertext);
    return plaintext === null ? { outcome: 'padding-failed' } : { outcome: 'opened', plaintext };
  }
}

/** AES key, MAC key and IV: HKDF (RFC 5869) with a salt of zeros, three blocks one after the other. */
function keysOf(ratchet: Uint8Array): Uint8Array {
  const secret = new Uint8Array(32);
  shortHmac(ZERO_SALT, ratchet, secret);
  const keys = new Uint8Array(96);
  for (let block = 1; block <= 3; block++) {
    const before = block === 1 ? 0 : 32;
    const input = new Uint8Array(before + INFO.length + 1);
    input.set(before === 0 ? NOTHING : keys.subarray((block - 2) * 32, (block - 1) * 32));
    input.set(INFO, before);
    input[input.length - 1] = block;
    shortHmac(secret, input, keys, (block - 1) * 32);
  }
  return keys;
}

/** AES-256-CBC without its padding (PKCS #7); null where there is none. */
function decryptCbc(keys: Uint8Array, ciphertext: Uint8Array): Buffer | null {
  if (ciphertext.length === 0 || ciphertext.length % 16 !== 0) return null;
  const decipher = createDecipheriv('aes-256-cbc', createSecretKey(keys.subarray(0, 32)), keys.subarray(64, 80));
  decipher.setAutoPadding(false);
  const padded = decipher.update(ciphertext);
  const padding = padded[padded.length - 1] as number;
  if (padding === 0 || padding > 16) return null;
  for (let i = padded.length - padding; i < padded.length; i++) if (padded[i] !== padding) return null;
  return padded.subarray(0, padded.length - padding);
}
