import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { aessiv, gcmsiv } from '@noble/ciphers/aes.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hsalsa, xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { KeyAgreement } from './agree-key.ts';
import { unpad } from './padding.ts';
import type { CipherName, Step } from './recipe.ts';
import { fail } from './step-failure.ts';

export type Padding = NonNullable<Extract<Step, { do: 'decrypt' }>['padding']>;

/** What a cipher needs, all decoded. `null`: the recipe does not say it. */
export interface Sealed {
  readonly key: Buffer;
  readonly iv: Buffer | null;
  readonly ciphertext: Buffer;
  readonly tag: Buffer | null;
  readonly aad: Buffer | null;
  readonly padding: Padding;
  readonly public: Buffer | null;
}

const NOTHING: Buffer = Buffer.alloc(0);
const WRONG_TAG = 'the tag does not fit: the record was altered or damaged, or the key is not its key';
/** node passes no longer IV on to OpenSSL's GCM. */
const LONGEST_GCM_IV = 128;

const OPENERS: Readonly<Record<CipherName, (sealed: Sealed) => Buffer>> = {
  'aes-gcm': gcm,
  'aes-ccm': ccm,
  'aes-cbc': cbc,
  'aes-ctr': (sealed) => stream(aesName(sealed.key, 'ctr'), sealed.key, ivOf(sealed, 16), sealed.ciphertext),
  'a128cbc-hs256': (sealed) => cbcHmac(sealed, 16, 'sha256'),
  'a192cbc-hs384': (sealed) => cbcHmac(sealed, 24, 'sha384'),
  'a256cbc-hs512': (sealed) => cbcHmac(sealed, 32, 'sha512'),
  'aes-gcm-siv': gcmSiv,
  'aes-siv': aesSiv,
  'chacha20-poly1305': chacha,
  'xchacha20-poly1305': xchacha,
  secretbox: (sealed) => secretbox(sealed.key, ivOf(sealed, 24), sealed),
  box,
  'sealed-box': sealedBox,
};

const agreement = new KeyAgreement('x25519');

/** Ciphers whose opening shows that key holders sealed the text. `aes-gcm` without a tag does not. */
export function isAuthenticating(cipher: CipherName, hasTag: boolean): boolean {
  if (cipher === 'aes-cbc' || cipher === 'aes-ctr') return false;
  return cipher !== 'aes-gcm' || hasTag;
}

/** The plaintext; throws StepFailure. Nothing of a text whose tag is wrong comes out. */
export function openCipher(cipher: CipherName, sealed: Sealed): Buffer {
  return OPENERS[cipher](sealed);
}

function aesName(key: Buffer, mode: 'gcm' | 'ccm' | 'cbc' | 'ctr' | 'ecb'): string {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32)
    fail('malformed', `an AES key of ${key.length} bytes`);
  return `aes-${key.length * 8}-${mode}`;
}

function keyOf(sealed: Sealed, length: number): Buffer {
  if (sealed.key.length !== length)
    fail('malformed', `the key has ${sealed.key.length} bytes, the cipher needs ${length}`);
  return sealed.key;
}

function ivOf(sealed: Sealed, length: number): Buffer {
  if (sealed.iv?.length !== length) fail('malformed', `the IV is not ${length} bytes long`);
  return sealed.iv;
}

function tagOf(sealed: Sealed, length: number): Buffer {
  if (sealed.tag?.length !== length) fail('malformed', `the tag is not ${length} bytes long`);
  return sealed.tag;
}

function stream(name: string, key: Buffer, iv: Buffer, text: Buffer): Buffer {
  const decipher = createDecipheriv(name, key, iv);
  return Buffer.concat([decipher.update(text), decipher.final()]);
}

