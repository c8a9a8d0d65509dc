import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import { concatBytes } from '@custody/bytes';
import { openAead } from './aead.ts';
import { cipherOf, decryptCfb } from './algorithms.ts';
import { Octets, PgpMalformed, PgpUnsupported } from './octets.ts';
import { type PublicKey, readPublicKey } from './public-key.ts';
import { deriveKey, readS2k, type S2k } from './s2k.ts';

/** How the secret part is locked. */
interface Lock {
  readonly usage: number;
  readonly cipher: number;
  readonly aead: number;
  readonly s2k: S2k;
  readonly iv: Uint8Array;
}

/** A secret key packet as it stands in a key file. */
export interface SecretKeyPacket {
  readonly key: PublicKey;
  readonly tag: number;
  /** null: not locked. */
  readonly lock: Lock | null;
  readonly sealed: Uint8Array;
}

/** The secret numbers: RSA d p q u; ElGamal, DSA x; ECDH and native curves: the scalar. */
export type SecretNumbers = readonly Uint8Array[];

export type Unlocked = { readonly numbers: SecretNumbers } | { readonly why: 'passphrase' | 'damaged' | 'elsewhere' };

const NATIVE: Readonly<Record<number, number>> = { 25: 32, 26: 56, 27: 32, 28: 57 };
const CHECKED = 254;
const AEAD = 253;

/** Reads a secret key packet (tag 5 or 7). Throws PgpMalformed, PgpUnsupported. */
export function readSecretKey(body: Uint8Array, tag: number): SecretKeyPacket {
  const key = readPublicKey(body);
  const from = new Octets(body);
  from.take(key.length);
  const usage = from.byte();
  if (usage === 0) {
    if (key.version === 5) from.u32();
    return { key, tag, lock: null, sealed: from.rest() };
  }
  if (key.version >= 5) from.byte();
  const modern = usage >= AEAD;
  const cipher = modern ? from.byte() : usage;
  const aead = usage === AEAD ? from.byte() : 0;
  if (modern && key.version === 6 && usage !== 255) from.byte();
  // Before S2K the MD5 of the passphrase was the key.
  const s2k: S2k = modern ? readS2k(from) : { type: 'hash', hash: 1, salt: null, count: 0 };
  if (s2k.type === 'dummy')
    return { key, tag, lock: { usage, cipher, aead, s2k, iv: new Uint8Array() }, sealed: new Uint8Array() };
  const iv = from.take(usage === AEAD ? nonceLength(aead) : cipherOf(cipher).block);
  if (key.version === 5) from.u32();
  return { key, tag, lock: { usage, cipher, aead, s2k, iv }, sealed: from.rest() };
}

function nonceLength(aead: number): number {
  if (aead === 1) return 16;
  if (aead === 2) return 15;
  if (aead === 3) return 12;
  throw new PgpUnsupported(`authenticated encryption ${aead}`);
}

/** The secret numbers, with a passphrase where they are locked. A wrong passphrase is told from damage where the format can. */
export function unlock(packet: SecretKeyPacket, passphrase: Uint8Array | null): Unlocked {
  const { key, lock, sealed } = packet;
  if (lock === null) return fromPlain(key, sealed, { checked: key.version === 6 });
  if (lock.s2k.type === 'dummy') return { why: 'elsewhere' };
  if (passphrase === null) return { why: 'passphrase' };
  const derived = deriveKey(lock.s2k, passphrase, cipherOf(lock.cipher).keyLength);
  if (derived === null) return { why: 'elsewhere' };
  if (lock.usage === AEAD) return unlockAead(packet, lock, derived);
  if (key.version < 4) return unlockOld(packet, lock, derived);
  const plain = decryptCfb(lock.cipher, derived, lock.iv, sealed);
  if (lock.usage !== CHECKED) return fromPlain(key, plain, { checked: false });
  if (plain.length < 20) return { why: 'damaged' };
  const digest = createHash('sha1').update(plain.subarray(0, -20)).digest();
  if (!timingSafeEqual(digest, plain.subarray(-20))) return { why: 'passphrase' };
  return fromPlain(key, plain.subarray(0, -20), { checked: true });
}

function unlockAead({ key, tag, sealed }: SecretKeyPacket, lock: Lock, derived: Uint8Array): Unlocked {
  const info = Uint8Array.of(0xc0 | tag, key.version, lock.cipher, lock.aead);
  const kek = new Uint8Array(hkdfSync('sha256', derived, new Uint8Array(), info, derived.length));
  const data = concatBytes([Uint8Array.of(0xc0 | tag), key.body.subarray(0, key.length)]);
  const plain = openAead({ cipher: lock.cipher, aead: lock.aead, key: kek, nonce: lock.iv, data }, sealed);
  return plain === null ? { why: 'passphrase' } : fromPlain(key, plain, { checked: true });
}

/** Versions 2 and 3 lock each number by itself: its length in clear, the feedback going on from number to number. */
function unlockOld({ sealed }: SecretKeyPacket, lock: Lock, derived: Uint8Array): Unlocked {
  try {
    const from = new Octets(sealed);
    let { iv } = lock;
    let sum = 0;
    const numbers = Array.from({ length: 4 }, () => {
      const bits = from.u16();
      const part = from.take((bits + 7) >> 3);
      const plain = decryptCfb(lock.cipher, derived, iv, part);
      const tail = concatBytes([iv, part]).subarray(-iv.length);
      iv = tail;
      sum += (bits >> 8) + (bits & 255);
      for (const byte of plain) sum += byte;
      return plain;
    });
    return (sum & 0xffff) === from.u16() ? { numbers } : { why: 'passphrase' };
  } catch (error) {
    if (error instanceof PgpMalformed) return { why: 'damaged' };
    throw error;
  }
}

/** `checked`: something stronger than a sum of 16 bits has shown that the plaintext is right. */
function fromPlain(key: PublicKey, plain: Uint8Array, { checked }: { checked: boolean }): Unlocked {
  const from = new Octets(plain);
  try {
    const native = NATIVE[key.algorithm];
    const count = key.algorithm <= 3 ? 4 : 1;
    const numbers = native === undefined ? Array.from({ length: count }, () => from.mpi()) : [from.take(native)];
    if (checked && from.left === 0) return { numbers };
    const end = from.at;
    const sum = plain.subarray(0, end).reduce((total, byte) => (total + byte) & 0xffff, 0);
    return checked || sum === from.u16() ? { numbers } : { why: 'passphrase' };
  } catch (error) {
    // Lengths that lead nowhere: under a sum of 16 bits a wrong passphrase looks the same as damage.
    if (error instanceof PgpMalformed) return { why: 'passphrase' };
    throw error;
  }
}

/** Whether the numbers belong to the public key, as far as that is quickly seen: RSA p q = n. */
export function belongs({ algorithm, numbers }: PublicKey, secret: SecretNumbers): boolean {
  if (algorithm > 3) return true;
  const [n, p, q] = [numbers[0], secret[1], secret[2]].map((bytes) =>
    BigInt(`0x${Buffer.from(bytes ?? [0]).toString('hex') || '0'}`),
  );
  return n === (p as bigint) * (q as bigint);
}
