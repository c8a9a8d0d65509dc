import { utf8Decode, utf8Encode } from '@custody/bytes';
import { type AgeIdentity, openSealed, readIdentity, seal, type Vault } from '@custody/vault';
import { sealedPartOf, wrapIndexObject } from './index-object.ts';
import { tileKeyName } from './tile-names.ts';

/** The stored object that holds a tile's identity, sealed to the compartment whose holders may search. */
export function encodeTileKey(identity: AgeIdentity, recipient: string): Uint8Array {
  return wrapIndexObject(seal(utf8Encode(identity.secret), [recipient]));
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
  if ((await vault.info(name)) === null) return null;
  const secret = openSealed(sealedPartOf(await vault.read(name), name), identities);
  return readIdentity(utf8Decode(secret));
}
