import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../test/fixture-case.ts';
import { everythingReadable, objectsWith } from '../../../test/walk-case.ts';
import { expunge } from './expunge.ts';
import type { ItemJson } from './item-json.ts';
import { listItems } from './list-leaves.ts';
import { openCase } from './open-case.ts';
import { loadOrCreatePerson, type Person } from './person.ts';
import { restoreCheck } from './restore.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-restore-'));
/** As backed up before the order; the case as it went on. */
const backup = join(folder, 'backup');
const live = join(folder, 'live');
let person: Person;
let going: ItemJson;
let kept: Uint8Array;

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  const opened = await fixtureCase(live, person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  const items: ItemJson[] = [];
  for await (const one of listItems(opened)) items.push(one);
  const isUnique = ({ body }: ItemJson) => items.filter((one) => one.body?.includes(body ?? '')).length === 1;
  going = items.find(
    (one) => one.disposition === 'in-scope' && (one.body ?? '').length > 20 && isUnique(one),
  ) as ItemJson;
  cpSync(live, backup, { recursive: true });
  const terms = { id: 'O-1', reference: 'r', issuedBy: 'Court of Example', reason: 'ordered', mode: 'derived' };
  await expunge(opened, JSON.stringify({ ...terms, items: [going.index] }));
  kept = Buffer.from(opened.ledger.checkpoint ?? '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function copy(from: string, name: string): string {
  const to = join(folder, name);
  cpSync(from, to, { recursive: true });
  return to;
}

async function isGone(path: string): Promise<boolean> {
  const { vault } = await openCase(path, { person });
  const all = await everythingReadable(vault, person);
  return objectsWith(all, Buffer.from(going.body ?? '')).every((name) => name.startsWith('originals/'));
}

it('an old copy is not worked on: the kept checkpoint shows that it is behind, and nothing is appended', async () => {
  const path = copy(backup, 'old');
  const known = { checkpoint: { name: 'kept', note: kept } };
  const report = await restoreCheck(path, { person, known });
  expect(report).toMatchObject({ ok: false, behind: true, failures: [{ code: 'LOG_ROLLED_BACK' }], replayed: [] });
  expect((await openCase(path, { person })).ledger.size).toBe(report.size);
});

it('it is brought up to date from another copy, and the order is carried out on it, too', async () => {
  const path = copy(backup, 'caught-up');
  expect(await isGone(path)).toBe(false);
  const known = { checkpoint: { name: 'kept', note: kept } };
  const terms = { person, known, against: live };
  const plan = await restoreCheck(copy(backup, 'planned'), { ...terms, plan: true });
  expect(plan.broughtOver).toBeGreaterThan(0);
  const report = await restoreCheck(path, terms);
  expect(report).toMatchObject({ ok: true, behind: false, replayed: [{ again: true }] });
  expect(await isGone(path)).toBe(true);
  expect(await restoreCheck(path, terms)).toMatchObject({ ok: true, standing: [], replayed: [] });
});

it('objects of a backup put back over the case go again', async () => {
  const path = copy(live, 'over');
  for (const name of ['secrets/segments', 'segments', 'index'])
    cpSync(join(backup, name), join(path, name), { recursive: true, force: true });
  expect(await isGone(path)).toBe(false);
  const plan = await restoreCheck(path, { person, plan: true });
  expect(plan).toMatchObject({ ok: false, standing: [expect.any(Number)], replayed: [] });
  expect(await restoreCheck(path, { person })).toMatchObject({ ok: true, replayed: [{ again: true }] });
  expect(await isGone(path)).toBe(true);
});

it('a copy that went its own way is a fork and stays as it is', async () => {
  const path = copy(backup, 'forked');
  await ingestFixture(await openCase(path, { person }), 'msgstore.db.crypt14');
  const report = await restoreCheck(path, { person, against: live });
  expect(report).toMatchObject({ ok: false, behind: true, failures: [{ code: 'LOG_FORKED' }], broughtOver: 0 });
  writeFileSync(join(folder, 'note'), 'no checkpoint');
  const known = { checkpoint: { name: 'note', note: Buffer.from('no checkpoint') } };
  await expect(restoreCheck(path, { person, known })).resolves.toMatchObject({ ok: false });
});
