import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A part of 4,096 leaves is some MB; nothing legitimate inflates beyond this. */
const MOST_PART_BYTES = 1024 ** 3;
/** What is taken at once at most for what a frame says it holds. */
const MOST_AT_ONCE = 16 * 1024 ** 2;
/** Smallest chunk that node:zlib accepts. */
const LEAST_CHUNK = 64;

/**
 * Level 1: 310-360 MB/s. With room for the worst case (ZSTD_compressBound: 1/256 more, and up to 64 bytes for short
 * input) libzstd goes over the input in place, in one call; with less it copies it to a buffer of its own first.
 */
export function compressPart(plain: Uint8Array): Uint8Array {
  const chunkSize = plain.length + (plain.length >>> 8) + 1024;
  return zstdCompressSync(plain, { chunkSize, params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** The same the other way: with room for all that the frame declares it is opened in one call. */
export function decompressPart(frame: Uint8Array): Uint8Array {
  const declared = declaredLength(frame);
  const room = declared === null ? {} : { chunkSize: Math.max(LEAST_CHUNK, Math.min(declared, MOST_AT_ONCE) + 1) };
  return zstdDecompressSync(frame, { maxOutputLength: MOST_PART_BYTES, ...room });
}

/** Frame_Content_Size of RFC 8878 3.1.1.1 as far as it fits 32 bits; null where none is stated. Believed for room only. */
function declaredLength(frame: Uint8Array): number | null {
  const descriptor = frame[4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
  const at = 5 + (isSingle ? 0 : 1) + dictionary;
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = frame.subarray(at, at + 4);
  switch (descriptor >>> 6) {
    case 0:
      return isSingle ? b0 : null;
    case 1:
      return b0 + b1 * 0x100 + 256;
    default:
      return b0 + b1 * 0x100 + b2 * 0x10000 + b3 * 0x1000000;
  }
}
