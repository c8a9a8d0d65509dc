import { generateIdentity, type Vault } from '@custody/vault';
import type { TilePlain } from './tile-builder.ts';
import { encodePartObject } from './tile-codec.ts';
import { createTileKey, readTileKey } from './tile-key.ts';
import { partName, tileKeyName, tileParts } from './tile-names.ts';

/** The index is rebuilt after a crash, so nothing waits for the disk. */
const DERIVED = { durable: false } as const;

/**
 * Stores a tile, each object created once. Who creates the key object makes the tile: everybody else gets `exists`,
 * because parts sealed to a second key would never open. A maker may have died between key and parts: give
 * `identities` that open the key, and what is missing is completed (then `stored`); without them it stays missing
 * until somebody who holds them comes by.
 *
 * `recipient`: `age1…` of the compartment that may search. Throws UnavailableError, and with `identities` also
 * UsageError SEALED_TO_OTHERS, IntegrityError SEAL_BROKEN.
 */
export async function storeTile(
  vault: Vault,
  label: string,
  plain: TilePlain,
  recipient: string,
  identities: readonly string[] = [],
): Promise<'stored' | 'exists'> {
  const identity = generateIdentity();
  if (await createTileKey(vault, tileKeyName(label), identity, recipient)) {
    await createParts(vault, label, plain, { recipient: identity.recipient, ours: true });
    return 'stored';
  }
  if (identities.length === 0) return 'exists';
  const winner = await readTileKey(vault, label, identities);
  return winner !== null && (await createParts(vault, label, plain, { recipient: winner.recipient, ours: false })) > 0
    ? 'stored'
    : 'exists';
}

/** Creates the parts that are missing; returns how many were. `ours`: the key was made just now, so none can stand yet. */
async function createParts(
  vault: Vault,
  label: string,
  plain: TilePlain,
  { recipient, ours }: { readonly recipient: string; readonly ours: boolean },
): Promise<number> {
  const results = await Promise.all(
    tileParts.map(async (part) => {
      const name = partName(label, part);
      if (!ours && (await vault.info(name)) !== null) return 'exists';
      return vault.create(name, encodePartObject(name, plain[part], recipient), DERIVED);
    }),
  );
  return results.filter((result) => result === 'created').length;
}
