import {
  createDecipheriv,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
} from 'node:crypto';
import { concatBytes, hexDecode, hexEncode } from '@custody/bytes';
import { openAead } from './aead.ts';
import { cipherOf, decryptCfb, hashOf } from './algorithms.ts';
import { powerOf, rsaPower } from './big-powers.ts';
import { Octets, PgpUnsupported } from './octets.ts';
import type { PublicKey } from './public-key.ts';
import { deriveKey, readS2k } from './s2k.ts';
import type { SecretNumbers } from './secret-key.ts';

/** A session key; `cipher` null where the encrypted packet itself names it. */
export interface SessionKey {
  readonly cipher: number | null;
  readonly key: Uint8Array;
}

/** A packet that brings the session key to one recipient (tag 1). */
export interface KeyPacket {
  readonly version: number;
  /** Hex; all zeros: the recipient is not named. Of version 6, from the fingerprint. */
  readonly keyId: string;
  readonly fingerprint: string | null;
  readonly algorithm: number;
  readonly material: Uint8Array;
}

const WRAP_IV = Buffer.alloc(8, 0xa6);
/** ECDH curves by object identifier: node's name and the bytes of a number. */
const CURVES: Readonly<Record<string, readonly [string, number]>> = {
  '2a8648ce3d030107': ['prime256v1', 32],
  '2b81040022': ['secp384r1', 48],
  '2b81040023': ['secp521r1', 66],
  '2b8104000a': ['secp256k1', 32],
  '2b2403030208010107': ['brainpoolP256r1', 32],
  '2b240303020801010b': ['brainpoolP384r1', 48],
  '2b240303020801010d': ['brainpoolP512r1', 64],
};
/** RFC 9580 section 9.2: Curve25519Legacy, and X25519 as some wrote it. */
const CURVE25519 = '2b060104019755010501';
const PKCS8: Readonly<Record<number, string>> = {
  25: '302e020100300506032b656e04220420',
  26: '3046020100300506032b656f043a0438',
};
const SPKI: Readonly<Record<number, string>> = { 25: '302a300506032b656e032100', 26: '3042300506032b656f033900' };

export function readKeyPacket(body: Uint8Array): KeyPacket {
  const from = new Octets(body);
  const version = from.byte();
  if (version === 3 || version === 2) {
    const keyId = hexEncode(from.take(8));
    return { version, keyId, fingerprint: null, algorithm: from.byte(), material: from.rest() };
  }
  if (version !== 6) throw new PgpUnsupported(`session key packet version ${version}`);
  const named = new Octets(from.take(from.byte()));
  const algorithm = from.byte();
  if (named.left === 0) return { version, keyId: '0'.repeat(16), fingerprint: null, algorithm, material: from.rest() };
  const keyVersion = named.byte();
  const fingerprint = hexEncode(named.rest());
  const keyId = keyVersion >= 5 ? fingerprint.slice(0, 16) : fingerprint.slice(-16);
  return { version, keyId, fingerprint, algorithm, material: from.rest() };
}

/** The session key, as this secret key opens it; null where it is not for this key. Throws PgpMalformed, PgpUnsupported. */
export function openKeyPacket(packet: KeyPacket, key: PublicKey, secret: SecretNumbers): SessionKey | null {
  const { algorithm, material } = packet;
  const from = new Octets(material);
  const sameKind =
    algorithm === key.algorithm ||
    (algorithm <= 3 && key.algorithm <= 3) ||
    (algorithm === 20 && key.algorithm === 16) ||
    (algorithm === 16 && key.algorithm === 20);
  if (!sameKind) return null;
  if (algorithm <= 3) return fromPadded(rsaPower(from.mpi(), key.numbers, secret), packet.version);
  if (algorithm === 16 || algorithm === 20)
    return fromPadded(elgamal(from.mpi(), from.mpi(), key, secret), packet.version);
  if (algorithm === 18) return openEcdh(from, key, { secret, version: packet.version });
  if (algorithm === 25 || algorithm === 26) return openNative(from, key, { secret, version: packet.version });
  throw new PgpUnsupported(`public-key algorithm ${algorithm}`);
}

/** PKCS #1 version 1.5: 00 02, at least 8 bytes that are not zero, 00, the message. */
function fromPadded(block: Uint8Array | null, version: number): SessionKey | null {
  if (block === null || block[0] !== 0 || block[1] !== 2) return null;
  const end = block.indexOf(0, 2);
  return end < 10 ? null : fromMessage(block.subarray(end + 1), version);
}

/** Algorithm (version 3 only), key, sum of its bytes. */
function fromMessage(message: Uint8Array, version: number): SessionKey | null {
  if (message.length < 3) return null;
  const key = message.subarray(version === 6 ? 0 : 1, -2);
  const sum = key.reduce((total, byte) => (total + byte) & 0xffff, 0);
  if (sum !== (((message[message.length - 2] as number) << 8) | (message[message.length - 1] as number))) return null;
  return { cipher: version === 6 ? null : (message[0] as number), key };
}

function elgamal(c1: Uint8Array, c2: Uint8Array, key: PublicKey, [x]: SecretNumbers): Uint8Array | null {
  const p = key.numbers[0];
  if (p === undefined || x === undefined) return null;
  return powerOf.elgamal({ p, x, c1, c2 });
}

