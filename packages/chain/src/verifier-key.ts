/** Verifier keys of C2SP signed-note: `name+hash+base64(type || public key)`. */
import { base64Decode, base64Encode, concatBytes, equalBytes, hexEncode, sha256, utf8Encode } from '@custody/bytes';
import { copyBytes } from './copy-bytes.ts';
import { formatError, usageError } from './errors.ts';
import { PUBLIC_KEY_LENGTH } from './signature-ports.ts';
import { isWeakPublicKey } from './weak-public-key.ts';

/** Signature types of C2SP signed-note that this package checks: Ed25519, and the timestamped cosignature of a witness. */
export const ED25519_TYPE = 0x01;
export const COSIGNATURE_TYPE = 0x04;
export type NoteKeyType = typeof ED25519_TYPE | typeof COSIGNATURE_TYPE;

export interface VerifierKey {
  readonly name: string;
  readonly type: NoteKeyType;
  /** First four bytes of `SHA-256(name || 0x0A || type || public key)`. */
  readonly id: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Longest text looked at; a name of a thousand bytes is a mistake. */
const VKEY_MAX = 1024;
const KEY_TEXT = /^[0-9a-f]{8}$/;

/** A verifier key from its parts. Throws a UsageError for a name that a note cannot carry. */
export function verifierKey(name: string, publicKey: Uint8Array, type: NoteKeyType = ED25519_TYPE): VerifierKey {
  if (!isKeyName(name))
    throw usageError(`a key name has no spaces, no plus sign and is not empty: ${JSON.stringify(name)}`);
  if (publicKey.length !== PUBLIC_KEY_LENGTH) throw usageError(`a public key has 32 bytes, not ${publicKey.length}`);
  if (isWeakPublicKey(publicKey))
    throw usageError('this public key is one that no key generation makes: it proves nothing');
  const hashed = concatBytes([utf8Encode(`${name}\n`), Uint8Array.of(type), publicKey]);
  return { name, type, id: copyBytes(sha256(hashed), 0, 4), publicKey: copyBytes(publicKey) };
}

/** The text form. */
export function encodeVerifierKey(key: VerifierKey): string {
  return `${key.name}+${hexEncode(key.id)}+${base64Encode(concatBytes([Uint8Array.of(key.type), key.publicKey]))}`;
}

/** A verifier key from its text; the hash in it must be the key's own. Throws VERIFIER_KEY_MALFORMED. */
export function readVerifierKey(text: string): VerifierKey {
  if (text.length > VKEY_MAX) throw malformed('it is too long');
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  if (first < 0 || second < 0) throw malformed('it has not the form name+hash+key');
  const name = text.slice(0, first);
  const hash = text.slice(first + 1, second);
  if (!isKeyName(name)) throw malformed('its name is empty or has characters a name cannot have');
  if (!KEY_TEXT.test(hash)) throw malformed('its hash is not eight lower-case hex digits');
  const bytes = decodeKey(text.slice(second + 1));
  const type = bytes[0];
  if (type !== ED25519_TYPE && type !== COSIGNATURE_TYPE) throw malformed(`keys of type ${type} are not supported`);
  if (bytes.length !== 1 + PUBLIC_KEY_LENGTH) throw malformed('its key has another length than 32 bytes');
  if (isWeakPublicKey(bytes.subarray(1))) throw malformed('its key is one that no key generation makes');
  const key = verifierKey(name, bytes.subarray(1), type);
  if (hexEncode(key.id) !== hash) throw malformed('its hash is not that of its name and key: a character was changed');
  return key;
}

/** Whether a signed note can carry this name: no Unicode space, no plus, not empty (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

/** Whether both name the same key: same name and id. */
export function sameKeyId(key: VerifierKey, name: string, id: Uint8Array): boolean {
  return key.name === name && equalBytes(key.id, id);
}

function decodeKey(text: string): Uint8Array {
  try {
    return base64Decode(text);
  } catch {
    throw malformed('its key is not base64');
  }
}

function malformed(why: string): Error {
  return formatError('VERIFIER_KEY_MALFORMED', `this is not a verifier key: ${why}. Copy the whole line again`);
}
