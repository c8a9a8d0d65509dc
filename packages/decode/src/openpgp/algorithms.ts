import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type BlockEncrypt, cfbDecrypt } from './block-cipher.ts';
import { blowfish } from './blowfish.ts';
import { cast5 } from './cast5.ts';
import { idea } from './idea.ts';
import { PgpUnsupported } from './octets.ts';
import { twofish } from './twofish.ts';

export interface Cipher {
  readonly name: string;
  readonly keyLength: number;
  readonly block: number;
  /** Of node:crypto; absent where it has none. */
  readonly node?: string;
  readonly own?: (key: Uint8Array) => BlockEncrypt;
  /** No longer recommended: said in the item. */
  readonly old?: true;
}

/** Symmetric algorithms by their number (RFC 9580 section 9.3; Camellia: RFC 5581). */
const CIPHERS: Readonly<Record<number, Cipher>> = {
  1: { name: 'IDEA', keyLength: 16, block: 8, own: idea, old: true },
  2: { name: '3DES', keyLength: 24, block: 8, node: 'des-ede3', old: true },
  3: { name: 'CAST5', keyLength: 16, block: 8, own: cast5, old: true },
  4: { name: 'Blowfish', keyLength: 16, block: 8, own: blowfish, old: true },
  7: { name: 'AES-128', keyLength: 16, block: 16, node: 'aes-128' },
  8: { name: 'AES-192', keyLength: 24, block: 16, node: 'aes-192' },
  9: { name: 'AES-256', keyLength: 32, block: 16, node: 'aes-256' },
  10: { name: 'Twofish', keyLength: 32, block: 16, own: twofish },
  11: { name: 'Camellia-128', keyLength: 16, block: 16, node: 'camellia-128' },
  12: { name: 'Camellia-192', keyLength: 24, block: 16, node: 'camellia-192' },
  13: { name: 'Camellia-256', keyLength: 32, block: 16, node: 'camellia-256' },
};

/** Throws PgpUnsupported for a number this build does not know. */
export function cipherOf(algorithm: number): Cipher {
  const cipher = CIPHERS[algorithm];
  if (cipher === undefined) throw new PgpUnsupported(`symmetric algorithm ${algorithm}`);
  return cipher;
}

export function decryptCfb(algorithm: number, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const { node, own, block } = cipherOf(algorithm);
  if (own !== undefined) return cfbDecrypt(own(key), block, iv, data);
  const cipher = createDecipheriv(`${node}-cfb`, key, iv);
  return cipher.update(data);
}

/** Encrypts whole blocks by themselves: what EAX is built of. */
export function encryptEcb(algorithm: number, key: Uint8Array): (blocks: Uint8Array) => Uint8Array {
  const { node } = cipherOf(algorithm);
  if (node === undefined) throw new PgpUnsupported('authenticated encryption with this cipher');
  const cipher = createCipheriv(`${node}-ecb`, key, null).setAutoPadding(false);
  return (blocks) => cipher.update(blocks);
}

/** Hashes by their number (RFC 9580 section 9.5), with node's names. */
const HASHES: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  3: 'ripemd160',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
  12: 'sha3-256',
  14: 'sha3-512',
};

export function hashOf(algorithm: number): string {
  const name = HASHES[algorithm];
  if (name === undefined) throw new PgpUnsupported(`hash algorithm ${algorithm}`);
  return name;
}

/** What public-key algorithms are called. */
export const PUBLIC_KEY_NAMES: Readonly<Record<number, string>> = {
  1: 'RSA',
  2: 'RSA',
  3: 'RSA',
  16: 'ElGamal',
  17: 'DSA',
  18: 'ECDH',
  19: 'ECDSA',
  20: 'ElGamal',
  22: 'EdDSA',
  25: 'X25519',
  26: 'X448',
  27: 'Ed25519',
  28: 'Ed448',
};
