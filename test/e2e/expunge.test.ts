import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadPerson, openCase } from '@custody/case';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { everythingReadable, objectsWith } from '../walk-case.ts';
import { objectsBelow } from './fork-case.ts';
import { Lab, type ListedItem, whatsApp } from './lab.ts';

const KILLS = process.env.CUSTODY_LONG === '1' ? 40 : 2;
const main = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const lab = new Lab('expunge');
const order = lab.path('order.json');
let base = '';
let item: ListedItem;

beforeAll(async () => {
  base = await lab.newCase('base');
  await lab.ingest(base, `${whatsApp}msgstore.db.crypt15`);
  const items = await lab.lines<ListedItem>('items', '--case', base);
  item = items.find((one) => one.disposition === 'in-scope' && (one.body ?? '').length > 30) as ListedItem;
  const terms = {
    id: 'O-1',
    reference: 'Order 1',
    issuedBy: 'Court of Example',
    reason: 'privilege',
    items: [item.index],
  };
  writeFileSync(order, JSON.stringify(terms));
});
afterAll(() => lab.remove());

it('says what it would destroy, destroys it, and says so wherever the item is asked for', async () => {
  const path = lab.copy(base, 'case');
  const missing = await lab.run('expunge', '--case', path, '--order', order);
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('"derived"') });
  const args = ['expunge', '--case', path, '--order', order, '--mode', 'original'];
  const before = objectsBelow(path).length;
  const plan = await lab.json<{ items: number; destroys: string[] }>(...args, '--plan');
  expect(plan).toMatchObject({ plan: true, items: 1, findings: 0 });
  expect(objectsBelow(path)).toHaveLength(before);
  for (const name of plan.destroys) expect(readFileSync(`${path}/${name}`).length).toBeGreaterThan(0);
  await lab.json(...args);
  for (const name of plan.destroys) expect(readFileSync(`${path}/${name}`).length).toBe(0);
  const { stdout } = await lab.run('items', '--case', path);
  expect(stdout).toContain(`${item.index}  expunged under order "O-1" (Order 1)`);
  const exhibit = ['exhibit', '--case', path, '--items', `${item.index}`, '--out', lab.path('no.zip')];
  expect(await lab.run(...exhibit)).toMatchObject({ code: 4, stderr: expect.stringContaining('order "O-1"') });
  expect((await lab.run('verify', path, '--rederive')).code).toBe(0);
});

/** Kills the command after it made `changes` changes to what is stored. */
async function killedAfter(path: string, changes: number): Promise<void> {
  const start = objectsBelow(path).length;
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const args = ['expunge', '--case', path, '--order', order, '--mode', 'original'];
  const env = { ...process.env, CUSTODY_IDENTITY: lab.identity };
  const child = spawn(process.execPath, [...flags, main, ...args], { env, stdio: 'ignore' });
  const exit = once(child, 'exit');
  while (child.exitCode === null && objectsBelow(path).length < start + changes) await sleep(1);
  child.kill('SIGKILL');
  await exit;
}

it(`killed with SIGKILL it is finished by resume (${KILLS} moments)`, async () => {
  const person = await loadPerson(lab.identity);
  for (let kill = 0; kill < KILLS; kill++) {
    const path = lab.copy(base, `killed-${kill}`);
    await killedAfter(path, 3 + Math.floor((kill * 40) / KILLS));
    await lab.json('resume', '--case', path);
    const opened = await openCase(path, { person });
    if (opened.state.history.expungements.length === 0) continue;
    expect((await lab.run('verify', path, '--no-memory')).code).toBe(0);
    const all = await everythingReadable(opened.vault, person);
    expect(objectsWith(all, Buffer.from(item.body ?? ''))).toEqual([]);
  }
});
