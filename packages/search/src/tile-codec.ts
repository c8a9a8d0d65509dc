import { releaseBytes } from '@custody/bytes';
import { type Identities, openSealed, seal } from '@custody/vault';
import { makeFrame, openFrame } from './frame.ts';
import { sealedPartOf, wrapIndexObject } from './index-object.ts';

/** The stored object of a part: the whole Parquet file in zstd, sealed to the tile's identity, under its line. */
export function encodePartObject(name: string, plain: Uint8Array, recipient: string): Uint8Array {
  const frame = makeFrame(plain);
  const sealed = seal(frame, [recipient]);
  releaseBytes(frame);
  const object = wrapIndexObject(name, sealed);
  releaseBytes(sealed);
  return object;
}

/**
 * The Parquet file of a stored part. Throws IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED, INDEX_PART_MALFORMED,
 * UsageError SEALED_TO_OTHERS.
 */
export function decodePartObject(object: Uint8Array, name: string, identities: Identities): Uint8Array {
  return openFrame(openSealed(sealedPartOf(object, name), identities), name);
}
