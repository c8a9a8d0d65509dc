import type { ByteSource } from '../byte-source.ts';

/** Bytes in memory, as strict about places as those of a sealed capture. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read(offset, length) {
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0)
        throw new RangeError(`not a range of bytes: ${offset}+${length}`);
      return bytes.subarray(offset, Math.min(bytes.length, offset + length));
    },
  };
}
