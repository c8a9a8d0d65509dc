import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { openSealed, seal } from '@custody/vault';
import { partMalformed } from './errors.ts';
import { sealedPartOf, wrapIndexObject } from './index-object.ts';

/** A part of 4,096 leaves is well below a megabyte unless its bodies are huge; nothing legitimate inflates beyond this. */
const MOST_PART_BYTES = 256 * 1024 * 1024;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** The stored object of a part: the whole Parquet file in zstd, sealed to the tile's identity, under its line. */
export function encodePartObject(plain: Uint8Array, recipient: string): Uint8Array {
  return wrapIndexObject(seal(zstdCompressSync(plain, LEVEL), [recipient]));
}

/**
 * The Parquet file of a stored part. Throws IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED, INDEX_PART_MALFORMED,
 * UsageError SEALED_TO_OTHERS.
 */
export function decodePartObject(
  object: Uint8Array,
  name: string,
  identity: Parameters<typeof openSealed>[1],
): Uint8Array {
  const compressed = openSealed(sealedPartOf(object, name), identity);
  try {
    return zstdDecompressSync(compressed, { maxOutputLength: MOST_PART_BYTES });
  } catch (cause) {
    throw partMalformed(`(${name}) does not decompress: ${cause instanceof Error ? cause.message : 'unknown fault'}`);
  }
}
