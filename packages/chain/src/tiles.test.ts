import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64Encode, concatBytes } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../../test/chain-ports.ts';
import { describeWithShared } from '../../../test/shared-folder.ts';
import { readCheckpoint } from './checkpoint.ts';
import { readNote, verifyNote } from './note.ts';
import { readTilePath, type TileAddress, tilePath } from './tile-paths.ts';
import { TileTree, tilesBetween } from './tile-tree.ts';
import { encodeEntryBundle, readEntryBundle, readHashTile } from './tiles.ts';
import { leafHash, treeHash } from './tree.ts';
import { readVerifierKey } from './verifier-key.ts';

function hashesOf(count: number): Uint8Array {
  const hashes = new Uint8Array(count * 32);
  for (let i = 0; i < count; i++) hashes.set(leafHash(Uint8Array.of(i, i >>> 8, i >>> 16)), i * 32);
  return hashes;
}

/** The hash tiles of a log with these leaf hashes that it did not have at `from` entries. */
function hashTiles(hashes: Uint8Array, from = 0): (TileAddress & { readonly bytes: Uint8Array })[] {
  const tree = new TileTree();
  for (let at = 0; at < hashes.length; at += 32) tree.append(hashes.subarray(at, at + 32));
  expect(tree.size).toBe(hashes.length / 32);
  return tilesBetween(from, tree.size)
    .filter(({ level }) => level !== 'entries')
    .map((address) => ({ ...address, bytes: tree.tile(address) as Uint8Array }));
}

