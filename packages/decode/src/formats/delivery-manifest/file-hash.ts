import { createHash } from 'node:crypto';
import type { ByteSource } from '../../byte-source.ts';

const WINDOW = 1024 * 1024;

/** The SHA-256 of a whole file, in hex. */
export function fileHash(source: ByteSource): string {
  const hash = createHash('sha256');
  for (let at = 0; at < source.length; at += WINDOW) hash.update(source.read(at, WINDOW));
  return hash.digest('hex');
}
