import type { Vault } from '@custody/vault';
import { type CoverUnit, coverTiles, type QueriedTile } from './cover-tiles.ts';

/** After so long it is looked again whether wider tiles stand by now: until then narrower ones give the same answers. */
const KEPT_MS = 30_000;

interface Cover {
  readonly tiles: readonly QueriedTile[];
  readonly generations: ReadonlyMap<number, number>;
  readonly units: readonly CoverUnit[];
  readonly since: number;
}

const covers = new WeakMap<Vault, Cover>();

/**
 * `coverTiles`, remembered for the next question where the store is over a network: to look which tiles stand is else
 * several ways there and back before the first of them is read. Whoever finds one of them gone calls `forgetCover`.
 */
export async function knownCover(
  vault: Vault,
  tiles: readonly QueriedTile[],
  generations: ReadonlyMap<number, number>,
): Promise<readonly CoverUnit[]> {
  if (vault.localPath !== undefined) return coverTiles(vault, tiles, generations);
  const known = covers.get(vault);
  const now = performance.now();
  if (known !== undefined && now - known.since < KEPT_MS && isFor(known, tiles, generations)) return known.units;
  const units = await coverTiles(vault, tiles, generations);
  covers.set(vault, { tiles, generations: new Map(generations), units, since: now });
  return units;
}

export function forgetCover(vault: Vault): void {
  covers.delete(vault);
}

function isFor(known: Cover, tiles: readonly QueriedTile[], generations: ReadonlyMap<number, number>): boolean {
  return (
    known.tiles.length === tiles.length &&
    known.generations.size === generations.size &&
    known.tiles.every((one, i) => isSame(one, tiles[i] as QueriedTile)) &&
    [...known.generations].every(([ordinal, generation]) => generations.get(ordinal) === generation)
  );
}

function isSame(a: QueriedTile, b: QueriedTile): boolean {
  return a.label === b.label && a.first === b.first && a.ordinal === b.ordinal;
}
