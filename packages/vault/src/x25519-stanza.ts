import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { decodeAgeBase64, encodeAgeBase64 } from './age-base64.ts';
import { FILE_KEY_LENGTH, type Stanza } from './age-header.ts';
import { type AgeIdentity, type AgeRecipient, publicKeyFromRaw, rawPublic } from './age-key.ts';
import { sealBroken } from './seal-broken.ts';

/** https://age-encryption.org/v1, "X25519 recipient stanza": type, HKDF info, an all-zero nonce for a key used once. */
const TYPE = 'X25519';
const INFO = 'age-encryption.org/v1/X25519';
const ZERO_NONCE = new Uint8Array(12);
const SHARE_LENGTH = 32;
const TAG_LENGTH = 16;

/** Wraps a file key to one recipient under a fresh ephemeral key. */
export function wrapFileKey(fileKey: Uint8Array, recipient: AgeRecipient): Stanza {
  const ephemeral = generateKeyPairSync('x25519');
  const share = rawPublic(ephemeral.publicKey);
  const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient.publicKey });
  const cipher = createCipheriv('chacha20-poly1305', wrapKey(shared, share, recipient.publicBytes), ZERO_NONCE, {
    authTagLength: TAG_LENGTH,
  });
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
  return { type: TYPE, args: [encodeAgeBase64(share)], body };
}

/** An X25519 stanza of the right shape: the sender's share, and the wrapped key with its tag. */
export interface X25519Stanza {
  readonly share: Uint8Array;
  readonly shareKey: KeyObject;
  readonly body: Uint8Array;
}

/** The stanza if it is of type X25519, else null. Throws SEAL_BROKEN where its shape is wrong ("MUST reject"). */
export function readX25519Stanza(stanza: Stanza): X25519Stanza | null {
  if (stanza.type !== TYPE) return null;
  const share = stanza.args.length === 1 ? decodeAgeBase64(stanza.args[0] as string) : null;
  if (share?.length !== SHARE_LENGTH) throw sealBroken('an X25519 recipient of its header has a malformed share');
  // The length is checked before decrypting: a longer file key would allow partitioning oracle attacks.
  if (stanza.body.length !== FILE_KEY_LENGTH + TAG_LENGTH) {
    throw sealBroken('an X25519 recipient of its header wraps a key of the wrong length');
  }
  return { share, shareKey: publicKeyFromRaw(share), body: stanza.body };
}

/** The file key, or null where the stanza is for somebody else. Throws SEAL_BROKEN for a share of low order. */
export function unwrapFileKey(stanza: X25519Stanza, identity: AgeIdentity): Buffer | null {
  const key = wrapKey(agree(stanza, identity), stanza.share, identity.publicBytes);
  const decipher = createDecipheriv('chacha20-poly1305', key, ZERO_NONCE, { authTagLength: TAG_LENGTH });
  decipher.setAuthTag(stanza.body.subarray(FILE_KEY_LENGTH));
  const fileKey = decipher.update(stanza.body.subarray(0, FILE_KEY_LENGTH));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return fileKey;
}

function agree(stanza: X25519Stanza, identity: AgeIdentity): Buffer {
  let shared: Buffer;
  try {
    shared = diffieHellman({ privateKey: identity.privateKey, publicKey: stanza.shareKey });
  } catch (cause) {
    // A mistake of the program is not one of the object.
    if (cause instanceof TypeError) throw cause;
    throw sealBroken('an X25519 recipient of its header has a share of low order', cause);
  }
  // RFC 7748 section 6.1: an all-zero secret means a share of low order. OpenSSL refuses it already.
  if (shared.every((byte) => byte === 0)) throw sealBroken('an X25519 share of its header is of low order');
  return shared;
}

function wrapKey(shared: Uint8Array, share: Uint8Array, recipient: Uint8Array): KeyObject {
  const salt = Buffer.concat([share, recipient]);
  return createSecretKey(Buffer.from(hkdfSync('sha256', shared, salt, INFO, 32)));
}
