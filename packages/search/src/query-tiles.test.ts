import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, openDirectoryVault, type Vault } from '@custody/vault';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueriedTile } from './cover-tiles.ts';
import type { IndexHit, IndexQuery } from './index-query.ts';
import { queryTiles } from './query-tiles.ts';
import { storeTile } from './store-tile.ts';
import { type MadeUpItem, madeUpLeaves } from './testing/made-up-leaves.ts';
import { naivelyMatches } from './testing/naive-search.ts';
import { TileBuilder } from './tile-builder.ts';
import { partName, tileKeyName } from './tile-names.ts';

const REGION = 'DE';
const GAP = 10_000;
const evidence = generateIdentity();
const holder = [evidence.secret];
let folder = '';
let vault: Vault;
/** Two tiles of several pages each, one of a single item; LeafIndex = first + position, with gaps between segments. */
const tiles: QueriedTile[] = [];
const inScope: { leafIndex: number; item: MadeUpItem }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'custody-search-'));
  vault = await openDirectoryVault(folder);
  const builder = new TileBuilder({ region: REGION });
  for (const [n, count] of [2600, 1500, 1].entries()) {
    const { batch, items } = madeUpLeaves(n + 1, count);
    const codes = Uint8Array.from({ length: batch.facts.kinds.length }, (_, row) =>
      row % 7 === 3 ? 1 + (row % 3) : 0,
    );
    const tile = { label: `9/0-${n}`, first: n * GAP };
    tiles.push(tile);
    await storeTile(vault, tile.label, builder.build({ batch, from: 0, to: count, codes }), evidence.recipient);
    items.forEach((item, leaf) => {
      if (item !== null && codes[batch.rows[leaf] as number] === 0)
        inScope.push({ leafIndex: tile.first + leaf, item });
    });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function hitsOf(query: IndexQuery, from: readonly QueriedTile[] = tiles): Promise<IndexHit[]> {
  const hits: IndexHit[] = [];
  for await (const hit of queryTiles(vault, from, query, holder)) hits.push(hit);
  return hits;
}

async function expectAsNaive(query: IndexQuery): Promise<number> {
  const expected = inScope.filter(({ item }) => naivelyMatches(item, query, REGION));
  const hits = await hitsOf(query);
  expect(hits.map((hit) => hit.leafIndex)).toEqual(expected.map(({ leafIndex }) => leafIndex));
  expect(hits.map((hit) => hit.undated)).toEqual(expected.map(({ item }) => item.sentMs === null));
  return hits.length;
}

const T = 1_700_000_000_000;

describe('queryTiles', () => {
  it.each<IndexQuery>([
    {},
    { type: 'money' },
    { type: 'handle' },
    { type: 'group' },
    { type: 'phone', value: '+49 30 23125 001' },
    { value: '+493023125001' },
    { value: '0049 30 23125001' },
    { value: 'QUAY.NINE@example.org' },
    { type: 'device', value: '490154203237518' },
    { prefix: '+493023125' },
    { type: 'money', prefix: 'EUR 5' },
    { type: 'money', min: '5000', max: '12500.50' },
    { min: '0.5', max: '103.50' },
    { type: 'count', min: '30000' },
    { party: '0049 30 23125-003' },
    { party: 'Lager 4 ☕' },
    { party: '100200300400500' },
    { text: 'QUAY nine' },
    { text: '0612345678' },
    { text: '06-12345678' },
    { text: 'STRASSE naive' },
    { text: '東京' },
    { text: '駅' },
    { text: '夜' },
    { text: '京' },
    { text: 'Завтра' },
    { from: T + 100_000, to: T + 200_000 },
    { party: '@kranfahrer', text: 'quay', from: T, type: 'money', min: '1000' },
  ])('finds what a scan of the items finds: %j', async (query) => {
    expect(await expectAsNaive(query)).toBeGreaterThan(0);
  });

  it('finds nothing where there is nothing', async () => {
    for (const query of [{ text: 'zeppelin' }, { value: '+493023125999' }, { type: 'matrix' }, { from: T * 2 }]) {
      expect(await expectAsNaive(query)).toBe(0);
    }
  });

  it('agrees with a scan for random combinations', async () => {
    const maybe = <V>(...values: V[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });
    const query = fc.record({
      type: maybe('phone', 'handle', 'money', 'email', 'group', 'amount'),
      value: fc.option(fc.constantFrom('+493023125001', '@kranfahrer', 'EUR 5,000', 'quay.nine@example.org'), {
        nil: undefined,
        freq: 1,
      }),
      prefix: fc.option(fc.constantFrom('EUR', '+49', 'quay', '@'), { nil: undefined, freq: 1 }),
      party: maybe('+493023125001', '@kranfahrer', 'Lager 4 ☕'),
      text: maybe('quay', 'nine quay', 'nr12', 'я'),
      from: maybe(T, T + 300_000),
      to: maybe(T + 600_000),
    });
    await fc.assert(
      fc.asyncProperty(query, async (given) => {
        const asked = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        await expectAsNaive(asked);
      }),
      { numRuns: 60 },
    );
  });

  it('takes any string as a value, a prefix, a party or a text', async () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('\0', '%', '"', '\ud800'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('value', 'prefix', 'party', 'text', 'min', 'type'),
        anything,
        async (key, text) => {
          const answer = await hitsOf({ [key]: text }, tiles.slice(2)).catch((error) => error.code);
          if (!Array.isArray(answer)) expect(answer).toBe('INDEX_QUERY_INVALID');
        },
      ),
      { numRuns: 120 },
    );
  });

  it('says which mention matched and where it stands', async () => {
    const [hit] = await hitsOf({ type: 'iban' });
    const item = inScope.find(({ leafIndex }) => leafIndex === hit?.leafIndex)?.item as MadeUpItem;
    const [mention] = (hit as IndexHit).mentions;
    expect(mention).toMatchObject({
      class: 'account',
      type: 'iban',
      where: 'body',
      tier: 'checksum',
      alternative: false,
    });
    const bytes = new TextEncoder()
      .encode(item.body as string)
      .subarray(mention?.start as number, mention?.end as number);
    expect(new TextDecoder().decode(bytes)).toBe('DE89370400440532013000');
  });

  it('names the other readings of a span, and finds an item by any of them', async () => {
    const [hit] = await hitsOf({ type: 'money', value: 'EUR 5000' });
    const { leafIndex, mentions } = hit as IndexHit;
    expect(mentions[0]).toMatchObject({ alternative: false, alternatives: [{ type: 'money', value: 'EUR 5' }] });
    const other = (await hitsOf({ type: 'money', value: 'EUR 5' })).find((found) => found.leafIndex === leafIndex);
    expect(other?.mentions[0]).toMatchObject({
      alternative: true,
      alternatives: [{ type: 'money', value: 'EUR 5000' }],
    });
    for (const { mentions } of await hitsOf({ type: 'iban' })) expect(mentions[0]?.alternatives).toEqual([]);
  });

  it('never mixes a device bound by metadata with one mentioned in text', async () => {
    for (const { mentions } of await hitsOf({ type: 'imei' })) {
      for (const { where, tier, start } of mentions) {
        expect(tier === 'metadata').toBe(where !== 'body');
        expect(start === null).toBe(where !== 'body');
      }
    }
    const places = (await hitsOf({ party: '490154203237518' })).flatMap((hit) =>
      hit.mentions.map(({ where }) => where),
    );
    expect([...new Set(places)].sort()).toEqual(['owner', 'recipient', 'sender']);
  });

  it('says when the words alone do not prove the text', async () => {
    const unchecked = async (text: string) => [...new Set((await hitsOf({ text })).map((hit) => hit.phraseUnchecked))];
    expect(await unchecked('quay nine')).toEqual([false]);
    expect(await unchecked('"quay nine"')).toEqual([true]);
    expect(await unchecked('"quay"')).toEqual([false]);
    expect(await unchecked('東京駅')).toEqual([true]);
  });

  it('reports segments without a tile, after the hits of all others', async () => {
    const asked = [{ label: '9/0-77', first: 70_000 }, ...tiles];
    const hits: IndexHit[] = [];
    const run = async () => {
      for await (const hit of queryTiles(vault, asked, { type: 'iban' }, holder)) hits.push(hit);
    };
    await expect(run()).rejects.toMatchObject({ code: 'INDEX_MISSING', detail: { missing: 1, labels: ['9/0-77'] } });
    expect(hits).toEqual(await hitsOf({ type: 'iban' }));
  });

  it('refuses what it cannot mean', async () => {
    for (const query of [
      { text: ' -- ' },
      { value: ' ' },
      { prefix: '' },
      { party: '' },
      { min: '1e3' },
      { type: 'phone', min: '3' },
      { min: 'EUR 1', max: 'USD 2' },
      { type: 'fone' },
      { from: Number.NaN },
    ]) {
      await expect(hitsOf(query)).rejects.toMatchObject({ code: 'INDEX_QUERY_INVALID' });
    }
  });

  it('follows a tile that was deleted and built anew under another key', async () => {
    const { batch } = madeUpLeaves(5, 40);
    const plain = new TileBuilder({ region: REGION }).build({ batch, from: 0, to: 40, codes: new Uint8Array(40) });
    const tile = { label: '8/0-0', first: 0 };
    await storeTile(vault, tile.label, plain, evidence.recipient);
    const before = await hitsOf({}, [tile]);
    for (const name of [
      tileKeyName(tile.label),
      ...(['mentions', 'words', 'items'] as const).map((p) => partName(tile.label, p)),
    ]) {
      rmSync(vault.localPath?.(name) as string);
    }
    await expect(hitsOf({}, [tile])).rejects.toMatchObject({ code: 'INDEX_MISSING' });
    await storeTile(vault, tile.label, plain, evidence.recipient);
    expect(await hitsOf({}, [tile])).toEqual(before);
  });

  it('opens nothing for those who do not hold the compartment, whatever was opened before', async () => {
    await hitsOf({});
    const stranger = [generateIdentity().secret];
    await expect(queryTiles(vault, tiles, {}, stranger).next()).rejects.toMatchObject({
      code: 'SEALED_TO_OTHERS',
    });
  });
});
