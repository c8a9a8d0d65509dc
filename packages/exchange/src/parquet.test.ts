import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeItem } from './exchange-item.ts';
import type { ExchangeFinding, ExchangeMention } from './exchange-tables.ts';
import { parquet } from './parquet.ts';
import { writeParquetTable } from './parquet-table.ts';
import { MemoryFolder } from './testing/memory-folder.ts';
import { hostileTexts, instant, sampleHeader, sampleItem } from './testing/sample-items.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-parquet-'));
let duck: DuckDBConnection;

const items: ExchangeItem[] = [
  ...hostileTexts.map((text, i) => sampleItem(i, { text, sentAt: instant(1_700_000_000_123 + i) })),
  sampleItem(100, { sentAt: instant(null), sender: null, recipients: [], conversation: null, body: null }),
  sampleItem(101, {
    recipients: [
      { type: 'phone', value: '+31655500199', display: '=cmd' },
      { type: 'username', value: '@quay' },
    ],
    attachments: [{ name: 'a.jpg', mime: 'image/jpeg', size: 2 ** 40, sha256: null, present: false }],
    refs: [{ rel: 'reply-to', id: 'm3' }],
  }),
];
const mentions: ExchangeMention[] = [
  mention(0, 'money', 'EUR 431000.55'),
  mention(1, 'mass', '103.5 kg'),
  mention(2, 'phone', '+31655500199'),
];
const findings: ExchangeFinding[] = [
  {
    ...{ index: 7, leaf: 'aa', capture: 'bb' },
    finding: {
      ...{ code: 'TRUNCATED', class: 'lost', records: null, related: [], detail: '=1+1' },
      locator: { path: 'db!gcm', offset: 5, length: 6, row: null },
    },
  },
];

function mention(index: number, type: string, value: string): ExchangeMention {
  return { index, class: 'any', type, value, where: 'body', tier: 'shape', start: 1, end: 9, alternative: false };
}

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await duck.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
}

beforeAll(async () => {
  duck = await (await DuckDBInstance.create(':memory:')).connect();
  await duck.run(`SET TimeZone = 'UTC'`);
  const memory = new MemoryFolder();
  await parquet.write(each(items), sampleHeader, memory);
  await parquet.writeTables?.({ mentions: each(mentions), findings: each(findings) }, memory);
  for (const [name, bytes] of memory.files) writeFileSync(join(folder, name), bytes);
  for (const table of ['items', 'mentions', 'findings']) {
    await duck.run(`CREATE VIEW ${table} AS SELECT * FROM '${join(folder, table)}.parquet'`);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('parquet, read by DuckDB', () => {
  it('has the documented columns, of plain types', async () => {
    const types = Object.fromEntries(
      (await rows('DESCRIBE items')).map(({ column_name, column_type }) => [column_name, column_type]),
    );
    expect(types).toMatchObject({
      item: 'BIGINT',
      sent_at: 'TIMESTAMP WITH TIME ZONE',
      body: 'VARCHAR',
      recipients: 'STRUCT("type" VARCHAR, "value" VARCHAR, "name" VARCHAR)[]',
      attachments: 'STRUCT("name" VARCHAR, mime VARCHAR, size BIGINT, sha256 VARCHAR, present BOOLEAN)[]',
    });
    expect(Object.keys(types)).toHaveLength(30);
  });

  it('keeps every text as it is, whatever it looks like', async () => {
    const found = await rows('SELECT item, body, epoch_ms(sent_at) AS ms FROM items WHERE item < 100 ORDER BY item');
    expect(found.map(({ body }) => body)).toEqual(hostileTexts.map((text) => text.toWellFormed()));
    expect(found.map(({ ms }) => Number(ms))).toEqual(hostileTexts.map((_, i) => 1_700_000_000_123 + i));
  });

  it('keeps what is absent absent, and lists as lists', async () => {
    const [none] = await rows(
      'SELECT sent_at, sender_value, conversation, body, recipients FROM items WHERE item = 100',
    );
    expect(none).toEqual({ sent_at: null, sender_value: null, conversation: null, body: null, recipients: [] });
    const [some] = await rows(
      `SELECT len(recipients) AS n, recipients[1].name AS who, attachments[1].size AS size, refs[1].id AS ref
       FROM items WHERE item = 101`,
    );
    expect(some).toEqual({ n: '2', who: '=cmd', size: String(2 ** 40), ref: 'm3' });
  });

  it('joins mentions to items; amounts can be compared', async () => {
    const found = await rows(
      'SELECT item, unit, amount, value FROM mentions JOIN items USING (item) WHERE amount > 100 ORDER BY item',
    );
    expect(found).toEqual([
      { item: '0', unit: 'EUR', amount: 431000.55, value: 'EUR 431000.55' },
      { item: '1', unit: 'kg', amount: 103.5, value: '103.5 kg' },
    ]);
    expect(await rows('SELECT * FROM findings')).toMatchObject([
      { finding: '7', code: 'TRUNCATED', records: null, detail: '=1+1', locator_offset: '5', locator_row: null },
    ]);
  });

  it('writes many row groups as it goes, and a table without rows', async () => {
    const memory = new MemoryFolder();
    async function* many(): AsyncGenerator<ExchangeMention> {
      for (let i = 0; i < 40_000; i++) yield mention(i, 'phone', `+4930231${i}`);
    }
    await parquet.writeTables?.({ mentions: many(), findings: each([]) }, memory);
    for (const [name, bytes] of memory.files) writeFileSync(join(folder, `many-${name}`), bytes);
    const at = (name: string) => `'${join(folder, `many-${name}.parquet`)}'`;
    expect(await rows(`SELECT count(*) AS n, sum(item) AS s, max(value) AS v FROM ${at('mentions')}`)).toEqual([
      { n: '40000', s: String((40_000 * 39_999) / 2), v: '+49302319999' },
    ]);
    const groups = `SELECT count(DISTINCT row_group_id) AS n FROM parquet_metadata(${at('mentions')})`;
    expect(await rows(groups)).toEqual([{ n: '3' }]);
    expect(await rows(`SELECT count(*) AS n FROM ${at('findings')}`)).toEqual([{ n: '0' }]);
  });

  it('hands on a row group when its text is long, not at the end', async () => {
    const sizes: number[] = [];
    const counting = {
      file: async () => ({
        write: async (chunk: string | Uint8Array) => void sizes.push(chunk.length),
        close: async () => {},
      }),
    };
    async function* long(): AsyncGenerator<number> {
      for (let i = 0; i < 10; i++) {
        yield i;
        if (i === 5) expect(sizes.length).toBeGreaterThan(0);
      }
    }
    const columns = [{ name: 'n', schema: [{ name: 'n', type: 'INT32' as const }], value: (n: number) => n }];
    expect(await writeParquetTable(counting, 'x', { columns, rows: long(), sizeOf: () => 4 * 1024 * 1024 })).toBe(10);
  });
});
