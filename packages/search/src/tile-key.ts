import { CustodyError, utf8Decode, utf8Encode } from '@custody/bytes';
import { type AgeIdentity, openSealed, readIdentity, seal, type Vault } from '@custody/vault';
import { sealedPartOf, wrapIndexObject } from './index-object.ts';
import { tileKeyName } from './tile-names.ts';

/** The stored object that holds a tile's identity, sealed to the compartment whose holders may search. */
export function encodeTileKey(label: string, identity: AgeIdentity, recipient: string): Uint8Array {
  return wrapIndexObject(tileKeyName(label), seal(utf8Encode(identity.secret), [recipient]));
}

/** Null where an object is not there: an index may be deleted at any time. */
export async function unlessMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CustodyError && error.code === 'OBJECT_MISSING') return null;
    throw error;
  }
}

/**
 * The identity of a tile, or null where the tile was never begun.
 * Throws IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED; UsageError SEALED_TO_OTHERS.
 */
export async function readTileKey(
  vault: Vault,
  label: string,
  identities: readonly string[],
): Promise<AgeIdentity | null> {
  const name = tileKeyName(label);
  const object = await unlessMissing(vault.read(name));
  if (object === null) return null;
  return readIdentity(utf8Decode(openSealed(sealedPartOf(object, name), identities)));
}