function openEcdh(
  from: Octets,
  key: PublicKey,
  { secret, version }: { secret: SecretNumbers; version: number },
): SessionKey | null {
  const point = from.mpi();
  const wrapped = from.take(from.byte());
  const shared = sharedPoint(key, point, secret[0] as Uint8Array);
  if (shared === null || key.kdf === null) return null;
  const curve = hexDecode(key.curve ?? '');
  const fingerprint = hexDecode(key.fingerprint);
  const parameters = concatBytes([
    Uint8Array.of(curve.length),
    curve,
    Uint8Array.of(18, 3, 1, key.kdf.hash, key.kdf.cipher),
    Buffer.from('Anonymous Sender    '),
    fingerprint,
  ]);
  const { keyLength } = cipherOf(key.kdf.cipher);
  const digest = createHash(hashOf(key.kdf.hash))
    .update(Uint8Array.of(0, 0, 0, 1))
    .update(shared)
    .update(parameters)
    .digest();
  const padded = unwrapKey(digest.subarray(0, keyLength), wrapped);
  if (padded === null) return null;
  const padding = padded[padded.length - 1] as number;
  if (padding === 0 || padding > padded.length) return null;
  return fromMessage(padded.subarray(0, padded.length - padding), version);
}

function sharedPoint(key: PublicKey, point: Uint8Array, scalar: Uint8Array): Uint8Array | null {
  if (key.curve === CURVE25519) {
    const own = Buffer.alloc(32);
    own.set(scalar.subarray(-32), 32 - Math.min(32, scalar.length));
    return exchange(25, own.reverse(), point[0] === 0x40 ? point.subarray(1) : point);
  }
  const curve = CURVES[key.curve ?? ''];
  if (curve === undefined) throw new PgpUnsupported('an ECDH curve');
  try {
    const ecdh = createECDH(curve[0]);
    const own = Buffer.alloc(curve[1]);
    own.set(scalar, curve[1] - scalar.length);
    ecdh.setPrivateKey(own);
    return ecdh.computeSecret(point);
  } catch {
    return null;
  }
}

function exchange(algorithm: 25 | 26, scalar: Uint8Array, theirs: Uint8Array): Uint8Array | null {
  try {
    const key = Buffer.concat([hexDecode(PKCS8[algorithm] as string), scalar]);
    const other = Buffer.concat([hexDecode(SPKI[algorithm] as string), theirs]);
    return diffieHellman({
      privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
      publicKey: createPublicKey({ key: other, format: 'der', type: 'spki' }),
    });
  } catch {
    return null;
  }
}

/** RFC 9580 section 5.1.6 and 5.1.7. */
function openNative(
  from: Octets,
  key: PublicKey,
  { secret, version }: { secret: SecretNumbers; version: number },
): SessionKey | null {
  const is25519 = key.algorithm === 25;
  const point = from.take(is25519 ? 32 : 56);
  const length = from.byte();
  const cipher = version === 6 ? null : from.byte();
  const wrapped = from.take(version === 6 ? length : length - 1);
  const shared = exchange(is25519 ? 25 : 26, secret[0] as Uint8Array, point);
  if (shared === null) return null;
  const ikm = concatBytes([point, key.numbers[0] as Uint8Array, shared]);
  const kek = is25519
    ? hkdfSync('sha256', ikm, new Uint8Array(), 'OpenPGP X25519', 16)
    : hkdfSync('sha512', ikm, new Uint8Array(), 'OpenPGP X448', 32);
  const opened = unwrapKey(new Uint8Array(kek), wrapped);
  return opened === null ? null : { cipher, key: opened };
}

/** AES key wrap (RFC 3394); null where its check does not fit. */
function unwrapKey(kek: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return null;
  try {
    const cipher = createDecipheriv(`id-aes${kek.length * 8}-wrap`, kek, WRAP_IV);
    return Buffer.concat([cipher.update(wrapped), cipher.final()]);
  } catch {
    return null;
  }
}

/** The session key under a passphrase (tag 3); null where the packet can tell that it is another. */
export function openPassphrasePacket(body: Uint8Array, passphrase: Uint8Array): SessionKey | null {
  const from = new Octets(body);
  const version = from.byte();
  if (version === 4) {
    const cipher = from.byte();
    const s2k = readS2k(from);
    const key = deriveKey(s2k, passphrase, cipherOf(cipher).keyLength);
    if (key === null) return null;
    if (from.left === 0) return { cipher, key };
    const plain = decryptCfb(cipher, key, new Uint8Array(cipherOf(cipher).block), from.rest());
    return { cipher: plain[0] as number, key: plain.subarray(1) };
  }
  if (version !== 5 && version !== 6) throw new PgpUnsupported(`passphrase packet version ${version}`);
  if (version === 6) from.byte();
  const [cipher, aead] = [from.byte(), from.byte()];
  if (version === 6) from.byte();
  const s2k = readS2k(from);
  const nonce = from.take(aead === 1 ? 16 : aead === 2 ? 15 : 12);
  const { keyLength } = cipherOf(cipher);
  const derived = deriveKey(s2k, passphrase, keyLength);
  if (derived === null) return null;
  const info = Uint8Array.of(0xc3, version, cipher, aead);
  const key = version === 6 ? new Uint8Array(hkdfSync('sha256', derived, new Uint8Array(), info, keyLength)) : derived;
  const opened = openAead({ cipher, aead, key, nonce, data: info }, from.rest());
  return opened === null ? null : { cipher: version === 6 ? null : cipher, key: opened };
}
