/**
 * A second implementation of RFC 6962 trees, naive and recursive, straight from sections 2.1 to 2.1.2 of the RFC. It
 * imports nothing of custody: what it and packages/chain agree on, two readings of the standard agree on.
 */
import { createHash } from 'node:crypto';

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** MTH(D[n]) over leaf data. */
export function merkleTreeHash(data: readonly Uint8Array[]): Buffer {
  if (data.length === 0) return sha256();
  if (data.length === 1) return sha256(Buffer.of(0), data[0] as Uint8Array);
  const k = split(data.length);
  return sha256(Buffer.of(1), merkleTreeHash(data.slice(0, k)), merkleTreeHash(data.slice(k)));
}

/** PATH(m, D[n]). */
export function auditPath(m: number, data: readonly Uint8Array[]): Buffer[] {
  if (data.length === 1) return [];
  const k = split(data.length);
  return m < k
    ? [...auditPath(m, data.slice(0, k)), merkleTreeHash(data.slice(k))]
    : [...auditPath(m - k, data.slice(k)), merkleTreeHash(data.slice(0, k))];
}

/** PROOF(m, D[n]). */
export function consistency(m: number, data: readonly Uint8Array[]): Buffer[] {
  return subproof(m, data, true);
}

function subproof(m: number, data: readonly Uint8Array[], whole: boolean): Buffer[] {
  if (m === data.length) return whole ? [] : [merkleTreeHash(data)];
  const k = split(data.length);
  return m <= k
    ? [...subproof(m, data.slice(0, k), whole), merkleTreeHash(data.slice(k))]
    : [...subproof(m - k, data.slice(k), false), merkleTreeHash(data.slice(0, k))];
}

/** Largest power of two smaller than n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
