import { concatBytes } from '@custody/bytes';
import type { Vault } from '@custody/vault';
import { readKeyObject } from '../tile-key.ts';
import { type MergedTile, mergedKeyName, type TilePart } from '../tile-names.ts';
import { MergedPart } from './merged-part.ts';

/**
 * The plaintext of a merged part: its blocks' Parquet files end to end, as `zstd -d` gives them. What two makers must
 * agree in; the frames themselves may differ between versions of zstd. Throws as MergedPart.open.
 */
export async function partPlaintext(
  vault: Vault,
  place: { readonly tile: MergedTile; readonly part: TilePart },
  identities: readonly string[],
): Promise<Uint8Array> {
  const key = await readKeyObject(vault, mergedKeyName(place.tile), identities);
  if (key === null) return new Uint8Array(0);
  const part = await MergedPart.open(vault, place, key);
  const blocks: Uint8Array[] = [];
  for (let block = 0; block < part.blocks; block++) blocks.push(await part.plain(block));
  return concatBytes(blocks);
}
