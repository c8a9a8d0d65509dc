import { createHash } from 'node:crypto';
import type { ByteSource } from './byte-source.ts';

export interface FileDigest {
  /** Hex. */
  readonly sha256: string;
  readonly size: number;
}

/** One a thread: reading is synchronous, so nobody else looks at it between two pieces. */
const MEMORY = new Uint8Array(256 * 1024);

/** SHA-256 of a whole file, read in one memory where the source can: files of a capture come by the ten thousand. */
export function fileDigest(source: ByteSource): FileDigest {
  const hash = createHash('sha256');
  for (let at = 0; at < source.length; at += MEMORY.length) {
    hash.update(pieceOf(source, at, MEMORY.subarray(0, source.length - at)));
  }
  return { sha256: hash.digest('hex'), size: source.length };
}

/** The bytes from `offset` that fill `memory`, in it where the source can; all of them must be there. */
export function pieceOf(source: ByteSource, offset: number, memory: Uint8Array): Uint8Array {
  if (source.readInto === undefined) return source.read(offset, memory.length);
  source.readInto(offset, memory);
  return memory;
}
