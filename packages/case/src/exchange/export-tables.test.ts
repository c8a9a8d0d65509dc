import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../../test/fixture-case.ts';
import { listFindings, listItems } from '../list-leaves.ts';
import type { Case } from '../open-case.ts';
import { loadOrCreatePerson } from '../person.ts';
import { queryCase } from '../query-case.ts';
import { exportItems } from './export-items.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-tables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TABLES = {
  formats: ['parquet'],
  items: null,
  redact: [],
  selection: ['every item in scope'],
  reason: 'analysis',
} as const;
let opened: Case;

beforeAll(async () => {
  const person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'damaged/page.db.crypt15', { region: 'GB' });
});

async function ask(out: string, sql: string): Promise<Record<string, unknown>[]> {
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  for (const name of ['items', 'mentions', 'findings']) {
    await duck.run(`CREATE VIEW ${name} AS SELECT * FROM '${join(out, name)}.parquet'`);
  }
  return (await duck.runAndReadAll(sql)).getRowObjectsJson() as Record<string, unknown>[];
}

describe('export --parquet', () => {
  it('gives DuckDB what custody itself answers, and nothing that is not in scope', async () => {
    const out = join(folder, 'all');
    await exportItems(opened, { ...TABLES, out });
    expect(opened.ledger.entries.at(-1)?.kind).toBe('disclose');
    const inScope: number[] = [];
    for await (const item of listItems(opened)) if (item.disposition === 'in-scope') inScope.push(item.index);
    const items = await ask(out, 'SELECT item FROM items ORDER BY item');
    expect(items.map(({ item }) => Number(item))).toEqual(inScope);
    const asked: number[] = [];
    for await (const line of queryCase(opened, { type: 'phone' })) asked.push(line.index);
    const phones = await ask(out, `SELECT DISTINCT item FROM mentions WHERE type = 'phone' ORDER BY item`);
    expect(phones.map(({ item }) => Number(item))).toEqual(asked.sort((a, b) => a - b));
    expect(await ask(out, 'SELECT item FROM mentions ANTI JOIN items USING (item)')).toEqual([]);
    const findings: string[] = [];
    for await (const finding of listFindings(opened)) findings.push(`${finding.index} ${finding.code}`);
    const told = await ask(out, `SELECT finding || ' ' || code AS t FROM findings ORDER BY finding`);
    expect(told.map(({ t }) => t)).toEqual(findings);
    expect(findings.length).toBeGreaterThan(0);
  });

  it('has of a selection the mentions of its items only', async () => {
    const out = join(folder, 'some');
    const chosen: number[] = [];
    for await (const line of queryCase(opened, { type: 'phone' })) if (chosen.length < 3) chosen.push(line.index);
    await exportItems(opened, { ...TABLES, items: chosen, out });
    const found = await ask(out, 'SELECT DISTINCT item FROM mentions ORDER BY item');
    expect(found.map(({ item }) => Number(item))).toEqual(chosen.sort((a, b) => a - b));
  });

  it('tells nothing beside the items where something of them is withheld', async () => {
    const out = join(folder, 'redacted');
    const { formats } = await exportItems(opened, { ...TABLES, redact: ['body'], out });
    expect(formats[0]?.notes.join()).toContain('mentions and findings are left out');
    const counts = `SELECT (SELECT count(*) FROM mentions) + (SELECT count(*) FROM findings) AS beside, count(body) AS bodies FROM items`;
    expect(await ask(out, counts)).toEqual([{ beside: '0', bodies: '0' }]);
  });

  it('is refused, and leaves nothing, where the index lacks a tile', async () => {
    rmSync(join(folder, 'case/index/v2/0'), { recursive: true });
    const out = join(folder, 'lacking');
    await expect(exportItems(opened, { ...TABLES, out })).rejects.toMatchObject({ code: 'INDEX_MISSING' });
    expect(readdirSync(folder).filter((name) => name.startsWith('lacking'))).toEqual([]);
  });
});
