import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity } from '@custody/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture, whatsAppFixtures } from '../../../test/fixture-case.ts';
import { everythingReadable, objectsWith } from '../../../test/walk-case.ts';
import { addAuthority } from './add-authority.ts';
import { decide } from './decide.ts';
import { finishRewrites } from './finish-rewrites.ts';
import { indexCase } from './index-case.ts';
import type { ItemJson } from './item-json.ts';
import { listItems } from './list-leaves.ts';
import { makeExhibit } from './make-exhibit.ts';
import { type Case, openCase } from './open-case.ts';
import { loadOrCreatePerson, type Person } from './person.ts';
import { rederive } from './rederive.ts';
import { caseStatus } from './status.ts';
import { verifyCase } from './verify-case.ts';
import { verifyExhibitFile } from './verify-exhibit-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-decide-'));
const path = join(folder, 'case');
/** Holds everything; an analyst holds `evidence` and `log`. */
let person: Person;
let analyst: Person;
let opened: Case;

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  analyst = await loadOrCreatePerson({ name: 'B. Analyst' }, join(folder, 'analyst.txt'));
  const to = (compartment: string) => ({ compartment, recipient: analyst.identity.recipient });
  const recipients = [to('evidence'), to('log'), { compartment: 'log', recipient: generateIdentity().recipient }];
  opened = await fixtureCase(path, person, recipients);
  await ingestFixture(opened, 'msgstore.db.crypt15');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function items(by: Case = opened, at?: number): Promise<ItemJson[]> {
  const out: ItemJson[] = [];
  for await (const one of listItems(by, at === undefined ? {} : { at })) out.push(one);
  return out;
}

async function first(disposition: string): Promise<ItemJson> {
  const all = await items();
  const isUnique = (one: ItemJson) => all.filter(({ body }) => body?.includes(one.body ?? '')).length === 1;
  return all.find(
    (one) => one.disposition === disposition && (one.body ?? '').length > 20 && isUnique(one),
  ) as ItemJson;
}

async function expectWhole(): Promise<void> {
  const verdict = await verifyCase(path, { person, verifierKey: opened.verifierKeyText });
  expect(verdict.failures).toEqual([]);
  expect((await verifyCase(path, { person: null })).failures).toEqual([]);
  expect(await indexCase(opened, { check: true })).toMatchObject({ different: [], missing: 0 });
  expect(await rederive(opened)).toMatchObject([{ equal: true, expunged: 0 }]);
}

describe('a decision by a person', () => {
  it('takes what is privileged out of reach and out of the index, and brings it back when that is rejected', async () => {
    const one = await first('in-scope');
    const size = opened.ledger.size;
    const terms = { items: [one.index], rule: 'section 53', reason: 'the sender is a physician' };
    const report = await decide(opened, { ...terms, privilege: 'suspected' });
    expect(report).toMatchObject({ items: 1, moving: 1, changes: [{ from: 'in-scope', to: 'privileged', items: 1 }] });
    await expectWhole();
    const mine = (await items()).find(({ index }) => index === one.index);
    expect(mine).toMatchObject({ disposition: 'privileged', privilege: 'suspected', body: one.body });
    expect(mine?.decisions).toMatchObject([
      { from: 'in-scope', to: 'privileged', by: 'A. Example', rule: 'section 53' },
    ]);
    const theirs = await items(await openCase(path, { person: analyst }));
    expect(theirs.some(({ index }) => index === one.index)).toBe(false);
    const reach = await everythingReadable(opened.vault, analyst);
    expect(objectsWith(reach, Buffer.from(one.body ?? ''))).toEqual([]);
    const exhibit = { context: 0, redact: [], selection: [] };
    const no = makeExhibit(opened, { ...exhibit, items: [one.index], out: join(folder, 'no.zip') });
    await expect(no).rejects.toThrow(/only what is in scope/);
    expect((await items(opened, size)).find(({ index }) => index === one.index)?.disposition).toBe('in-scope');

    await decide(opened, { ...terms, privilege: 'rejected', reason: 'she treated nobody' });
    await expectWhole();
    const back = (await items(await openCase(path, { person: analyst }))).find(({ index }) => index === one.index);
    expect(back).toMatchObject({ disposition: 'in-scope', privilege: 'rejected', body: one.body });
    expect(back?.decisions).toHaveLength(2);
    const out = join(folder, 'yes.zip');
    expect(await makeExhibit(opened, { ...exhibit, items: [one.index], out })).toMatchObject({ rawRecords: 1 });
    expect(await verifyExhibitFile(out, opened.verifierKeyText)).toMatchObject({ ok: true });
  });

  it('names its items, rule and reason, and does not contradict itself', async () => {
    const one = await first('in-scope');
    const wrong = [
      {},
      { disposition: 'privileged', rule: 'r', reason: 'r' },
      { items: [one.index], disposition: 'privileged', rule: 'r' },
      { items: [one.index], privilege: 'confirmed', disposition: 'in-scope', rule: 'r', reason: 'r' },
      { items: [one.index], privilege: 'waived', disposition: 'privileged', rule: 'r', reason: 'r' },
    ] as const;
    for (const terms of wrong) await expect(decide(opened, terms)).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
    const nobody = { items: [9_999_999], privilege: 'confirmed', rule: 'r', reason: 'r' } as const;
    await expect(decide(opened, nobody)).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
  });

  it('of somebody without "source" stands at once and is carried out by who holds it', async () => {
    const one = await first('in-scope');
    const theirs = await openCase(path, { person: analyst });
    const terms = { items: [one.index], privilege: 'confirmed', rule: 'r', reason: 'r' } as const;
    const report = await decide(theirs, terms);
    expect(report).toMatchObject({ moving: 1, finished: [] });
    expect(report.notes.join()).toContain('custody resume');
    expect((await items(theirs)).some(({ index }) => index === one.index)).toBe(false);
    await opened.refresh();
    expect(caseStatus(opened).decisions.at(-1)).toMatchObject({ state: 'unfinished' });
    expect(await finishRewrites(opened)).toMatchObject([{ kind: 'dispose' }]);
    await expectWhole();
  });
});

