import { equalBytes } from '@custody/bytes';
import type { AgeIdentity, Vault } from '@custody/vault';
import type { TilePlain } from './tile-builder.ts';
import { decodePartObject } from './tile-codec.ts';
import { readTileKey } from './tile-key.ts';
import { partName, type TilePart, tileParts } from './tile-names.ts';

/** A stored tile that the caller may open. */
export class Tile {
  readonly label: string;
  readonly #vault: Vault;
  readonly #identity: AgeIdentity;

  constructor(vault: Vault, label: string, identity: AgeIdentity) {
    this.label = label;
    this.#vault = vault;
    this.#identity = identity;
  }

  /** The Parquet file of a part. Throws IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED, INDEX_PART_MALFORMED. */
  async readPart(part: TilePart): Promise<Uint8Array> {
    const name = partName(this.label, part);
    return decodePartObject(await this.#vault.read(name), name, [this.#identity]);
  }
}

/**
 * Opens a tile with an identity of the compartment it is sealed to. Null where the segment has no tile, or only some of
 * its parts: it must be indexed. Throws UsageError SEALED_TO_OTHERS, IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED.
 */
export async function openTile(vault: Vault, label: string, identities: readonly string[]): Promise<Tile | null> {
  const [identity, ...parts] = await Promise.all([
    readTileKey(vault, label, identities),
    ...tileParts.map((part) => vault.info(partName(label, part))),
  ]);
  return identity === null || parts.includes(null) ? null : new Tile(vault, label, identity);
}

/** Whether the stored tile holds exactly this plaintext. Errors as openTile and Tile.readPart. */
export async function compareTile(
  vault: Vault,
  label: string,
  plain: TilePlain,
  identities: readonly string[],
): Promise<'equal' | 'different' | 'missing'> {
  const tile = await openTile(vault, label, identities);
  if (tile === null) return 'missing';
  for (const part of tileParts) if (!equalBytes(await tile.readPart(part), plain[part])) return 'different';
  return 'equal';
}
