import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What a payload turned out to be under one message key. */
export type OmemoResult =
  | { readonly outcome: 'verified'; readonly plaintext: Uint8Array }
  | { readonly outcome: 'failed' };

/** The two kinds of OMEMO: `eu.siacs.conversations.axolotl` and `urn:xmpp:omemo:2`. */
export type OmemoVersion = 'legacy' | 'omemo2';

export interface OmemoPayload {
  readonly version: OmemoVersion;
  /** Legacy only: 12 bytes, of older clients 16. */
  readonly iv: Uint8Array | null;
  readonly payload: Uint8Array;
}

const TAG = 16;
/** Legacy key alone (the tag then ends the payload), legacy key with tag, OMEMO 2 key with MAC. */
const KEY_LENGTHS: Readonly<Record<OmemoVersion, readonly number[]>> = { legacy: [16, 32], omemo2: [48] };
const FAILED: OmemoResult = { outcome: 'failed' };

/** Whether a supplied key has the length of a message key of the version. */
export function isMessageKey(key: Uint8Array, version: OmemoVersion): boolean {
  return KEY_LENGTHS[version].includes(key.length);
}

/** Opens a payload with what the Double Ratchet delivered for the message; nothing is released before tag or MAC fit. */
export function openPayload(sealed: OmemoPayload, messageKey: Uint8Array): OmemoResult {
  if (!isMessageKey(messageKey, sealed.version)) return FAILED;
  return sealed.version === 'legacy' ? openLegacy(sealed, messageKey) : openOmemo2(sealed.payload, messageKey);
}

/** XEP-0384 0.3: AES-128-GCM; the tag behind the key, in older clients behind the payload. */
function openLegacy({ iv, payload }: OmemoPayload, messageKey: Uint8Array): OmemoResult {
  if (iv === null || (iv.length !== 12 && iv.length !== 16)) return FAILED;
  const inKey = messageKey.length === 32;
  if (!inKey && payload.length < TAG) return FAILED;
  const ciphertext = inKey ? payload : payload.subarray(0, -TAG);
  const tag = inKey ? messageKey.subarray(16) : payload.subarray(-TAG);
  return openGcm('aes-128-gcm', { key: messageKey.subarray(0, 16), iv, ciphertext, tag });
}

/** XEP-0384 0.8: HKDF-SHA-256, AES-256-CBC, HMAC-SHA-256 over the ciphertext cut to 16 bytes. */
function openOmemo2(payload: Uint8Array, messageKey: Uint8Array): OmemoResult {
  const derived = Buffer.from(hkdfSync('sha256', messageKey.subarray(0, 32), Buffer.alloc(32), 'OMEMO Payload', 80));
  const mac = createHmac('sha256', derived.subarray(32, 64)).update(payload).digest().subarray(0, TAG);
  if (!timingSafeEqual(mac, messageKey.subarray(32))) return FAILED;
  try {
    const cipher = createDecipheriv('aes-256-cbc', derived.subarray(0, 32), derived.subarray(64));
    return { outcome: 'verified', plaintext: Buffer.concat([cipher.update(payload), cipher.final()]) };
  } catch {
    // The padding is wrong under a MAC that fits: made by a key holder, but no message.
    return FAILED;
  }
}

export interface GcmInput {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

function openGcm(name: 'aes-128-gcm' | 'aes-256-gcm', { key, iv, ciphertext, tag }: GcmInput): OmemoResult {
  try {
    const cipher = createDecipheriv(name, key, iv, { authTagLength: TAG }).setAuthTag(tag);
    return { outcome: 'verified', plaintext: Buffer.concat([cipher.update(ciphertext), cipher.final()]) };
  } catch {
    return FAILED;
  }
}

/** A link of XEP-0454: where the file was, and the key that opens it. */
export interface AesgcmLink {
  /** Without the fragment, which holds the key. */
  readonly url: string;
  readonly iv: Uint8Array;
  readonly key: Uint8Array;
}

const LINK = /^aesgcm:\/\/([^\s#]{1,4096})#((?:[0-9a-fA-F]{24}|[0-9a-fA-F]{32})[0-9a-fA-F]{64})$/;

/** Reads an `aesgcm:` link: 12 bytes of IV (16 in old links), 32 of key; null where the text is none. */
export function readAesgcmLink(text: string): AesgcmLink | null {
  const found = LINK.exec(text.trim());
  if (found === null) return null;
  const bytes = Buffer.from(found[2] as string, 'hex');
  return { url: `aesgcm://${found[1]}`, iv: bytes.subarray(0, -32), key: bytes.subarray(-32) };
}

/** The file behind an `aesgcm:` link: AES-256-GCM with the tag at its end. */
export function openAesgcmFile(file: Uint8Array, link: AesgcmLink): OmemoResult {
  if (file.length < TAG) return FAILED;
  return openGcm('aes-256-gcm', { ...link, ciphertext: file.subarray(0, -TAG), tag: file.subarray(-TAG) });
}
