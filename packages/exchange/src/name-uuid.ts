import { createHash } from 'node:crypto';
import { sha256, utf8Encode } from '@custody/bytes';

/** Namespace of our names, a UUID of our own (RFC 9562 section 6.6). */
const NAMESPACE = Buffer.from('6d0c3a8ec1f24f0b9a53cb6a60d6b1e7', 'hex');

/**
 * Name-based UUID (RFC 9562 section 5.5, version 5): the same name gives the same UUID on every run. SHA-1 is what the
 * version prescribes; nothing rests on its strength.
 */
export function nameUuid(...names: readonly (string | number)[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(names.join('\0')).digest();
  return written(hash, 5);
}

/** The same by SHA-256 (RFC 9562 section 5.8, version 8), which vCon asks for. */
export function nameUuid8(...names: readonly (string | number)[]): string {
  return written(sha256(utf8Encode(['custody', ...names].join('\0'))), 8);
}

function written(hash: Uint8Array, version: number): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
