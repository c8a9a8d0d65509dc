import { BatchWriter, type LeafBatch } from '@custody/evidence';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
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
});
