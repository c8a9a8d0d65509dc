import { usageError } from './errors.ts';
import { SALT_LENGTH } from './openings.ts';

/**
 * `blocks` blocks of 16 bytes of the AES-256-CTR keystream under `secret` (32 bytes), counter block from zero
 * (NIST SP 800-38A). A port: node:crypto and @noble/ciphers both have it, this package has neither.
 */
export type Keystream = (secret: Uint8Array, blocks: number) => Uint8Array;

/** The first `blocks` salts of a part, 16 bytes each: from a keystream, or the explicit list left by an expungement. */
export type SaltSource = (blocks: number) => Uint8Array;

const SECRET_LENGTH = 32;

/** Salts from the part's secret. Throws a UsageError unless it has 32 bytes. */
export function saltsOf(secret: Uint8Array, keystream: Keystream): SaltSource {
  if (secret.length !== SECRET_LENGTH) throw usageError(`a salt secret has 32 bytes, not ${secret.length}`);
  return (blocks) => keystream(secret, blocks);
}

/** Asks a source for `blocks` salts and checks that it delivers them. */
export function takeSalts(source: SaltSource, blocks: number): Uint8Array {
  const salts = source(blocks);
  if (salts.length < blocks * SALT_LENGTH) {
    throw usageError(`${blocks} salts need ${blocks * SALT_LENGTH} bytes; the source gave ${salts.length}`);
  }
  return salts;
}
