import { hkdfSync, timingSafeEqual } from 'node:crypto';
import { concatBytes, hmacSha256, utf8Encode } from '@custody/bytes';
import { openSealed, seal } from '@custody/vault';
import type { HeldKey } from '../case-keys.ts';
import { broken, usage } from '../errors.ts';
import type { Case } from '../open-case.ts';

/** Everything that workers of a derivation tell each other through the store; derived, and of use until it is complete. */
export const STRETCH_PREFIX = 'stretches/';
const MAC_BYTES = 32;
const MOST_BYTES = 256 * 1024 * 1024;

/** `plan`, or the number of a stretch. */
export function stretchName(derivation: number, which: 'plan' | number): string {
  return `${STRETCH_PREFIX}${derivation}/${which}`;
}

/** Whether a name is one that `stretchName` gives. */
export function isStretchName(name: string): boolean {
  return /^stretches\/\d+\/(?:plan|\d+)$/.test(name);
}

/**
 * Stores what the workers of a case tell each other, sealed to `evidence`, under an HMAC-SHA256 (RFC 2104) whose key
 * follows from that compartment's identity by HKDF (RFC 5869): who can only write to the store cannot make a sequencer
 * commit anything. The name is covered, so that nothing passes for another stretch.
 */
export async function storeStretchObject(opened: Case, name: string, plain: Uint8Array): Promise<'created' | 'exists'> {
  const { secret, recipient } = evidenceOf(opened);
  const sealed = seal(plain, [recipient]);
  return opened.vault.create(name, concatBytes([macOf(secret, name, sealed), sealed]));
}

/** Null where there is none, or it was destroyed by an expungement. Throws IntegrityError STRETCH_NOT_OURS. */
export async function readStretchObject(opened: Case, name: string): Promise<Uint8Array | null> {
  const info = await opened.vault.info(name);
  if (info === null || info.length === 0) return null;
  const { all } = evidenceOf(opened);
  if (info.length <= MAC_BYTES || info.length > MOST_BYTES) throw notOurs(name);
  const stored = await opened.vault.read(name);
  const sealed = stored.subarray(MAC_BYTES);
  // The compartment's identity may have been rotated since.
  const mac = stored.subarray(0, MAC_BYTES);
  if (!all.some((secret) => timingSafeEqual(mac, macOf(secret, name, sealed)))) throw notOurs(name);
  return openSealed(sealed, all);
}

function macOf(secret: string, name: string, sealed: Uint8Array): Uint8Array {
  const key = new Uint8Array(hkdfSync('sha256', utf8Encode(secret), new Uint8Array(0), 'custody/stretch/v1', 32));
  return hmacSha256(key, concatBytes([utf8Encode(`${name}\n`), sealed]));
}

function evidenceOf(opened: Case): HeldKey {
  const held = opened.held.evidence;
  if (held === undefined) throw usage('NO_RIGHTS', 'you do not hold the compartment "evidence" of this case');
  return held;
}

function notOurs(name: string): Error {
  const message = `${name} was not written by a worker of this case, or was altered: remove it, then "custody resume"`;
  return broken('STRETCH_NOT_OURS', message, { name });
}
