import { generateIdentity, type Vault } from '@custody/vault';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { QueriedTile } from '../cover-tiles.ts';
import { verifyIndexObject } from '../index-object.ts';
import type { IndexHit, IndexQuery } from '../index-query.ts';
import { queryTiles } from '../query-tiles.ts';
import { storeTile } from '../store-tile.ts';
import { countingVault } from '../testing/counting-vault.ts';
import { generatorOf, type MadeUpItem, madeUpLeaves } from '../testing/made-up-leaves.ts';
import { type MemoryVault, memoryVault } from '../testing/memory-vault.ts';
import { naivelyMatches } from '../testing/naive-search.ts';
import { TileBuilder } from '../tile-builder.ts';
import { MERGE_WIDTH, type MergedTile, mergedKeyName, mergedPartName, tileParts } from '../tile-names.ts';
import { discardSources, hasMergedTile, type MergeSource, mergeTile } from './merge-tile.ts';
import { partPlaintext } from './part-plaintext.ts';

const REGION = 'DE';
/** One of level 2, one of level 1 beyond it, and three segments that nothing wider covers. */
const SEGMENTS = 256 + 16 + 3;
const evidence = generateIdentity();
const holder = [evidence.secret];
const keys = { recipient: evidence.recipient, identities: holder };
const segments: QueriedTile[] = [];
const items: { leafIndex: number; ordinal: number; item: MadeUpItem }[] = [];
const narrow = memoryVault();
/** Level 1 over all that can be; level 2 as well; the same without what wider tiles cover. */
let level1: MemoryVault;
let level2: MemoryVault;
let widest: MemoryVault;

beforeAll(async () => {
  const builder = new TileBuilder({ region: REGION });
  const random = generatorOf(99);
  let first = 0;
  for (let ordinal = 0; ordinal < SEGMENTS; ordinal++) {
    const count = ordinal % 128 === 7 ? 1100 : Math.floor(random() * 12);
    const made = madeUpLeaves(1000 + ordinal, count);
    const codes = new Uint8Array(made.batch.facts.kinds.length).map(() => (random() < 0.1 ? 1 : 0));
    const segment = { label: `9/${ordinal}-0`, first, ordinal };
    segments.push(segment);
    await storeTile(
      narrow,
      segment.label,
      builder.build({ batch: made.batch, from: 0, to: count, codes }),
      keys.recipient,
    );
    made.items.forEach((item, leaf) => {
      if (item !== null && codes[made.batch.rows[leaf] as number] === 0)
        items.push({ leafIndex: first + leaf, ordinal, item });
    });
    first += count;
  }
  level1 = await merged({ wide: false });
  level2 = await merged();
  widest = await merged({ discard: true });
}, 60_000);

const tileAt = (level: number, number: number): MergedTile => ({ level, number, generation: 0 });

function sourcesOf({ level, number }: MergedTile): MergeSource[] {
  return Array.from({ length: MERGE_WIDTH }, (_, i) => {
    const child = number * MERGE_WIDTH + i;
    return level === 1 ? { label: segments[child]?.label as string } : { tile: tileAt(level - 1, child) };
  });
}

const firstLevel = Array.from({ length: 17 }, (_, number) => tileAt(1, number));

async function merged({ wide = true, discard = false } = {}): Promise<MemoryVault> {
  const vault = narrow.fork();
  for (const tile of [...firstLevel, ...(wide ? [tileAt(2, 0)] : [])]) {
    expect(await mergeTile(vault, tile, sourcesOf(tile), keys)).toBe('stored');
    if (discard) await discardSources(vault, sourcesOf(tile));
  }
  return vault;
}

async function hitsOf(vault: Vault, query: IndexQuery, from: readonly QueriedTile[] = segments): Promise<IndexHit[]> {
  const hits: IndexHit[] = [];
  for await (const hit of queryTiles(vault, from, query, holder)) hits.push(hit);
  return hits;
}

