import { createDiffieHellman, type DiffieHellman } from 'node:crypto';
import { hexDecode } from '@custody/bytes';

/** The 1536-bit MODP group of RFC 3526 section 2, which OTR version 3 uses with generator 2. */
const PRIME = hexDecode(
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd' +
    'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
    'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f' +
    '83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff',
);
const GENERATOR = 2;
/** Bytes of a number of the group. */
export const GROUP_BYTES: number = PRIME.length;

let shared: DiffieHellman | null = null;

function group(): DiffieHellman {
  shared ??= createDiffieHellman(PRIME, GENERATOR);
  return shared;
}

/** g^x, without leading zeros; null where x is no exponent of the group. */
export function publicOf(exponent: Uint8Array): Uint8Array | null {
  return power(exponent, null);
}

/** y^x, without leading zeros; null where y is 0, 1 or no element that a party could have sent. */
export function sharedSecret(exponent: Uint8Array, theirs: Uint8Array): Uint8Array | null {
  if (theirs.length > GROUP_BYTES) return null;
  return power(exponent, theirs);
}

function power(exponent: Uint8Array, base: Uint8Array | null): Uint8Array | null {
  if (exponent.length === 0 || exponent.length > GROUP_BYTES || exponent.every((byte) => byte === 0)) return null;
  try {
    const dh = group();
    dh.setPrivateKey(exponent);
    return stripped(base === null ? dh.generateKeys() : dh.computeSecret(base));
  } catch {
    // OpenSSL refuses degenerate numbers; what it says could quote them.
    return null;
  }
}

/** An MPI has no leading zeros. */
export function stripped(number: Uint8Array): Uint8Array {
  let from = 0;
  while (from < number.length && number[from] === 0) from++;
  return from === 0 ? number : number.slice(from);
}
