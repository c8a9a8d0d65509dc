import { BatchWriter } from '@custody/evidence';
import { generateIdentity } from '@custody/vault';
import { beforeAll, describe, expect, it } from 'vitest';
import type { QueriedTile } from './cover-tiles.ts';
import type { IndexHit, IndexQuery } from './index-query.ts';
import { type MergeSource, mergeTile } from './merged/merge-tile.ts';
import { queryTiles } from './query-tiles.ts';
import { storeTile } from './store-tile.ts';
import { memoryVault } from './testing/memory-vault.ts';
import { TileBuilder } from './tile-builder.ts';
import { MERGE_WIDTH, type MergedTile } from './tile-names.ts';

const bodies = [
  'bel 06-12345678 morgen',
  'imei ３５２０９９００１７６１４８１ hier',
  'Fiets te koop, tekoop!',
  'parayı YATIRDIM dün',
  'mail Jan@Example.NL even',
  'tel 0699999999999',
];
const evidence = generateIdentity();
const vault = memoryVault();
const tiles: QueriedTile[] = [];
const merged: MergedTile = { level: 1, number: 0, generation: 0 };

beforeAll(async () => {
  const builder = new TileBuilder({ region: 'NL' });
  for (let ordinal = 0; ordinal < MERGE_WIDTH; ordinal++) {
    const writer = new BatchWriter();
    bodies.forEach((body, row) => {
      writer.begin('message', 'made-up', null);
      writer.locator({ path: 'made-up', offset: row, length: 1, row });
      writer.body(body);
      writer.end();
    });
    const tile = { label: `1/${ordinal}-0`, first: ordinal * bodies.length, ordinal };
    const input = { batch: writer.batch(), from: 0, to: bodies.length, codes: new Uint8Array(bodies.length) };
    await storeTile(vault, tile.label, builder.build(input), evidence.recipient);
    tiles.push(tile);
  }
  const sources: MergeSource[] = tiles.map(({ label }) => ({ label }));
  await mergeTile(vault, merged, sources, { recipient: evidence.recipient, identities: [evidence.secret] });
});

async function hitsOf(query: IndexQuery, wide: boolean): Promise<IndexHit[]> {
  const hits: IndexHit[] = [];
  const from = wide ? tiles : tiles.slice(0, 1).map(({ label, first }) => ({ label, first }));
  for await (const hit of queryTiles(vault, from, query, [evidence.secret])) hits.push(hit);
  return hits;
}

describe.each([
  ['a tile of one segment', false],
  ['a merged tile', true],
])('%s', (_, wide) => {
  const times = wide ? MERGE_WIDTH : 1;

  it('keeps which folds were applied to a mention, and the grade of a telephone number', async () => {
    const imeis = await hitsOf({ type: 'imei' }, wide);
    expect(imeis.length).toBe(times);
    for (const { mentions } of imeis) expect(mentions[0]).toMatchObject({ folds: ['full-width'], grade: null });
    const phones = await hitsOf({ type: 'phone' }, wide);
    const read = phones.flatMap(({ mentions }) => mentions.map(({ value, grade, folds }) => [value, grade, folds]));
    expect(read.filter(([value]) => value === '+31612345678')).toEqual(
      Array.from({ length: times }, () => ['+31612345678', 'valid', []]),
    );
    expect(read.filter(([, grade]) => grade === 'possible').length).toBe(times);
  });

  it.each([
    ['06-12345678', 0],
    ['+31612345678', 0],
    ['te-koop', 2],
    ['yatirdim', 3],
    ['jan@example.nl', 4],
  ])('a query of %s finds what is meant', async (text, position) => {
    const found = await hitsOf({ text }, wide);
    expect(found.map(({ leafIndex }) => leafIndex % bodies.length)).toEqual(
      Array.from({ length: times }, () => position),
    );
  });
});