describe('a further authority', () => {
  async function warrant(id: string, change: (scope: Record<string, unknown>) => void): Promise<void> {
    const text = await readFile(join(whatsAppFixtures, 'warrant.json'), 'utf8');
    const value = { ...(JSON.parse(text) as { scope: Record<string, unknown> }), id };
    change(value.scope);
    await addAuthority(opened, JSON.stringify(value));
  }

  it('that reaches further brings items into the evidence and its index, and counts still add up', async () => {
    await warrant('W-wide', (scope) => {
      scope.period = { from: '2000-01-01', to: '2100-01-01' };
    });
    const before = await items();
    const plan = await decide(opened, { authority: 'W-wide', widen: true, plan: true });
    expect(plan.entry).toBeNull();
    const report = await decide(opened, { authority: 'W-wide', widen: true });
    expect(report.changes).toEqual(plan.changes);
    expect(report.moving).toBeGreaterThan(50);
    await expectWhole();
    const after = await items();
    expect(after.map(({ index }) => index)).toEqual(before.map(({ index }) => index));
    for (const { index, disposition } of before.filter((one) => one.privilege !== undefined))
      expect(after.find((one) => one.index === index)?.disposition).toBe(disposition);
    const [derivation] = caseStatus(opened).captures[0]?.derivations ?? [];
    const { inScope, outOfScope, privileged, undecided } = derivation?.dispositions ?? {};
    const count = (name: string) => after.filter((one) => one.disposition === name).length;
    expect({ inScope, outOfScope, privileged, undecided }).toEqual({
      inScope: count('in-scope'),
      outOfScope: count('out-of-scope'),
      privileged: count('privileged'),
      undecided: count('undecided'),
    });
    const seen = await items(await openCase(path, { person: analyst }));
    expect(seen.filter((one) => one.disposition === 'in-scope')).toHaveLength(count('in-scope'));
  });

  it('that reaches less takes items out again', async () => {
    await warrant('W-less', (scope) => {
      scope.period = { from: '2024-04-01', to: '2024-04-10' };
    });
    const report = await decide(opened, { authority: 'W-less' });
    expect(report.changes.some(({ from, to }) => from === 'in-scope' && to === 'out-of-scope')).toBe(true);
    await expectWhole();
    const seen = await items(await openCase(path, { person: analyst }));
    for (const one of seen.filter(
      ({ disposition, privilege }) => disposition === 'in-scope' && privilege === undefined,
    ))
      expect(one.sentAt?.utc?.slice(0, 8) ?? one.rule).toMatch(/^2024-04-$|standing record/);
    await expect(decide(opened, { authority: 'W-none' })).rejects.toThrow(/no authority/);
  });
});
