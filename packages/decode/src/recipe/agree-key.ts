import { createECDH, createPrivateKey, createPublicKey, diffieHellman, type ECDH, type KeyObject } from 'node:crypto';
import { curveForms, privateBytes, publicBytes } from './key-form.ts';
import type { CurveName } from './recipe.ts';
import { fail } from './step-failure.ts';

/** Private keys whose prepared form is kept. */
const MOST_KEPT = 1024;
const PKCS8 = { x25519: '302e020100300506032b656e04220420', x448: '3046020100300506032b656f043a0438' } as const;
const SPKI = { x25519: '302a300506032b656e032100', x448: '3042300506032b656f033900' } as const;

/** Diffie-Hellman on one curve. Points that are not on it, or of small order, are refused. */
export class KeyAgreement {
  readonly #curve: CurveName;
  readonly #montgomery = new Map<string, KeyObject>();
  readonly #weierstrass = new Map<string, ECDH>();

  constructor(curve: CurveName) {
    this.#curve = curve;
  }

  /** The shared secret: the x or u coordinate. */
  secret(privateKey: Buffer, publicKey: Buffer): Buffer {
    const scalar = privateBytes(this.#curve, privateKey);
    const point = publicBytes(this.#curve, publicKey);
    return this.#curve === 'x25519' || this.#curve === 'x448'
      ? this.#xdh(this.#curve, scalar, point)
      : this.#ecdh(scalar, point);
  }

  #xdh(curve: 'x25519' | 'x448', scalar: Buffer, point: Buffer): Buffer {
    const { size } = curveForms[curve];
    if (scalar.length !== size || point.length !== size) fail('malformed', `a key of ${curve} is not ${size} bytes`);
    const privateKey = kept(this.#montgomery, scalar, () => {
      const key = Buffer.concat([Buffer.from(PKCS8[curve], 'hex'), scalar]);
      return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    });
    const spki = Buffer.concat([Buffer.from(SPKI[curve], 'hex'), point]);
    try {
      return diffieHellman({ privateKey, publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) });
    } catch {
      // RFC 7748 6.1: the all-zero secret says that the point has small order.
      return fail('malformed', 'the public key is a point of small order');
    }
  }

  #ecdh(scalar: Buffer, point: Buffer): Buffer {
    const { node, size } = curveForms[this.#curve];
    const trimmed = scalar.length === size + 1 && scalar[0] === 0 ? scalar.subarray(1) : scalar;
    try {
      const ecdh = kept(this.#weierstrass, trimmed, () => {
        const made = createECDH(node as string);
        made.setPrivateKey(trimmed);
        return made;
      });
      return ecdh.computeSecret(point);
    } catch {
      return fail('malformed', `the public key is no point of the curve ${curveForms[this.#curve].crv}`);
    }
  }
}

function kept<T>(map: Map<string, T>, key: Buffer, make: () => T): T {
  const name = key.toString('latin1');
  const known = map.get(name);
  if (known !== undefined) return known;
  if (map.size >= MOST_KEPT) map.clear();
  const made = make();
  map.set(name, made);
  return made;
}
