import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { UsageError } from '@custody/bytes';
import { decodeBech32, encodeBech32 } from './bech32.ts';
import type { VaultErrorCode } from './errors.ts';

/** RFC 8410 section 7 and 4: DER around the 32 raw bytes of an X25519 private and public key. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_HEAD = Buffer.from('302a300506032b656e032100', 'hex');
/** https://age-encryption.org/v1, "X25519 recipient type": the Bech32 prefixes. */
const RECIPIENT_PREFIX = 'age';
const IDENTITY_PREFIX = 'age-secret-key-';
const KEY_LENGTH = 32;
/** An identity file is a few lines; anything larger is another file. */
const MAX_IDENTITY_FILE = 65536;
/** Recipients kept parsed. Each costs about 1 KB; a case has a handful at a time. */
const RECIPIENT_CACHE = 256;

/** Who may open: an X25519 public key. Parsed once, so that sealing to it does not parse again. */
export interface AgeRecipient {
  /** `age1…` */
  readonly text: string;
  readonly publicBytes: Uint8Array;
  readonly publicKey: KeyObject;
}

/** A private key. `secret` is a getter, so neither JSON nor the console shows it unasked. */
export interface AgeIdentity {
  /** `AGE-SECRET-KEY-1…` */
  readonly secret: string;
  /** `age1…` */
  readonly recipient: string;
  readonly privateKey: KeyObject;
  readonly publicBytes: Uint8Array;
  /** The same as a recipient, for sealing to it without reading its text again. */
  readonly asRecipient: AgeRecipient;
}

class X25519Identity implements AgeIdentity {
  readonly recipient: string;
  readonly privateKey: KeyObject;
  readonly publicBytes: Uint8Array;
  readonly #publicKey: KeyObject;

  constructor(privateKey: KeyObject) {
    this.privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    this.publicBytes = rawPublic(this.#publicKey);
    this.recipient = encodeBech32(RECIPIENT_PREFIX, this.publicBytes);
  }

  get asRecipient(): AgeRecipient {
    return { text: this.recipient, publicBytes: this.publicBytes, publicKey: this.#publicKey };
  }

  get secret(): string {
    const raw = this.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_HEAD.length);
    return encodeBech32(IDENTITY_PREFIX, raw).toUpperCase();
  }
}

/** The 32 bytes of an X25519 public key. */
export function rawPublic(key: KeyObject): Uint8Array {
  // JWK (RFC 8037) exports in 1 µs, DER in 20.
  return Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url');
}

/** A public key from its 32 raw bytes; the caller has checked the length. */
export function publicKeyFromRaw(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
}

/** A fresh X25519 identity. */
export function generateIdentity(): AgeIdentity {
  return new X25519Identity(generateKeyPairSync('x25519').privateKey);
}

/**
 * The identities of an identity file as `age-keygen` writes it, or of a bare `AGE-SECRET-KEY-1…`: one a line,
 * empty lines and lines that start with # do not count. Throws UsageError IDENTITY_INVALID (never quoting the text).
 */
export function readIdentities(text: string): AgeIdentity[] {
  if (text.length > MAX_IDENTITY_FILE) throw invalidIdentity('it is too large for an identity file');
  const found: AgeIdentity[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    found.push(readIdentityLine(trimmed, i + 1));
  }
  if (found.length === 0) throw invalidIdentity('it holds no AGE-SECRET-KEY-1… line');
  return found;
}

/** The only identity of such a text. Several: UsageError IDENTITY_INVALID. */
export function readIdentity(text: string): AgeIdentity {
  const [first, ...others] = readIdentities(text);
  if (others.length > 0) throw invalidIdentity('it holds several identities where one is expected');
  return first as AgeIdentity;
}

function readIdentityLine(line: string, number: number): AgeIdentity {
  // Upper case only, as the age programs require.
  const decoded = line === line.toUpperCase() ? decodeBech32(line) : null;
  if (decoded?.prefix !== IDENTITY_PREFIX || decoded.data.length !== KEY_LENGTH) {
    throw invalidIdentity(`line ${number} is not an AGE-SECRET-KEY-1… key, or was mistyped (its checksum is wrong)`);
  }
  const key = Buffer.concat([PKCS8_HEAD, decoded.data]);
  return new X25519Identity(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}

function invalidIdentity(why: string): UsageError<VaultErrorCode> {
  return new UsageError('IDENTITY_INVALID', `This is not a usable age identity: ${why}. age-keygen makes one.`);
}

const recipients = new Map<string, AgeRecipient>();

/** The recipient of an `age1…` text; repeated calls cost a lookup. Throws UsageError RECIPIENT_INVALID. */
export function readRecipient(text: string): AgeRecipient {
  const known = recipients.get(text);
  if (known !== undefined) return known;
  // Lower case only, as the age programs require.
  const decoded = text === text.toLowerCase() ? decodeBech32(text) : null;
  if (decoded?.prefix !== RECIPIENT_PREFIX || decoded.data.length !== KEY_LENGTH) {
    throw new UsageError<VaultErrorCode>(
      'RECIPIENT_INVALID',
      `Not an age recipient: ${JSON.stringify(text.slice(0, 80))}. It must be age1… with a correct checksum (age-keygen -y prints it).`,
    );
  }
  const recipient = { text, publicBytes: decoded.data, publicKey: publicKeyFromRaw(decoded.data) };
  if (recipients.size >= RECIPIENT_CACHE) recipients.clear();
  recipients.set(text, recipient);
  return recipient;
}