function gcm(sealed: Sealed): Buffer {
  const { key, iv, ciphertext, tag, aad } = sealed;
  const name = aesName(key, 'gcm') as 'aes-256-gcm';
  if (iv === null || iv.length === 0) fail('malformed', 'the IV is empty');
  if (tag === null) {
    if (iv.length !== 12) fail('unsupported', 'an IV of other than 12 bytes, without a tag');
    // GCM encrypts in counter mode from the second counter block on (NIST SP 800-38D 7.1).
    return stream(aesName(key, 'ctr'), key, Buffer.concat([iv, Buffer.of(0, 0, 0, 2)]), ciphertext);
  }
  if (iv.length > LONGEST_GCM_IV) fail('unsupported', `an IV of ${iv.length} bytes`);
  // NIST SP 800-38D 5.2.1.2 allows 12 to 16 bytes; shorter tags are for profiles that truncate, which GCM forbids.
  if (tag.length < 12 || tag.length > 16) fail('malformed', 'the tag is not 12 to 16 bytes long');
  const decipher = createDecipheriv(name, key, iv, { authTagLength: tag.length });
  decipher.setAuthTag(tag);
  if (aad !== null) decipher.setAAD(aad);
  return finish(decipher.update(ciphertext), () => decipher.final());
}

function ccm(sealed: Sealed): Buffer {
  const { key, iv, ciphertext, tag, aad } = sealed;
  if (tag === null || tag.length < 4 || tag.length > 16 || tag.length % 2 !== 0)
    fail('malformed', 'the tag has no length that CCM knows');
  if (iv === null || iv.length < 7 || iv.length > 13) fail('malformed', 'the nonce is not 7 to 13 bytes long');
  try {
    const decipher = createDecipheriv(aesName(key, 'ccm') as 'aes-256-ccm', key, iv, { authTagLength: tag.length });
    decipher.setAuthTag(tag);
    if (aad !== null) decipher.setAAD(aad, { plaintextLength: ciphertext.length });
    const text = decipher.update(ciphertext);
    decipher.final();
    return text;
  } catch {
    return fail('failed', WRONG_TAG);
  }
}

function finish(text: Buffer, final: () => Buffer): Buffer {
  try {
    final();
    return text;
  } catch {
    return fail('failed', WRONG_TAG);
  }
}

function cbc(sealed: Sealed): Buffer {
  const { key, ciphertext, padding } = sealed;
  if (ciphertext.length % 16 !== 0) fail('malformed', 'the sealed text is no whole number of AES blocks');
  const decipher = createDecipheriv(aesName(key, 'cbc'), key, ivOf(sealed, 16));
  decipher.setAutoPadding(false);
  return unpad(Buffer.concat([decipher.update(ciphertext), decipher.final()]), padding);
}

/** RFC 7518 5.2.2.2: the first half of the key is for the MAC, whose first half is the tag. */
function cbcHmac(sealed: Sealed, half: number, hash: string): Buffer {
  const key = keyOf(sealed, 2 * half);
  const aad = sealed.aad ?? NOTHING;
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(aad.length) * 8n);
  const iv = ivOf(sealed, 16);
  const mac = createHmac(hash, key.subarray(0, half)).update(aad).update(iv).update(sealed.ciphertext).update(length);
  if (!timingSafeEqual(mac.digest().subarray(0, half), tagOf(sealed, half))) fail('failed', WRONG_TAG);
  return cbc({ ...sealed, key: key.subarray(half), padding: 'pkcs7' });
}

/** `sealed.tag`, where the recipe names one, goes behind the text, as most libraries put it. */
function appended(sealed: Sealed): Buffer {
  return sealed.tag === null ? sealed.ciphertext : Buffer.concat([sealed.ciphertext, sealed.tag]);
}

