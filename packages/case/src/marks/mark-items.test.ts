import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../../test/fixture-case.ts';
import { listFindings, listItems } from '../list-leaves.ts';
import { type Case, openCase } from '../open-case.ts';
import { loadOrCreatePerson, type Person } from '../person.ts';
import { markItems } from './mark-items.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-marks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let opened: Case;
let person: Person;
const items: number[] = [];

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  for await (const item of listItems(opened)) if (item.disposition === 'in-scope') items.push(item.index);
});

async function marksOf(index: number, at?: number): Promise<string[]> {
  const again = await openCase(join(folder, 'case'), { person });
  for await (const item of listItems(again, at === undefined ? {} : { at }))
    if (item.index === index) return ((item as { marks?: { label: string }[] }).marks ?? []).map((one) => one.label);
  throw new Error(`no item ${index}`);
}

it('shows what is marked, until it is withdrawn, and as it was at any size', async () => {
  const [first, second, third] = items as [number, number, number];
  await markItems(opened, { items: [first, second], label: 'unused', withdraw: false, reason: 'read, not relied on' });
  const marked = await markItems(opened, { items: [first], label: 'sensitive', withdraw: false, reason: 'a source' });
  await markItems(opened, { items: [first], label: 'unused', withdraw: true, reason: 'relied on after all' });
  expect(await marksOf(first)).toEqual(['sensitive']);
  expect(await marksOf(first, marked.entry + 1)).toEqual(['unused', 'sensitive']);
  expect(await marksOf(second)).toEqual(['unused']);
  expect(await marksOf(third)).toEqual([]);
  expect(opened.ledger.entries.filter((entry) => entry.kind === 'mark')).toHaveLength(3);
});

it('marks no finding, nothing that is not there, and nothing without a reason', async () => {
  const terms = { label: 'relevant', withdraw: false, reason: 'because' } as const;
  const size = opened.ledger.size;
  await expect(markItems(opened, { ...terms, items: [1e9] })).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
  await expect(markItems(opened, { ...terms, items: [] })).rejects.toMatchObject({ code: 'NOTHING_SELECTED' });
  await expect(markItems(opened, { ...terms, items, reason: ' ' })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
  expect(opened.ledger.size).toBe(size);
  for await (const finding of listFindings(opened)) {
    const one = { ...terms, items: [finding.index] };
    await expect(markItems(opened, one)).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
    return;
  }
  throw new Error('the fixture has no finding');
});
