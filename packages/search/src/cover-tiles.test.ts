import { describe, expect, it } from 'vitest';
import { coverTiles } from './cover-tiles.ts';
import { memoryVault } from './testing/memory-vault.ts';
import { generationOver, MERGE_WIDTH, mergedPartName, TOP_LEVEL } from './tile-names.ts';

/** Thirty million messages. */
const SEGMENTS = 7325;
const segments = Array.from({ length: SEGMENTS }, (_, ordinal) => ({
  label: `1/${ordinal}-0`,
  first: ordinal * 4096,
  ordinal,
}));
const none = new Map<number, number>();

describe('coverTiles', () => {
  it('covers thirty million messages with some thirty tiles', async () => {
    const vault = memoryVault();
    for (let level = 1; level <= TOP_LEVEL; level++) {
      for (let number = 0; (number + 1) * MERGE_WIDTH ** level <= SEGMENTS; number++) {
        await vault.create(mergedPartName({ level, number, generation: 0 }, 'items'), Uint8Array.of(1));
      }
    }
    const units = await coverTiles(vault, segments, none);
    expect(units.length).toBeLessThanOrEqual(50);
    expect(units.map(({ tile }) => tile?.level ?? 0).reduce((sum, level) => sum + MERGE_WIDTH ** level, 0)).toBe(
      SEGMENTS,
    );
    expect(units.flatMap((unit) => unit.segments)).toEqual(segments);
  });

  it('keeps the order asked for, whatever covers what', async () => {
    const vault = memoryVault();
    await vault.create(mergedPartName({ level: 1, number: 3, generation: 0 }, 'items'), Uint8Array.of(1));
    await vault.create(mergedPartName({ level: 2, number: 1, generation: 0 }, 'items'), Uint8Array.of(1));
    const asked = segments.filter(({ ordinal }) => ordinal % 5 === 0 && ordinal < 700);
    const units = await coverTiles(vault, asked, none);
    expect(units.flatMap((unit) => unit.segments)).toEqual(asked);
    expect(units.filter(({ tile }) => tile !== null).map(({ tile }) => tile?.level)).toEqual([1, 2]);
  });

  it('does not take a tile from before a rewrite, nor one that was destroyed', async () => {
    const vault = memoryVault();
    await vault.create(mergedPartName({ level: 1, number: 0, generation: 0 }, 'items'), Uint8Array.of(1));
    const asked = segments.slice(0, 16);
    expect(await coverTiles(vault, asked, none)).toHaveLength(1);
    const rewritten = new Map([
      [3, 40],
      [9, 71],
      [20, 90],
    ]);
    expect(generationOver(1, 0, rewritten)).toBe(71);
    expect(await coverTiles(vault, asked, rewritten)).toHaveLength(16);
    await vault.destroy(mergedPartName({ level: 1, number: 0, generation: 0 }, 'items'));
    expect(await coverTiles(vault, asked, none)).toHaveLength(16);
  });
});
