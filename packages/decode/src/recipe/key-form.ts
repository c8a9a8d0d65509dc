import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { CurveName } from './recipe.ts';
import { fail } from './step-failure.ts';

/** A curve as key files name it: `crv` of a JWK, the AlgorithmIdentifier of an SPKI (RFC 5480, RFC 8410) in DER. */
export interface CurveForm {
  readonly crv: string;
  readonly algorithm: string;
  /** Bytes of a coordinate. */
  readonly size: number;
  /** node's name of a curve that `createECDH` knows; null for Montgomery curves. */
  readonly node: string | null;
}

const EC = '06072a8648ce3d0201';

export const curveForms: Readonly<Record<CurveName, CurveForm>> = {
  x25519: { crv: 'X25519', algorithm: '300506032b656e', size: 32, node: null },
  x448: { crv: 'X448', algorithm: '300506032b656f', size: 56, node: null },
  'p-256': { crv: 'P-256', algorithm: `3013${EC}06082a8648ce3d030107`, size: 32, node: 'prime256v1' },
  'p-384': { crv: 'P-384', algorithm: `3010${EC}06052b81040022`, size: 48, node: 'secp384r1' },
  'p-521': { crv: 'P-521', algorithm: `3010${EC}06052b81040023`, size: 66, node: 'secp521r1' },
  secp256k1: { crv: 'secp256k1', algorithm: `3010${EC}06052b8104000a`, size: 32, node: 'secp256k1' },
  'brainpool-p256r1': {
    crv: 'BP-256',
    algorithm: `3014${EC}06092b2403030208010107`,
    size: 32,
    node: 'brainpoolP256r1',
  },
};

/** The public point (SEC 1 2.3.3) or u coordinate in raw bytes, SPKI in DER or PEM, or a JWK of that very curve. */
export function publicBytes(curve: CurveName, key: Buffer): Buffer {
  const form = curveForms[curve];
  if (form.node === null && key.length === form.size) return key;
  if (key[0] === 0x7b) return jwkPublic(form, key);
  if (key[0] === 0x2d) return spkiPoint(form, derOf(key, 'public'));
  return key[0] === 0x30 ? spkiPoint(form, key) : key;
}

/** The private scalar in raw bytes, PKCS#8 or SEC 1 in DER or PEM, or a JWK of that very curve. */
export function privateBytes(curve: CurveName, key: Buffer): Buffer {
  const form = curveForms[curve];
  if (key.length <= form.size + 1) return key;
  if (key[0] === 0x7b) return coordinate(jwk(form, key).d, form);
  const object = privateObject(key);
  const exported = object.export({ format: 'jwk' });
  if (exported.crv !== form.crv) fail('malformed', `the private key is not of the curve ${form.crv}`);
  return coordinate(exported.d, form);
}

function privateObject(key: Buffer): KeyObject {
  const tries = [
    () => createPrivateKey(key),
    () => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key, format: 'der', type: 'sec1' }),
  ];
  for (const attempt of tries) {
    try {
      return attempt();
    } catch {}
  }
  return fail('malformed', 'the key supplied is no private key');
}

function derOf(pem: Buffer, what: 'public'): Buffer {
  try {
    return createPublicKey(pem).export({ format: 'der', type: 'spki' });
  } catch {
    return fail('malformed', `a ${what} key that is no PEM`);
  }
}

/** Named curves only: parameters written out may describe another curve that looks the same. */
function spkiPoint(form: CurveForm, spki: Buffer): Buffer {
  const outer = derLength(spki, 0, 0x30);
  const algorithm = Buffer.from(form.algorithm, 'hex');
  const at = outer.start + algorithm.length;
  if (outer.end !== spki.length || !spki.subarray(outer.start, at).equals(algorithm)) {
    fail('malformed', `the public key is no SubjectPublicKeyInfo of the curve ${form.crv}`);
  }
  const bits = derLength(spki, at, 0x03);
  if (bits.end !== spki.length || spki[bits.start] !== 0) fail('malformed', 'the public key is no whole bit string');
  return spki.subarray(bits.start + 1);
}

/** Contents of the DER element of that tag at `at`. */
function derLength(bytes: Buffer, at: number, tag: number): { start: number; end: number } {
  const first = bytes[at + 1];
  if (bytes[at] !== tag || first === undefined) return fail('malformed', 'the public key is not DER');
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  if (first === 0x81 && (bytes[at + 2] ?? 0) >= 0x80) return { start: at + 3, end: at + 3 + (bytes[at + 2] as number) };
  return fail('malformed', 'the public key is not DER');
}

function jwkPublic(form: CurveForm, key: Buffer): Buffer {
  const { x, y } = jwk(form, key);
  if (form.node === null) return coordinate(x, form);
  return Buffer.concat([Buffer.of(4), coordinate(x, form), coordinate(y, form)]);
}

function jwk(form: CurveForm, key: Buffer): JsonWebKey {
  let parsed: JsonWebKey;
  try {
    parsed = JSON.parse(key.toString('utf8'));
  } catch {
    return fail('malformed', 'the key is not JSON');
  }
  if (parsed.crv !== form.crv || parsed.kty !== (form.node === null ? 'OKP' : 'EC')) {
    fail('malformed', `the JSON Web Key is not of the curve ${form.crv}`);
  }
  return parsed;
}

/** RFC 7518 6.2.1.2: base64url of exactly the coordinate's length. */
function coordinate(text: unknown, form: CurveForm): Buffer {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  if (bytes.length !== form.size || bytes.toString('base64url') !== text) {
    fail('malformed', `a coordinate of the JSON Web Key is not ${form.size} bytes`);
  }
  return bytes;
}
