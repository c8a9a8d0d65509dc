import { constants, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { SecretNumbers } from './secret-key.ts';

/** Longest modulus in bytes: 16,384 bits. */
const LONGEST = 2048;

function toBig(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
}

function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let power = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * power) % modulus;
    power = (power * power) % modulus;
  }
  return result;
}

/** 1/a modulo m; null where there is none. */
function inverse(a: bigint, m: bigint): bigint | null {
  let [r0, r1, s0, s1] = [m, ((a % m) + m) % m, 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1];
  }
  return r0 === 1n ? ((s0 % m) + m) % m : null;
}

/** c^d modulo n in as many bytes as n; null where the numbers are no RSA key. Padding is the caller's. */
export function rsaPower(c: Uint8Array, [n, e]: readonly Uint8Array[], [d, p, q]: SecretNumbers): Buffer | null {
  if (n === undefined || e === undefined || d === undefined || p === undefined || q === undefined) return null;
  if (n.length > LONGEST || c.length > n.length || n.length === 0) return null;
  return rsaByNode(c, { n, e, d, p, q }) ?? rsaByHand(c, { n, d });
}

function rsaByNode(
  c: Uint8Array,
  key: { n: Uint8Array; e: Uint8Array; d: Uint8Array; p: Uint8Array; q: Uint8Array },
): Buffer | null {
  const [d, p, q] = [toBig(key.d), toBig(key.p), toBig(key.q)];
  const qi = p > 1n && q > 1n ? inverse(q, p) : null;
  if (qi === null) return null;
  const text = (value: bigint, length: number) => toBytes(value, length).toString('base64url');
  try {
    const half = Math.max(key.p.length, key.q.length);
    const jwk = {
      kty: 'RSA',
      n: Buffer.from(key.n).toString('base64url'),
      e: Buffer.from(key.e).toString('base64url'),
      d: text(d, key.n.length),
      p: text(p, half),
      q: text(q, half),
      dp: text(d % (p - 1n), half),
      dq: text(d % (q - 1n), half),
      qi: text(qi, half),
    };
    const padded = Buffer.alloc(key.n.length);
    padded.set(c, key.n.length - c.length);
    return privateDecrypt(
      { key: createPrivateKey({ key: jwk, format: 'jwk' }), padding: constants.RSA_NO_PADDING },
      padded,
    );
  } catch {
    // Sizes that OpenSSL refuses are still keys.
    return null;
  }
}

function rsaByHand(c: Uint8Array, { n, d }: { n: Uint8Array; d: Uint8Array }): Buffer | null {
  const modulus = toBig(n);
  return modulus < 2n ? null : toBytes(modPow(toBig(c), toBig(d), modulus), n.length);
}

/** ElGamal: c2 / c1^x modulo p, in as many bytes as p. */
function elgamal({ p, x, c1, c2 }: { p: Uint8Array; x: Uint8Array; c1: Uint8Array; c2: Uint8Array }): Buffer | null {
  if (p.length > LONGEST || c1.length > p.length || c2.length > p.length || p.length === 0) return null;
  const modulus = toBig(p);
  if (modulus < 3n) return null;
  const shared = fastPower(p, x, c1) ?? modPow(toBig(c1), toBig(x), modulus);
  const back = inverse(shared, modulus);
  return back === null ? null : toBytes((toBig(c2) * back) % modulus, p.length);
}

/** Above this OpenSSL takes short exponents only. */
const LONGEST_FAST = 384;

/** base^x modulo p by OpenSSL's RSA, whose public operation is this power: some ten times faster than by hand. */
function fastPower(p: Uint8Array, x: Uint8Array, base: Uint8Array): bigint | null {
  if (p.length > LONGEST_FAST || p.length < 64) return null;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n: text(p), e: text(x) }, format: 'jwk' });
    const padded = Buffer.alloc(p.length);
    padded.set(base, p.length - base.length);
    return toBig(publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded));
  } catch {
    // Numbers that make no RSA key still have a power.
    return null;
  }
}

export const powerOf: { readonly elgamal: typeof elgamal } = { elgamal: elgamal };
