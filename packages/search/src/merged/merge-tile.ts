import { CustodyError } from '@custody/bytes';
import { type AgeIdentity, generateIdentity, type Vault } from '@custody/vault';
import { Tile } from '../open-tile.ts';
import { PartReader } from '../part-reader.ts';
import { createTileKey, readKeyObject, readTileKey } from '../tile-key.ts';
import {
  MERGE_WIDTH,
  type MergedTile,
  mergedKeyName,
  mergedObjectNames,
  mergedPartName,
  partName,
  segmentsOf,
  TILE_LEAVES,
  type TilePart,
  tileParts,
} from '../tile-names.ts';
import { wholePart } from '../whole-part.ts';
import { type MergeInput, mergePart } from './merge-parts.ts';
import { MergedPart } from './merged-part.ts';
import { partObject } from './write-part.ts';

/** What a tile is merged from: a level-0 tile by its label, or a merged one. */
export type MergeSource = { readonly label: string } | { readonly tile: MergedTile };

export interface MergeKeys {
  /** `age1…` of the compartment that may search. */
  readonly recipient: string;
  /** Identities of that compartment. */
  readonly identities: readonly string[];
}

/** `missing`: an input is not there (any more), so nothing was made. */
export type MergeOutcome = 'stored' | 'exists' | 'missing';

/** Whether a merged tile is whole: its parts are created in the order of `tileParts`, so the last one tells. */
export async function hasMergedTile(vault: Vault, tile: MergedTile): Promise<boolean> {
  const last = tileParts.at(-1) as TilePart;
  return ((await vault.info(mergedPartName(tile, last)))?.length ?? 0) > 0;
}

/** Whether nothing of a merged tile is missing: its last part tells that it was whole once, and parts may be deleted by hand. */
export async function isMergedTileWhole(vault: Vault, tile: MergedTile): Promise<boolean> {
  if (!(await hasMergedTile(vault, tile))) return false;
  const found = await Promise.all(mergedObjectNames(tile).map((name) => vault.info(name)));
  return found.every((info) => info !== null && info.length > 0);
}

/**
 * Merges the MERGE_WIDTH tiles of the level below, given in order of number, into one. A stream from inputs to result:
 * memory holds a block of each input, whatever their size. The plaintext is a function of that of the inputs, every
 * object is created once, and what a maker who died left undone is completed with the key that stands: so it may be
 * done twice, or by many at once.
 *
 * Throws UsageError SEALED_TO_OTHERS; IntegrityError SEAL_BROKEN, INDEX_PART_ALTERED, INDEX_PART_MALFORMED;
 * UnavailableError.
 */
export async function mergeTile(
  vault: Vault,
  tile: MergedTile,
  sources: readonly MergeSource[],
  keys: MergeKeys,
): Promise<MergeOutcome> {
  if (sources.length !== MERGE_WIDTH) throw new RangeError(`a tile is merged from ${MERGE_WIDTH}`);
  if (await isMergedTileWhole(vault, tile)) return 'exists';
  try {
    const opened = await Promise.all(sources.map((source) => openSource(vault, source, keys.identities)));
    if (opened.includes(null)) return (await isMergedTileWhole(vault, tile)) ? 'exists' : 'missing';
    const identity = await keyOf(vault, tile, keys);
    for (const part of tileParts) await storePart(vault, { tile, part }, { opened: opened as OpenSource[], identity });
    return 'stored';
  } catch (error) {
    // Somebody else was done first and took the inputs away.
    if (!(error instanceof CustodyError) || error.code !== 'OBJECT_MISSING') throw error;
    return (await isMergedTileWhole(vault, tile)) ? 'exists' : 'missing';
  }
}

/** Takes away what a wider tile covers, but for the keys: a late maker of a part then makes it under the same one. */
export async function discardSources(vault: Vault, sources: readonly MergeSource[]): Promise<void> {
  const names = sources.flatMap((source) => tileParts.map((part) => nameOf(source, part)));
  await Promise.all(names.map((name) => vault.remove(name)));
}

interface OpenSource {
  readonly source: MergeSource;
  readonly identity: AgeIdentity;
}

function nameOf(source: MergeSource, part: TilePart): string {
  return 'label' in source ? partName(source.label, part) : mergedPartName(source.tile, part);
}

async function openSource(
  vault: Vault,
  source: MergeSource,
  identities: readonly string[],
): Promise<OpenSource | null> {
  const identity =
    'label' in source
      ? await readTileKey(vault, source.label, identities)
      : await readKeyObject(vault, mergedKeyName(source.tile), identities);
  return identity === null ? null : { source, identity };
}

async function keyOf(vault: Vault, tile: MergedTile, { recipient, identities }: MergeKeys): Promise<AgeIdentity> {
  const name = mergedKeyName(tile);
  const drawn = generateIdentity();
  // Looked for before there is a key: later ones may be of somebody who works with the key that we make now.
  const parts = tileParts.map((part) => mergedPartName(tile, part));
  const found = await Promise.all(parts.map((part) => vault.info(part)));
  if (await createTileKey(vault, name, drawn, recipient)) {
    // Parts without a key are left of a tile whose key was deleted: nobody opens them any more.
    const left = parts.filter((_, i) => found[i] !== null);
    await Promise.all(left.map((part) => vault.remove(part)));
    return drawn;
  }
  const winner = await readKeyObject(vault, name, identities);
  if (winner === null) throw new Error(`${name} was there and is not`);
  return winner;
}

async function storePart(
  vault: Vault,
  { tile, part }: { readonly tile: MergedTile; readonly part: TilePart },
  { opened, identity }: { readonly opened: readonly OpenSource[]; readonly identity: AgeIdentity },
): Promise<void> {
  const name = mergedPartName(tile, part);
  if ((await vault.info(name)) !== null) return;
  const leaves = segmentsOf(tile.level - 1) * TILE_LEAVES;
  const inputs: MergeInput[] = [];
  for (const [i, { source, identity: key }] of opened.entries()) {
    const read =
      'label' in source
        ? wholePart(new PartReader(await new Tile(vault, source.label, key).readPart(part)), part === 'mentions')
        : await MergedPart.open(vault, { tile: source.tile, part }, key);
    inputs.push({ part: read, base: i * leaves });
  }
  await vault.createFromStream(name, partObject(name, mergePart(part, inputs), identity.recipient));
}