const T = 1_700_000_000_000;
const queries: readonly IndexQuery[] = [
  {},
  { type: 'money' },
  { type: 'handle' },
  { type: 'group' },
  { value: '+493023125001' },
  { value: 'QUAY.NINE@example.org' },
  { prefix: '+493023125' },
  { type: 'money', prefix: 'EUR 5' },
  { type: 'money', min: '5000', max: '12500.50' },
  { party: 'Lager 4 ☕' },
  { party: '100200300400500', text: 'quay' },
  { text: 'QUAY nine' },
  { text: '06-12345678' },
  { text: '東京' },
  { text: '駅' },
  { from: T + 100_000, to: T + 200_000 },
  { party: '@kranfahrer', text: 'quay', from: T, type: 'money', min: '1000' },
];

describe('merged tiles', () => {
  it('answer as the narrow tiles do, whichever of both exist', async () => {
    for (const [n, query] of queries.entries()) {
      const found = await hitsOf(widest, query);
      const scanned = items.filter(({ item }) => naivelyMatches(item, query, REGION));
      expect(found.length).toBeGreaterThan(0);
      expect(found.map(({ leafIndex }) => leafIndex)).toEqual(scanned.map(({ leafIndex }) => leafIndex));
      expect(found.map(({ undated }) => undated)).toEqual(scanned.map(({ item }) => item.sentMs === null));
      // All that is said of each hit, as one text: thousands of objects are slow to compare.
      const said = JSON.stringify(found);
      for (const vault of [level1, level2, ...(n % 3 === 1 ? [narrow] : [])]) {
        expect(JSON.stringify(await hitsOf(vault, query)) === said, JSON.stringify(query)).toBe(true);
      }
    }
  }, 60_000);

  it('answer the same for any mix of tiles and any choice of segments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...firstLevel), { maxLength: 8 }),
        fc.boolean(),
        fc.constantFrom(...queries),
        fc.func(fc.boolean()),
        async (gone, wide, query, chosen) => {
          const vault = (wide ? widest : level1).fork();
          // Whatever a wider tile covers may be gone, in whole or in part.
          for (const tile of wide ? [] : gone) await discardSources(vault, sourcesOf(tile).slice(tile.number % 16));
          const asked = segments.filter(({ ordinal }) => chosen(ordinal));
          const found = JSON.stringify(await hitsOf(vault, query, asked));
          expect(found === JSON.stringify(await hitsOf(narrow, query, asked))).toBe(true);
        },
      ),
      { numRuns: 5 },
    );
  }, 60_000);

  it('have one plaintext, whoever made them and from which fork', async () => {
    for (const tile of [tileAt(1, 16), tileAt(2, 0)]) {
      for (const part of tileParts) {
        const plain = await partPlaintext(level2, { tile, part }, holder);
        expect(plain.length).toBeGreaterThan(0);
        expect(await partPlaintext(widest, { tile, part }, holder)).toEqual(plain);
      }
    }
  });

  it('are made once, also by several at once, and completed where their maker died', async () => {
    const vault = narrow.fork();
    const tile = tileAt(1, 3);
    const outcomes = await Promise.all([1, 2, 3].map(() => mergeTile(vault, tile, sourcesOf(tile), keys)));
    expect(outcomes).not.toContain('missing');
    expect(await mergeTile(vault, tile, sourcesOf(tile), keys)).toBe('exists');
    for (const part of ['words', 'items'] as const) await vault.remove(mergedPartName(tile, part));
    expect(await hasMergedTile(vault, tile)).toBe(false);
    expect(await hitsOf(vault, { type: 'money' })).not.toHaveLength(0);
    expect(await mergeTile(vault, tile, sourcesOf(tile), keys)).toBe('stored');
    for (const part of tileParts) {
      expect(await partPlaintext(vault, { tile, part }, holder)).toEqual(
        await partPlaintext(level2, { tile, part }, holder),
      );
    }
  });

  it('are not made from inputs that are not all there', async () => {
    const vault = narrow.fork();
    const tile = tileAt(1, 5);
    await discardSources(vault, sourcesOf(tile).slice(4, 5));
    expect(await mergeTile(vault, tile, sourcesOf(tile), keys)).toBe('missing');
    expect(await mergeTile(vault, tileAt(2, 0), sourcesOf(tileAt(2, 0)), keys)).toBe('missing');
    await expect(hitsOf(vault, { type: 'money' })).rejects.toMatchObject({
      code: 'INDEX_MISSING',
      detail: { missing: 1, labels: [segments[84]?.label] },
    });
  });

  it('show any altered, added or missing byte without a key, and open for nobody else', async () => {
    const tile = tileAt(1, 16);
    const stranger = [generateIdentity().secret];
    await expect(queryTiles(level2, segments, {}, stranger).next()).rejects.toMatchObject({ code: 'SEALED_TO_OTHERS' });
    const bytes = await level2.read(mergedPartName(tile, 'items'));
    const altered = memoryVault();
    const put = async (number: number, data: Uint8Array) => {
      const name = mergedPartName(tileAt(1, number), 'items');
      await altered.create(name, data);
      return verifyIndexObject(altered, name);
    };
    await expect(put(16, bytes)).resolves.toBeUndefined();
    await altered.remove(mergedPartName(tile, 'items'));
    await expect(put(15, bytes)).rejects.toMatchObject({ code: 'INDEX_PART_ALTERED' });
    for (const [number, data] of [bytes.subarray(1), bytes.subarray(0, -1), new Uint8Array(3)].entries()) {
      await expect(put(number, data)).rejects.toMatchObject({ code: 'INDEX_PART_ALTERED' });
    }
    const step = Math.max(1, Math.floor(bytes.length / 30));
    for (let at = 0; at < bytes.length; at += step) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] as number) ^ 1;
      await expect(put(100 + at, flipped), `byte ${at}`).rejects.toMatchObject({ code: 'INDEX_PART_ALTERED' });
      await expect(put(16, flipped), `byte ${at}`).rejects.toMatchObject({ code: 'INDEX_PART_ALTERED' });
      await altered.remove(mergedPartName(tile, 'items'));
    }
    await verifyIndexObject(level2, mergedKeyName(tile));
  });

  it('are looked up with few reads, and with none for what a filter knows to be nowhere', async () => {
    const counted = countingVault(widest);
    await hitsOf(counted.vault, { value: '+493023125001' });
    counted.reset();
    await hitsOf(counted.vault, { text: 'zeppelin' });
    await hitsOf(counted.vault, { value: 'nobody@example.net' });
    // Level-0 tiles are read as wholes: here the last three segments, of which mentions were kept from the first query.
    const narrow = counted.reads.filter((name) => name.startsWith('index/v2/0/'));
    expect(narrow).toHaveLength(3);
    const tails = new Set(counted.reads.filter((name) => !narrow.includes(name)));
    expect([...tails].every((name) => name.endsWith('.words'))).toBe(true);
    expect(tails.size).toBe(2);
    counted.reset();
    await hitsOf(counted.vault, { text: 'zeppelin' });
    expect(counted.reads).toEqual([]);
  });

  it('are found where the narrow ones, which stood when it was asked last, are gone', async () => {
    const vault = level1.fork();
    const [one, other] = [{ value: '+493023125001' }, { text: 'QUAY nine' }];
    const before = [await hitsOf(vault, one), await hitsOf(vault, other)];
    for (const tile of firstLevel) await discardSources(vault, sourcesOf(tile));
    const later = level1.fork();
    await hitsOf(later, one);
    expect(await mergeTile(later, tileAt(2, 0), sourcesOf(tileAt(2, 0)), keys)).toBe('stored');
    await discardSources(later, sourcesOf(tileAt(2, 0)));
    for (const asked of [vault, later]) expect([await hitsOf(asked, one), await hitsOf(asked, other)]).toEqual(before);
  });
});