describe('tile paths', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1, width: 5 }, 'tile/0/001.p/5'],
    [{ level: 5, index: 123456078, width: 256 }, 'tile/5/x123/x456/078'],
    [{ level: 63, index: 3057500, width: 2 }, 'tile/63/x003/x057/500.p/2'],
    [{ level: 'entries', index: 1234067, width: 256 }, 'tile/entries/x001/x234/067'],
    [{ level: 'entries', index: 273, width: 112 }, 'tile/entries/273.p/112'],
  ] as const)('%j is %s', (address, path) => {
    expect(tilePath(address)).toBe(path);
    expect(readTilePath(path)).toEqual(address);
  });

  it('round-trip', () => {
    const address = fc.record({
      level: fc.oneof(fc.nat({ max: 63 }), fc.constant('entries' as const)),
      index: fc.oneof(fc.nat({ max: 2000 }), fc.maxSafeNat()),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(address, (a) => {
        expect(readTilePath(tilePath(a))).toEqual(a);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    'tile/0/0',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/000',
    'tile/0/x000/001',
    'tile/0/123/456',
    'tile/0/x123/x456',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000/',
    'tile/data/000',
    '/tile/0/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/x001/x001/x001/x001/x001/x001/001',
  ])('refuses %s', (path) => {
    expect(() => readTilePath(path)).toThrow(expect.objectContaining({ code: 'TILE_PATH_MALFORMED' }));
  });

  it('are not made for tiles that do not exist', () => {
    const usage = expect.objectContaining({ family: 'usage' });
    expect(() => tilePath({ level: 64, index: 0, width: 256 })).toThrow(usage);
    expect(() => tilePath({ level: 0, index: -1, width: 256 })).toThrow(usage);
    expect(() => tilePath({ level: 0, index: 0, width: 257 })).toThrow(usage);
    expect(() => tilePath({ level: 0, index: 0, width: 0 })).toThrow(usage);
  });
});

describe('tiles', () => {
  // The example of C2SP tlog-tiles: a log of 70,000 entries.
  it('of a log of 70,000 are those of the standard', () => {
    const tiles = hashTiles(hashesOf(70_000));
    const at = (level: number) => tiles.filter((tile) => tile.level === level).map((tile) => tile.width);
    expect(at(0)).toEqual([...new Array(273).fill(256), 112]);
    expect(at(1)).toEqual([256, 17]);
    expect(at(2)).toEqual([1]);
    expect(tiles.length).toBe(277);
  });

  it('of a log of 256 are one full and one partial', () => {
    expect(hashTiles(hashesOf(256)).map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
  });

  it('hold subtree roots, from which the root follows', () => {
    const hashes = hashesOf(600);
    const tiles = new Map(hashTiles(hashes).map((tile) => [tilePath(tile), tile.bytes]));
    expect(tiles.get('tile/1/000.p/2')?.slice(32)).toEqual(treeHash(hashes.subarray(256 * 32, 512 * 32)));
    const level0 = ['tile/0/000', 'tile/0/001', 'tile/0/002.p/88'].map((path) => tiles.get(path) as Uint8Array);
    expect(concatBytes(level0)).toEqual(hashes);
  });

  it('are published bit by bit as they would be at once', () => {
    const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 1200 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sizes, (unordered) => {
        const steps = unordered.toSorted((a, b) => a - b);
        const published = new Map<string, string>();
        let from = 0;
        for (const size of steps) {
          for (const tile of hashTiles(hashesOf(size), from)) published.set(tilePath(tile), base64Encode(tile.bytes));
          from = size;
        }
        for (const tile of hashTiles(hashesOf(from)))
          expect(published.get(tilePath(tile))).toBe(base64Encode(tile.bytes));
        expect(hashTiles(hashesOf(from), from)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('of entries round-trip, and are refused with any other length', () => {
    const entry = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), (entries) => {
        const bundle = encodeEntryBundle(entries);
        expect(readEntryBundle(bundle, entries.length)).toEqual(entries);
        const malformed = expect.objectContaining({ code: 'TILE_MALFORMED' });
        expect(() => readEntryBundle(bundle.subarray(0, -1), entries.length)).toThrow(malformed);
        expect(() => readEntryBundle(bundle, entries.length - 1)).toThrow(malformed);
        expect(() => readEntryBundle(bundle, entries.length + 1)).toThrow(malformed);
      }),
      { numRuns: 40 },
    );
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(expect.objectContaining({ family: 'usage' }));
    const bundles = (from: number) =>
      tilesBetween(from, 300)
        .map(tilePath)
        .filter((path) => path.startsWith('tile/entries/'));
    expect(bundles(0)).toEqual(['tile/entries/000', 'tile/entries/001.p/44']);
    expect(bundles(256)).toEqual(['tile/entries/001.p/44']);
    expect(() => readHashTile(new Uint8Array(33), 1)).toThrow(expect.objectContaining({ code: 'TILE_MALFORMED' }));
  });
});

it('a tile that the log is too short for is none', () => {
  const tree = new TileTree();
  for (let i = 0; i < 300; i++) tree.append(leafHash(Uint8Array.of(i, i >>> 8, 0)));
  expect(tree.tile({ level: 0, index: 1, width: 44 })?.length).toBe(44 * 32);
  for (const address of [
    { level: 0, index: 1, width: 45 },
    { level: 1, index: 0, width: 2 },
    { level: 2, index: 0, width: 1 },
    { level: 'entries', index: 0, width: 1 },
  ] as const)
    expect(tree.tile(address)).toBeNull();
  expect(treeHash(tree.leafHashes(300))).toEqual(treeHash(hashesOf(300)));
  expect(() => tree.leafHashes(301)).toThrow(expect.objectContaining({ family: 'usage' }));
});

describeWithShared("Sunlight's mirror of 300 entries", (shared) => {
  const testdata = join(shared, 'vectors/integrity/sunlight/cmd/skylight/testdata');
  const originHash = '000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706';
  const mirror = join(testdata, 'witness/mirror', originHash);
  const tile = (path: string) => new Uint8Array(readFileSync(join(mirror, path)));
  const hashes = concatBytes([tile('tile/0/000'), tile('tile/0/001.p/44')]);

  it('has the tiles that we would make of its leaf hashes', () => {
    for (const made of hashTiles(hashes)) expect(made.bytes, tilePath(made)).toEqual(tile(tilePath(made)));
  });

  it('has the root of its checkpoint', () => {
    const { size, root } = readCheckpoint(readNote(tile('checkpoint')).text);
    expect([size, base64Encode(root)]).toEqual([300n, base64Encode(treeHash(hashes))]);
  });

  it('has a cosignature that verifies', () => {
    const key = readVerifierKey('witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN');
    const note = readFileSync(join(testdata, 'witness', originHash, 'checkpoint'));
    expect(verifyNote(note, [key], verifySignature).signers.length).toBe(1);
  });
});
