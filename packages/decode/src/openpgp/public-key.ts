import { createHash } from 'node:crypto';
import { concatBytes, hexEncode, u32be } from '@custody/bytes';
import { Octets, PgpMalformed, PgpUnsupported } from './octets.ts';

/** The public half of a key packet. */
export interface PublicKey {
  readonly version: number;
  readonly created: number;
  readonly algorithm: number;
  /** Hex, lower case. */
  readonly fingerprint: string;
  /** Eight bytes, hex; what messages name. */
  readonly keyId: string;
  /** Numbers in the order of the algorithm: RSA n e; ElGamal p g y; DSA p q g y; native curves: the 32 or 56 bytes. */
  readonly numbers: readonly Uint8Array[];
  /** ECDH, ECDSA, EdDSA: hex of the curve's object identifier. */
  readonly curve: string | null;
  /** ECDH: hash and cipher of its key derivation. */
  readonly kdf: { readonly hash: number; readonly cipher: number } | null;
  /** Length of the packet that is public. */
  readonly length: number;
  readonly body: Uint8Array;
}

/** How many bytes native keys have (RFC 9580 section 5.5.5). */
const NATIVE: Readonly<Record<number, number>> = { 25: 32, 26: 56, 27: 32, 28: 57 };
const MPIS: Readonly<Record<number, number>> = { 1: 2, 2: 2, 3: 2, 16: 3, 20: 3, 17: 4 };

/** Reads the public part of a key packet. Throws PgpMalformed, PgpUnsupported. */
export function readPublicKey(body: Uint8Array): PublicKey {
  const from = new Octets(body);
  const version = from.byte();
  if (version < 2 || version > 6) throw new PgpUnsupported(`key version ${version}`);
  const created = from.u32();
  if (version < 4) from.u16();
  const algorithm = from.byte();
  if (version >= 5) from.u32();
  const material = readMaterial(from, algorithm);
  const length = from.at;
  const fingerprint = fingerprintOf(version, body.subarray(0, length), material.numbers);
  const keyId =
    version < 4 ? lowBits(material.numbers) : version === 4 ? fingerprint.slice(-16) : fingerprint.slice(0, 16);
  return { version, created, algorithm, fingerprint, keyId, ...material, length, body };
}

function readMaterial(from: Octets, algorithm: number): Pick<PublicKey, 'numbers' | 'curve' | 'kdf'> {
  const native = NATIVE[algorithm];
  if (native !== undefined) return { numbers: [from.take(native)], curve: null, kdf: null };
  const count = MPIS[algorithm];
  if (count !== undefined) return { numbers: Array.from({ length: count }, () => from.mpi()), curve: null, kdf: null };
  if (algorithm !== 18 && algorithm !== 19 && algorithm !== 22)
    throw new PgpUnsupported(`public-key algorithm ${algorithm}`);
  const curve = hexEncode(from.take(from.byte()));
  const numbers = [from.mpi()];
  if (algorithm !== 18) return { numbers, curve, kdf: null };
  const kdf = new Octets(from.take(from.byte()));
  if (kdf.byte() !== 1) throw new PgpUnsupported('parameters of an ECDH key derivation');
  return { numbers, curve, kdf: { hash: kdf.byte(), cipher: kdf.byte() } };
}

function fingerprintOf(version: number, body: Uint8Array, numbers: readonly Uint8Array[]): string {
  if (version < 4)
    return createHash('md5')
      .update(concatBytes(numbers.slice(0, 2)))
      .digest('hex');
  if (version === 4) {
    const head = Uint8Array.of(0x99, body.length >> 8, body.length & 255);
    return createHash('sha1').update(head).update(body).digest('hex');
  }
  const head = concatBytes([Uint8Array.of(version === 6 ? 0x9b : 0x9a), u32be(body.length)]);
  return createHash('sha256').update(head).update(body).digest('hex');
}

function lowBits([n]: readonly Uint8Array[]): string {
  if (n === undefined) throw new PgpMalformed('a key without numbers');
  return hexEncode(n.subarray(-8)).padStart(16, '0');
}
