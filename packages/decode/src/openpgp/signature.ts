import { createHash, createPublicKey, createVerify, type KeyObject, verify } from 'node:crypto';
import { concatBytes, hexDecode, hexEncode, u32be } from '@custody/bytes';
import { hashOf } from './algorithms.ts';
import type { Keyring, RingKey } from './keyring.ts';
import { Octets, PgpMalformed, PgpUnsupported } from './octets.ts';
import type { PublicKey } from './public-key.ts';

/** A signature over the content, judged with the supplied certificates only. */
export interface SignatureNote {
  readonly keyId: string;
  /** Of the key that verifies it; null where none was supplied. */
  readonly fingerprint: string | null;
  /** Seconds since 1970 as the signer states them. */
  readonly created: number | null;
  readonly hash: string;
  readonly status: 'verified' | 'failed' | 'key-missing' | 'unsupported';
}

interface Signature {
  readonly type: number;
  readonly algorithm: number;
  readonly hash: number;
  readonly created: number | null;
  readonly keyId: string;
  readonly salt: Uint8Array;
  readonly trailer: Uint8Array;
  readonly material: Octets;
}

const MOST_SIGNATURES = 64;

/** Signatures of a message in the order met. */
export class SignatureNotes {
  readonly #ring: Keyring;
  readonly #signatures: (Signature | null)[] = [];
  /** Key ids of one-pass packets whose signature may be missing. */
  readonly #announced: string[] = [];

  constructor(ring: Keyring) {
    this.#ring = ring;
  }

  onePass(body: Uint8Array): void {
    if (body[0] === 3 && body.length >= 12) this.#announced.push(hexEncode(body.subarray(4, 12)));
    else if (body[0] === 6) this.#announced.push('');
  }

  add(body: Uint8Array): void {
    if (this.#signatures.length >= MOST_SIGNATURES) return;
    try {
      this.#signatures.push(readSignature(body));
    } catch (error) {
      if (!(error instanceof PgpMalformed || error instanceof PgpUnsupported)) throw error;
      this.#signatures.push(null);
    }
  }

  judge(content: Uint8Array): SignatureNote[] {
    const notes = this.#signatures.map((signature) => this.#judgeOne(signature, content));
    for (const keyId of this.#announced.slice(notes.length)) {
      notes.push({ keyId, fingerprint: null, created: null, hash: '', status: 'unsupported' });
    }
    return notes;
  }

  #judgeOne(signature: Signature | null, content: Uint8Array): SignatureNote {
    if (signature === null) return { keyId: '', fingerprint: null, created: null, hash: '', status: 'unsupported' };
    const { keyId, created } = signature;
    const one = this.#ring.keys.find(({ key }) => key.keyId === keyId);
    try {
      const base = { keyId, created, hash: hashOf(signature.hash), fingerprint: one?.key.fingerprint ?? null };
      if (one === undefined) return { ...base, status: 'key-missing' };
      return { ...base, status: verifies(signature, one, content) ? 'verified' : 'failed' };
    } catch (error) {
      if (error instanceof PgpMalformed) return { keyId, created, hash: '', fingerprint: null, status: 'failed' };
      if (error instanceof PgpUnsupported)
        return { keyId, created, hash: '', fingerprint: null, status: 'unsupported' };
      throw error;
    }
  }
}

function readSignature(body: Uint8Array): Signature {
  const from = new Octets(body);
  const version = from.byte();
  if (version === 3 || version === 2) {
    if (from.byte() !== 5) throw new PgpMalformed('a signature of version 3 with a wrong length');
    const trailer = body.subarray(2, 7);
    const type = from.byte();
    const created = from.u32();
    const keyId = hexEncode(from.take(8));
    const [algorithm, hash] = [from.byte(), from.byte()];
    from.take(2);
    return { type, algorithm, hash, created, keyId, salt: new Uint8Array(), trailer, material: from };
  }
  if (version !== 4 && version !== 6) throw new PgpUnsupported(`signature version ${version}`);
  const [type, algorithm, hash] = [from.byte(), from.byte(), from.byte()];
  const size = () => (version === 6 ? from.u32() : from.u16());
  const hashed = from.take(size());
  const covered = body.subarray(0, from.at);
  const unhashed = from.take(size());
  from.take(2);
  const salt = version === 6 ? from.take(from.byte()) : new Uint8Array();
  const trailer = concatBytes([covered, Uint8Array.of(version, 0xff), u32be(covered.length)]);
  const { created, keyId } = readSubpackets(concatBytes([hashed, unhashed]), hashed.length);
  return { type, algorithm, hash, created, keyId, salt, trailer, material: from };
}

