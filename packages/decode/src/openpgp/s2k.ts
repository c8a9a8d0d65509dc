import { argon2Sync, createHash } from 'node:crypto';
import { hashOf } from './algorithms.ts';
import { type Octets, PgpUnsupported } from './octets.ts';

/** How a passphrase becomes a key (RFC 9580 section 3.7). */
export type S2k =
  | { readonly type: 'hash'; readonly hash: number; readonly salt: Uint8Array | null; readonly count: number }
  | {
      readonly type: 'argon2';
      readonly salt: Uint8Array;
      readonly passes: number;
      readonly parallelism: number;
      readonly memory: number;
    }
  /** GnuPG: the secret is not here, or on a card. */
  | { readonly type: 'dummy' };

/** 2 GiB in KiB: what RFC 9580 recommends at most; a key file could ask for 4 TiB. */
const MOST_MEMORY = 2 * 1024 * 1024;

export function readS2k(from: Octets): S2k {
  const type = from.byte();
  if (type === 4) {
    const salt = from.take(16);
    const [passes, parallelism, exponent] = [from.byte(), from.byte(), from.byte()];
    if (exponent > 31) throw new PgpUnsupported('Argon2 with more memory than there is');
    return { type: 'argon2', salt, passes, parallelism, memory: 2 ** exponent };
  }
  const hash = from.byte();
  if (type === 0) return { type: 'hash', hash, salt: null, count: 0 };
  if (type === 1) return { type: 'hash', hash, salt: from.take(8), count: 0 };
  if (type === 3) {
    const salt = from.take(8);
    const coded = from.byte();
    return { type: 'hash', hash, salt, count: (16 + (coded & 15)) << ((coded >> 4) + 6) };
  }
  if (type === 101) {
    from.rest();
    return { type: 'dummy' };
  }
  throw new PgpUnsupported(`key derivation ${type} from a passphrase`);
}

/** The key of a passphrase; null where there is none to derive. */
export function deriveKey(s2k: S2k, passphrase: Uint8Array, length: number): Uint8Array | null {
  if (s2k.type === 'dummy') return null;
  if (s2k.type === 'hash') return hashKey(s2k, passphrase, length);
  const { salt, passes, parallelism, memory } = s2k;
  if (memory > MOST_MEMORY || passes === 0 || parallelism === 0)
    throw new PgpUnsupported('Argon2 beyond what is recommended');
  return argon2Sync('argon2id', { message: passphrase, nonce: salt, parallelism, tagLength: length, memory, passes });
}

function hashKey(s2k: S2k & { type: 'hash' }, passphrase: Uint8Array, length: number): Uint8Array {
  const name = hashOf(s2k.hash);
  const once = Buffer.concat([s2k.salt ?? new Uint8Array(), passphrase]);
  const total = Math.max(s2k.count, once.length);
  // Hashing many copies at a time: the count goes up to 65 million bytes.
  const copies = Buffer.concat(
    Array.from({ length: Math.max(1, Math.ceil(4096 / Math.max(1, once.length))) }, () => once),
  );
  const parts: Uint8Array[] = [];
  for (let size = 0, zeros = 0; size < length; zeros++) {
    const hash = createHash(name).update(Buffer.alloc(zeros));
    let left = total;
    for (; left >= copies.length && copies.length > 0; left -= copies.length) hash.update(copies);
    if (left > 0) hash.update(copies.subarray(0, left));
    const digest = hash.digest();
    parts.push(digest);
    size += digest.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}
