import type { ByteSource } from '../byte-source.ts';

/** Bytes in memory, for tests and small members. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.min(bytes.length, offset + length)),
  };
}