/** Creation time counts only where it is signed; the issuer may stand anywhere, as it only says which key to try. */
function readSubpackets(bytes: Uint8Array, hashed: number): { created: number | null; keyId: string } {
  const from = new Octets(bytes);
  let created: number | null = null;
  let keyId = '';
  while (from.left > 0) {
    const start = from.at;
    const first = from.byte();
    const length = first < 192 ? first : first < 255 ? (first - 192) * 256 + from.byte() + 192 : from.u32();
    const data = new Octets(from.take(length));
    const type = data.byte() & 0x7f;
    if (type === 2 && start < hashed && created === null) created = data.u32();
    if (type === 16 && keyId === '') keyId = hexEncode(data.take(8));
    if (type === 33 && keyId === '') {
      const version = data.byte();
      const fingerprint = hexEncode(data.rest());
      keyId = version === 4 ? fingerprint.slice(-16) : fingerprint.slice(0, 16);
    }
  }
  return { created, keyId };
}

function verifies(signature: Signature, { key }: RingKey, content: Uint8Array): boolean {
  // Only signatures over documents (0) and texts (1) are about the content.
  if (signature.type !== 0 && signature.type !== 1)
    throw new PgpUnsupported('a signature that is not over the content');
  const data = signature.type === 1 ? canonical(content) : content;
  const hash = hashOf(signature.hash);
  const signed = [signature.salt, data, signature.trailer];
  const from = new Octets(signature.material.bytes.subarray(signature.material.at));
  const { algorithm } = key;
  try {
    if (algorithm === 22 || algorithm === 27 || algorithm === 28) {
      const digest = signed.reduce((sum, part) => sum.update(part), createHash(hash)).digest();
      const value = algorithm === 22 ? Buffer.concat([padded(from.mpi(), 32), padded(from.mpi(), 32)]) : from.rest();
      return verify(null, digest, edKey(key), value);
    }
    const checker = signed.reduce((sum, part) => sum.update(part), createVerify(hash));
    if (algorithm <= 3) return checker.verify(rsaKey(key), padded(from.mpi(), (key.numbers[0] as Uint8Array).length));
    if (algorithm === 17) return checker.verify(dsaKey(key), der([from.mpi(), from.mpi()]));
    if (algorithm === 19) return checker.verify(ecKey(key), der([from.mpi(), from.mpi()]));
  } catch (error) {
    if (error instanceof PgpMalformed) throw error;
    throw new PgpUnsupported('a key that the cryptographic library refuses');
  }
  throw new PgpUnsupported(`signature algorithm ${algorithm}`);
}

/** Line ends as CR LF. */
function canonical(content: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(content).toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

function padded(number: Uint8Array, length: number): Buffer {
  const out = Buffer.alloc(Math.max(length, number.length));
  out.set(number, out.length - number.length);
  return out;
}

function rsaKey({ numbers: [n, e] }: PublicKey): KeyObject {
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n: text(n), e: text(e) }, format: 'jwk' });
}

function edKey({ algorithm, numbers: [point] }: PublicKey): KeyObject {
  const head = algorithm === 28 ? '3043300506032b6571033a00' : '302a300506032b6570032100';
  const bytes = algorithm === 22 ? (point as Uint8Array).subarray(1) : (point as Uint8Array);
  return createPublicKey({ key: Buffer.concat([hexDecode(head), bytes]), format: 'der', type: 'spki' });
}

/** SubjectPublicKeyInfo with ecPublicKey and a named curve. */
function ecKey({ curve, numbers: [point] }: PublicKey): KeyObject {
  const algorithm = tlv(0x30, Buffer.concat([tlv(6, hexDecode('2a8648ce3d0201')), tlv(6, hexDecode(curve ?? ''))]));
  const bits = tlv(3, Buffer.concat([Buffer.alloc(1), point as Uint8Array]));
  return createPublicKey({ key: tlv(0x30, Buffer.concat([algorithm, bits])), format: 'der', type: 'spki' });
}

function dsaKey({ numbers: [p, q, g, y] }: PublicKey): KeyObject {
  const parameters = tlv(0x30, Buffer.concat([p, q, g].map((number) => integer(number as Uint8Array))));
  const algorithm = tlv(0x30, Buffer.concat([tlv(6, hexDecode('2a8648ce380401')), parameters]));
  const bits = tlv(3, Buffer.concat([Buffer.alloc(1), integer(y as Uint8Array)]));
  return createPublicKey({ key: tlv(0x30, Buffer.concat([algorithm, bits])), format: 'der', type: 'spki' });
}

function der(numbers: readonly Uint8Array[]): Buffer {
  return tlv(0x30, Buffer.concat(numbers.map(integer)));
}

function integer(number: Uint8Array): Buffer {
  const first = number[0] ?? 0;
  return tlv(2, first >= 0x80 || number.length === 0 ? Buffer.concat([Buffer.alloc(1), number]) : Buffer.from(number));
}

function tlv(tag: number, value: Uint8Array): Buffer {
  const { length } = value;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Uint8Array.of(tag, ...head), value]);
}
