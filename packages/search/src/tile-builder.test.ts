import { selectRows } from '@custody/bytes';
import { BatchWriter, factsOf, LEAF_FINDING, LEAF_ITEM, type LeafBatch } from '@custody/evidence';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { madeUpLeaves } from './testing/made-up-leaves.ts';
import { TileBuilder } from './tile-builder.ts';

function smallBatch(): LeafBatch {
  const writer = new BatchWriter();
  const locator = { path: 'made-up', offset: 0, length: 1, row: 1 };
  const anna = writer.party('phone', '+49 30 23125 000');
  const group = writer.party('group', 'Quay Nine');
  for (const body of ['Meet at quay nine, quay nine', null, 'write to cargo@example.org or +493023125111']) {
    writer.begin('message', 'made-up', null);
    writer.locator(locator);
    writer.sender(anna);
    writer.recipient(group);
    if (body !== null) writer.body(body);
    writer.end();
  }
  return writer.batch();
}

function rowsOf(part: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: part.slice().buffer as ArrayBuffer });
}

describe('TileBuilder', () => {
  it('gives Parquet files that another reader reads', async () => {
    const batch = smallBatch();
    const input = { batch, from: 0, to: batch.count, codes: new Uint8Array(3) };
    const plain = new TileBuilder({ region: 'DE' }).build(input);
    const words = await rowsOf(plain.words);
    expect(words.slice(0, 2)).toEqual([
      { word: '493023125111', count: 1, postings: '\u0002' },
      { word: 'at', count: 1, postings: '\u0000' },
    ]);
    expect(words.find((row) => row.word === 'quay')).toEqual({ word: 'quay', count: 1, postings: '\u0000' });
    const mentions = await rowsOf(plain.mentions);
    expect(mentions.map(({ type, value, position, where, start }) => [type, value, position, where, start])).toEqual([
      ['email', 'cargo@example.org', 2, 'body', 9],
      ['group', 'Quay Nine', 0, 'recipient', null],
      ['group', 'Quay Nine', 1, 'recipient', null],
      ['group', 'Quay Nine', 2, 'recipient', null],
      ['phone', '+493023125000', 0, 'sender', null],
      ['phone', '+493023125000', 1, 'sender', null],
      ['phone', '+493023125000', 2, 'sender', null],
      ['phone', '+493023125111', 2, 'body', 30],
    ]);
    expect(await rowsOf(plain.items)).toEqual(
      [0, 1, 2].map((position) => ({ position, sentMs: null, kind: 'message' })),
    );
  });

  it('indexes what is in scope and nothing else', async () => {
    const batch = smallBatch();
    const plain = new TileBuilder().build({ batch, from: 1, to: 3, codes: Uint8Array.of(0, 0, 2) });
    expect(await rowsOf(plain.items)).toEqual([{ position: 0, sentMs: null, kind: 'message' }]);
    expect(await rowsOf(plain.words)).toEqual([]);
    expect((await rowsOf(plain.mentions)).map((row) => row.position)).toEqual([0, 0]);
  });

  it('gives the same bytes for the same segment, whatever was built before and whatever stands beside it', () => {
    const { batch } = madeUpLeaves(11, 3000);
    const codes = Uint8Array.from({ length: batch.facts.kinds.length }, (_, row) => row % 5);
    const input = { batch, from: 700, to: 2500, codes };
    const used = new TileBuilder({ region: 'DE' });
    used.build({ batch: madeUpLeaves(12, 4096).batch, from: 0, to: 4096, codes: new Uint8Array(4096) });
    const plain = used.build(input);
    expect(new TileBuilder({ region: 'DE' }).build(input)).toEqual(plain);
    expect(used.build(input)).toEqual(plain);

    const items: number[] = [];
    const rows = new Uint32Array(3000);
    for (let leaf = 700; leaf < 2500; leaf++) {
      const row = batch.rows[leaf] as number;
      if (batch.kinds[leaf] === LEAF_ITEM && codes[row] === 0) rows[leaf - 700] = items.push(row) - 1;
    }
    // As from storage: only the rows of one compartment are there, and every other leaf is none of its items.
    const columns = batch.items.map((column) => selectRows(column, items));
    const kinds = Uint8Array.from({ length: 1800 }, (_, position) => {
      const row = batch.rows[position + 700] as number;
      return batch.kinds[position + 700] === LEAF_ITEM && codes[row] === 0 ? LEAF_ITEM : LEAF_FINDING;
    });
    const stored = { items: columns, facts: factsOf(columns), kinds, rows };
    const again = { batch: stored, from: 0, to: 1800, codes: new Uint8Array(items.length) };
    expect(new TileBuilder({ region: 'DE' }).build(again)).toEqual(plain);
  });

  it('holds no more leaves than a segment has, and none at all', async () => {
    const { batch } = madeUpLeaves(13, 4097);
    const codes = new Uint8Array(4097);
    expect(() => new TileBuilder().build({ batch, from: 0, to: 4097, codes })).toThrow(RangeError);
    const none = new TileBuilder().build({ batch, from: 7, to: 7, codes });
    for (const part of Object.values(none)) expect(await rowsOf(part)).toEqual([]);
  });

  it('stays quick where every party bears a type of its own', async () => {
    const writer = new BatchWriter();
    for (let leaf = 0; leaf < 50; leaf++) {
      writer.begin('message', 'made-up', null);
      writer.locator({ path: 'made-up', offset: leaf, length: 1, row: leaf });
      for (let i = 0; i < 300; i++) writer.recipient(writer.party(`type-${leaf * 300 + i}`, 'x'));
      writer.end();
    }
    const plain = new TileBuilder().build({ batch: writer.batch(), from: 0, to: 50, codes: new Uint8Array(50) });
    const mentions = await rowsOf(plain.mentions);
    expect(mentions).toHaveLength(15_000);
    expect(mentions[0]).toMatchObject({ class: 'handle', type: 'type-0', value: 'x', position: 0 });
    expect(mentions.at(-1)).toMatchObject({ type: 'type-9999', position: 33 });
  });
});
