import { gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Compression } from './recipe.ts';
import { fail } from './step-failure.ts';

/** Longest plaintext after decompression. */
const LONGEST: number = 16 * 1024 * 1024;

const INFLATE = { gzip: gunzipSync, deflate: inflateSync, 'deflate-raw': inflateRawSync, zstd: zstdDecompressSync };

export function inflate(compression: Exclude<Compression, 'none'>, bytes: Buffer): Buffer {
  try {
    return INFLATE[compression](bytes, { maxOutputLength: LONGEST });
  } catch (error) {
    const tooLong = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    if (tooLong) return fail('too-long', `the text is longer than ${LONGEST} bytes when decompressed`);
    return fail('malformed', `the decrypted bytes are not ${compression} data`);
  }
}
