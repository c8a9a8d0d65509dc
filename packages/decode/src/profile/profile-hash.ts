import { type CborValue, encodeCbor, sha256Hex } from '@custody/bytes';
import type { Profile } from './profile.ts';

/**
 * SHA-256 (hex) of a profile as deterministic CBOR: two files with the same meaning, whatever their white space and
 * the order of their keys, have the same hash. Its cases are not part of it: they test the decoder and steer nothing.
 */
export function profileHash(profile: Profile): string {
  const { knownAnswers: _answers, tampered: _tampered, ...steering } = profile;
  return sha256Hex(encodeCbor(toCbor(steering)));
}

function toCbor(value: unknown): CborValue {
  if (Array.isArray(value)) return value.map(toCbor);
  if (typeof value !== 'object' || value === null) return value as CborValue;
  return new Map(Object.entries(value).map(([key, inner]) => [key, toCbor(inner)]));
}
