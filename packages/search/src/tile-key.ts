import { CustodyError, utf8Decode, utf8Encode } from '@custody/bytes';
import { type AgeIdentity, openSealed, readIdentity, seal, type Vault } from '@custody/vault';
import { sealedPartOf, wrapIndexObject } from './index-object.ts';
import { tileKeyName } from './tile-names.ts';

/** The index is rebuilt after a crash, so nothing waits for the disk. */
const DERIVED = { durable: false } as const;

/** Stores a tile's identity, sealed to the compartment whose holders may search. False where a key stands already. */
export async function createTileKey(
  vault: Vault,
  name: string,
  identity: AgeIdentity,
  recipient: string,
): Promise<boolean> {
  const object = wrapIndexObject(name, seal(utf8Encode(identity.secret), [recipient]));
  return (await vault.create(name, object, DERIVED)) === 'created';
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
  return readKeyObject(vault, tileKeyName(label), identities);
}

/** The same by the name of the key's object. */
export async function readKeyObject(
  vault: Vault,
  name: string,
  identities: readonly string[],
): Promise<AgeIdentity | null> {
  const object = await unlessMissing(vault.read(name));
  if (object === null || object.length === 0) return null;
  return readIdentity(utf8Decode(openSealed(sealedPartOf(object, name), identities)));
}