function open(make: () => { decrypt(bytes: Uint8Array): Uint8Array }, bytes: Buffer): Buffer {
  try {
    return asBuffer(make().decrypt(bytes));
  } catch {
    return fail('failed', WRONG_TAG);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function gcmSiv(sealed: Sealed): Buffer {
  const { key } = sealed;
  if (key.length !== 16 && key.length !== 32) fail('malformed', `a key of ${key.length} bytes`);
  const iv = ivOf(sealed, 12);
  const bytes = appended(sealed);
  if (bytes.length < 16) fail('malformed', 'shorter than a tag');
  return open(() => gcmsiv(key, iv, sealed.aad ?? NOTHING), bytes);
}

/** RFC 5297: the synthetic IV stands first. With `tag` it is that; `iv` is the nonce of section 3, after the AAD. */
function aesSiv(sealed: Sealed): Buffer {
  const { key, iv, aad, tag, ciphertext } = sealed;
  if (![32, 48, 64].includes(key.length)) fail('malformed', `a key of ${key.length} bytes`);
  const bytes = tag === null ? ciphertext : Buffer.concat([tagOf(sealed, 16), ciphertext]);
  if (bytes.length < 16) fail('malformed', 'shorter than the synthetic IV');
  const components = [aad, iv].filter((part) => part !== null);
  return open(() => aessiv(key, ...components), bytes);
}

function chacha(sealed: Sealed): Buffer {
  const { ciphertext, aad } = sealed;
  const tag = tagOf(sealed, 16);
  const decipher = createDecipheriv('chacha20-poly1305', keyOf(sealed, 32), ivOf(sealed, 12), { authTagLength: 16 });
  decipher.setAuthTag(tag);
  if (aad !== null) decipher.setAAD(aad, { plaintextLength: ciphertext.length });
  return finish(decipher.update(ciphertext), () => decipher.final());
}

function xchacha(sealed: Sealed): Buffer {
  const [key, iv, bytes] = [keyOf(sealed, 32), ivOf(sealed, 24), appended(sealed)];
  if (bytes.length < 16) fail('malformed', 'shorter than a tag');
  return open(() => xchacha20poly1305(key, iv, sealed.aad ?? NOTHING), bytes);
}

/** NaCl: the tag stands before the text. */
function secretbox(key: Buffer, iv: Buffer, sealed: Sealed): Buffer {
  if (key.length !== 32) fail('malformed', `the key has ${key.length} bytes, the cipher needs 32`);
  const bytes = sealed.tag === null ? sealed.ciphertext : Buffer.concat([sealed.tag, sealed.ciphertext]);
  if (bytes.length < 16) fail('malformed', 'shorter than a tag');
  return open(() => xsalsa20poly1305(key, iv), bytes);
}

/** crypto_box: HSalsa20 of the X25519 secret is the key. */
function box(sealed: Sealed): Buffer {
  return secretbox(boxKey(keyOf(sealed, 32), sealed.public ?? NOTHING), ivOf(sealed, 24), sealed);
}

/** crypto_box_seal: ephemeral key, then a box whose nonce is BLAKE2b-24 of the two public keys. */
function sealedBox(sealed: Sealed): Buffer {
  const bytes = sealed.ciphertext;
  if (bytes.length < 48) fail('malformed', 'shorter than a sealed box');
  const key = keyOf(sealed, 32);
  const ephemeral = bytes.subarray(0, 32);
  const own = sealed.public ?? asBuffer(x25519.getPublicKey(key));
  const nonce = asBuffer(blake2b(Buffer.concat([ephemeral, own]), { dkLen: 24 }));
  return secretbox(boxKey(key, ephemeral), nonce, { ...sealed, ciphertext: bytes.subarray(32), tag: null });
}

function boxKey(privateKey: Buffer, publicKey: Buffer): Buffer {
  const shared = agreement.secret(privateKey, publicKey);
  const words = (bytes: Buffer) => new Uint32Array(Uint8Array.from(bytes).buffer);
  const out = new Uint32Array(8);
  hsalsa(words(Buffer.from('expand 32-byte k')), words(shared), new Uint32Array(4), out);
  return Buffer.from(out.buffer);
}
