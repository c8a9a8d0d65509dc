import { createDecipheriv, hkdfSync, timingSafeEqual } from 'node:crypto';
import { concatBytes } from '@custody/bytes';
import { cipherOf, encryptEcb } from './algorithms.ts';
import { PgpUnsupported } from './octets.ts';

/** Modes of authenticated encryption (RFC 9580 section 9.6). */
const NAMES: Readonly<Record<number, string>> = { 1: 'EAX', 2: 'OCB', 3: 'GCM' };
const NONCES: Readonly<Record<number, number>> = { 1: 16, 2: 15, 3: 12 };
const TAG = 16;

export function aeadName(aead: number): string {
  const name = NAMES[aead];
  if (name === undefined) throw new PgpUnsupported(`authenticated encryption ${aead}`);
  return name;
}

export interface Aead {
  readonly cipher: number;
  readonly aead: number;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  /** What is authenticated beside the ciphertext. */
  readonly data: Uint8Array;
}

/** The plaintext of ciphertext and tag; null where the tag does not fit. */
export function openAead({ cipher, aead, key, nonce, data }: Aead, sealed: Uint8Array): Uint8Array | null {
  const name = aeadName(aead).toLowerCase();
  if (sealed.length < TAG) return null;
  const [body, tag] = [sealed.subarray(0, -TAG), sealed.subarray(-TAG)];
  if (name === 'eax') return openEax({ cipher, aead, key, nonce, data }, body, tag);
  const bits = cipherOf(cipher).keyLength * 8;
  if (!cipherOf(cipher).name.startsWith('AES')) throw new PgpUnsupported(`${cipherOf(cipher).name} in ${name}`);
  try {
    const decipher =
      name === 'ocb'
        ? createDecipheriv(`aes-${bits as 128}-ocb`, key, nonce, { authTagLength: TAG })
        : createDecipheriv(`aes-${bits as 128}-gcm`, key, nonce, { authTagLength: TAG });
    decipher.setAAD(data, { plaintextLength: body.length }).setAuthTag(tag);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    return null;
  }
}

/** EAX (Bellare, Rogaway, Wagner): CTR under an OMAC of the nonce; the tag is that of nonce, data and ciphertext. */
function openEax({ cipher, key, nonce, data }: Aead, body: Uint8Array, tag: Uint8Array): Uint8Array | null {
  const encrypt = encryptEcb(cipher, key);
  const omac = cmac(encrypt);
  const counter = omac(0, nonce);
  const expected = omac(2, body);
  const header = omac(1, data);
  for (let i = 0; i < TAG; i++) expected[i] = (expected[i] as number) ^ (counter[i] as number) ^ (header[i] as number);
  if (!timingSafeEqual(expected, tag)) return null;
  const name = cipherOf(cipher).name.startsWith('AES') ? 'aes' : 'camellia';
  const ctr = createDecipheriv(`${name}-${key.length * 8}-ctr`, key, counter);
  return ctr.update(body);
}

/** OMAC with a number before the message, as EAX has it. */
function cmac(encrypt: (block: Uint8Array) => Uint8Array): (number: number, message: Uint8Array) => Uint8Array {
  const k1 = doubled(encrypt(new Uint8Array(16)));
  const k2 = doubled(k1);
  return (number, message) => {
    const head = new Uint8Array(16);
    head[15] = number;
    const whole = concatBytes([head, message]);
    const even = whole.length % 16 === 0;
    const padded = even ? whole : concatBytes([whole, Uint8Array.of(0x80), new Uint8Array(15 - (whole.length % 16))]);
    const last = even ? k1 : k2;
    let state = new Uint8Array(16);
    for (let at = 0; at < padded.length; at += 16) {
      const isLast = at + 16 === padded.length;
      for (let i = 0; i < 16; i++) {
        state[i] = (state[i] as number) ^ (padded[at + i] as number) ^ (isLast ? (last[i] as number) : 0);
      }
      state = Uint8Array.from(encrypt(state));
    }
    return state;
  };
}

function doubled(block: Uint8Array): Uint8Array {
  const out = new Uint8Array(16);
  for (let i = 0; i < 16; i++) out[i] = (((block[i] as number) << 1) | ((block[i + 1] ?? 0) >> 7)) & 255;
  if (((block[0] as number) & 0x80) !== 0) out[15] = (out[15] as number) ^ 0x87;
  return out;
}

/** Content in chunks, each with a tag, and a last tag over the length (RFC 9580 section 5.13.2; GnuPG's tag 20). */
export interface Chunked {
  readonly cipher: number;
  readonly aead: number;
  readonly chunk: number;
  readonly key: Uint8Array;
  /** The nonce of chunk i. */
  readonly nonce: (index: number) => Uint8Array;
  /** What each tag covers besides; the last one gets the length behind it. */
  readonly data: (index: number) => Uint8Array;
}

/** The plaintext of all chunks; null where a tag does not fit or the last one is missing. */
export function openChunks(how: Chunked, sealed: Uint8Array): Uint8Array | null {
  const size = 2 ** (how.chunk + 6);
  if (how.chunk > 16) throw new PgpUnsupported('chunks of more than 4 MiB');
  const parts: Uint8Array[] = [];
  const end = sealed.length - TAG;
  let total = 0;
  let index = 0;
  for (let at = 0; at < end; at += size + TAG, index++) {
    const piece = sealed.subarray(at, Math.min(at + size + TAG, end));
    const opened = openAead({ ...how, nonce: how.nonce(index), data: how.data(index) }, piece);
    if (opened === null) return null;
    parts.push(opened);
    total += opened.length;
  }
  if (end < 0) return null;
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(total));
  const last = { ...how, nonce: how.nonce(index), data: concatBytes([how.data(index), length]) };
  return openAead(last, sealed.subarray(end)) === null ? null : concatBytes(parts);
}

/** How version 2 of the protected packet makes keys and nonces from the session key. */
export function chunksOfVersion2(body: Uint8Array, sessionKey: Uint8Array): Chunked {
  const [cipher, aead, chunk] = [body[1] as number, body[2] as number, body[3] as number];
  const info = Uint8Array.of(0xd2, 2, cipher, aead, chunk);
  const { keyLength } = cipherOf(cipher);
  aeadName(aead);
  const nonceLength = NONCES[aead] as number;
  const derived = new Uint8Array(
    hkdfSync('sha256', sessionKey, body.subarray(4, 36), info, keyLength + nonceLength - 8),
  );
  const iv = derived.subarray(keyLength);
  return {
    cipher,
    aead,
    chunk,
    key: derived.subarray(0, keyLength),
    nonce: (i) => concatBytes([iv, counter(i)]),
    data: () => info,
  };
}

/** GnuPG's packet (draft-ietf-openpgp-rfc4880bis-10 section 5.16). */
export function chunksOfGnupg(body: Uint8Array, sessionKey: Uint8Array): { how: Chunked; sealed: Uint8Array } {
  const [cipher, aead, chunk] = [body[1] as number, body[2] as number, body[3] as number];
  aeadName(aead);
  const length = NONCES[aead] as number;
  const iv = body.subarray(4, 4 + length);
  const nonce = (index: number) => {
    const own = Uint8Array.from(iv);
    counter(index).forEach((byte, i) => {
      own[length - 8 + i] = (own[length - 8 + i] as number) ^ byte;
    });
    return own;
  };
  const data = (index: number) => concatBytes([Uint8Array.of(0xd4, 1, cipher, aead, chunk), counter(index)]);
  return { how: { cipher, aead, chunk, key: sessionKey, nonce, data }, sealed: body.subarray(4 + length) };
}

function counter(index: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(index));
  return bytes;
}
