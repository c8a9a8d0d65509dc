import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../../test/fixture-case.ts';
import { everythingReadable, objectsWith } from '../../../../test/walk-case.ts';
import { expunge } from '../expunge.ts';
import type { ItemJson } from '../item-json.ts';
import { listItems } from '../list-leaves.ts';
import { makeExhibit } from '../make-exhibit.ts';
import { type Case, openCase } from '../open-case.ts';
import { loadOrCreatePerson, type Person } from '../person.ts';
import { verifyCase } from '../verify-case.ts';
import { verifyExhibitFile } from '../verify-exhibit-file.ts';
import { makeOrdered } from './make-ordered.ts';
import { collectExhibit, orderExhibit, orderedResult } from './order-exhibit.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-ordered-'));
const base = join(folder, 'base');
let person: Person;
let shown: ItemJson;
let hidden: ItemJson;
let copies = 0;

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  const opened = await fixtureCase(base, person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  const items: ItemJson[] = [];
  for await (const item of listItems(opened)) items.push(item);
  const of = (disposition: string) =>
    items.find((one) => one.disposition === disposition && (one.body ?? '').length > 20) as ItemJson;
  [shown, hidden] = [of('in-scope'), of('out-of-scope')];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function fork(): Promise<Case> {
  const to = join(folder, `copy-${copies++}`);
  cpSync(base, to, { recursive: true });
  return openCase(to, { person });
}

const options = (items: readonly number[]) => ({ items, context: 1, redact: [], selection: [], reason: 'for court' });
const orders = (opened: Case) => join(opened.vault.location, 'exhibits');

describe('an exhibit that a worker makes', () => {
  it('is the one that the command makes, however often it is made, and is disclosed by who fetches it', async () => {
    const opened = await fork();
    const label = await orderExhibit(opened, options([shown.index]));
    expect(await orderedResult(opened, label)).toBeNull();
    await expect(collectExhibit(opened, label, join(folder, 'early.zip'))).rejects.toMatchObject({ code: 'NOT_YET' });
    const worker = await openCase(opened.vault.location, { person });
    const { size } = worker.ledger;
    const made = await makeOrdered(worker, label);
    expect(await makeOrdered(worker, label)).toEqual(made);
    // The answer of a worker that died before it said so.
    rmSync(join(orders(opened), label, 'done'));
    expect(await makeOrdered(await openCase(opened.vault.location, { person }), label)).toEqual(made);
    expect(worker.ledger.size).toBe(size);
    const fetched = await collectExhibit(opened, label, join(folder, 'fetched.zip'));
    await makeExhibit(opened, { ...options([shown.index]), out: join(folder, 'own.zip') });
    expect(readFileSync(join(folder, 'fetched.zip')).equals(readFileSync(join(folder, 'own.zip')))).toBe(true);
    expect(await verifyExhibitFile(fetched.out, opened.verifierKeyText)).toMatchObject({ ok: true });
    expect(opened.state.history.disclosures.map(({ sha256 }) => sha256)).toEqual([fetched.sha256, fetched.sha256]);
    await expect(collectExhibit(opened, label, fetched.out)).rejects.toThrow(/exists/);
    for (const who of [person, null])
      expect((await verifyCase(opened.vault.location, { person: who })).failures).toEqual([]);
  });

  it('shows nothing that is withheld, whatever the worker may open', async () => {
    const opened = await fork();
    await expect(makeOrdered(opened, await orderExhibit(opened, options([hidden.index])))).rejects.toThrow();
    await expect(orderExhibit(opened, options([]))).rejects.toMatchObject({ code: 'NOTHING_SELECTED' });
    await expect(makeOrdered(opened, '../../x')).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
    await expect(makeOrdered(opened, `0-${'a'.repeat(32)}`)).rejects.toMatchObject({ code: 'NOT_YET' });
  });

  it('is gone with what an order destroys in it, and so is its order', async () => {
    const opened = await fork();
    const label = await orderExhibit(opened, options([shown.index]));
    await makeOrdered(opened, label);
    const waiting = await orderExhibit(opened, { ...options([shown.index]), redactions: [] });
    const terms = { id: 'O-3', reference: 'Order 3', issuedBy: 'Court of Example', reason: 'privilege' };
    await expunge(opened, JSON.stringify({ ...terms, mode: 'derived', items: [shown.index] }));
    const all = await everythingReadable(opened.vault, person);
    const original = [...opened.state.captures.values()].map(({ label: name }) => `originals/${name}`);
    const holding = objectsWith(all, Buffer.from(shown.body ?? ''));
    expect(holding.filter((name) => !original.includes(name))).toEqual([]);
    expect((await verifyCase(opened.vault.location, { person: null })).failures).toEqual([]);
    for (const one of [label, waiting])
      await expect(makeOrdered(opened, one)).rejects.toMatchObject({ code: 'NOT_YET' });
    // A late worker cannot bring it back.
    const name = `exhibits/${label}/done`;
    expect(await opened.vault.create(name, Buffer.from('late'))).toBe('exists');
  });

  it('is not taken from somebody who can only write to the store', async () => {
    const opened = await fork();
    const label = await orderExhibit(opened, options([shown.index]));
    const { object } = await makeOrdered(opened, label);
    const out = join(folder, 'forged.zip');
    const path = join(opened.vault.location, object);
    const bytes = readFileSync(path);
    rmSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    await expect(collectExhibit(opened, label, out)).rejects.toMatchObject({ family: 'integrity' });
    rmSync(join(orders(opened), label, 'done'));
    writeFileSync(join(orders(opened), label, 'done'), Buffer.alloc(200, 7));
    await expect(collectExhibit(opened, label, out)).rejects.toMatchObject({ code: 'STRETCH_NOT_OURS' });
    writeFileSync(join(orders(opened), label, 'order'), Buffer.alloc(200, 7), { flag: 'w' });
  });
});
