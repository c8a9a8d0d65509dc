import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVerifierKey } from '@custody/chain';
import { Ledger } from '@custody/segment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../../test/fixture-case.ts';
import { everythingReadable, objectsWith } from '../../../../test/walk-case.ts';
import { indexCase } from '../index-case.ts';
import { listItems } from '../list-leaves.ts';
import { makeExhibit } from '../make-exhibit.ts';
import { type Case, openCase } from '../open-case.ts';
import { loadOrCreatePerson, type Person } from '../person.ts';
import { queryCase } from '../query-case.ts';
import { rederive } from '../rederive.ts';
import { verifyCase } from '../verify-case.ts';
import { verifyExhibitFile } from '../verify-exhibit-file.ts';
import { addPersons, replacePerson, rotateCompartment, rotateLogKey } from './key-acts.ts';
import { listKeys } from './list-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-keys-'));
const base = join(folder, 'base');
let person: Person;
let other: Person;
let copies = 0;

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  other = await loadOrCreatePerson({ name: 'B. Analyst' }, join(folder, 'other.txt'));
  await ingestFixture(await fixtureCase(base, person), 'msgstore.db.crypt15');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function fork(): Promise<{ path: string; opened: Case }> {
  const path = join(folder, `copy-${copies++}`);
  cpSync(base, path, { recursive: true });
  return { path, opened: await openCase(path, { person }) };
}

async function bodies(opened: Case): Promise<string[]> {
  const out: string[] = [];
  for await (const { body } of listItems(opened)) if (body !== null && body.length > 25) out.push(body);
  return out;
}

async function expectWhole(path: string): Promise<void> {
  expect((await verifyCase(path, { person })).failures).toEqual([]);
  expect((await verifyCase(path, { person: null })).failures).toEqual([]);
}

const evidenceAndLog = (recipient: string) => [
  { compartment: 'evidence' as const, recipient },
  { compartment: 'log' as const, recipient },
];

describe('enrolment after init', () => {
  it('lets a person see and record, and no more than was given', async () => {
    const { path, opened } = await fork();
    await expect(listAs(path, other)).rejects.toMatchObject({ code: 'NO_RIGHTS' });
    const all = await bodies(opened);
    await addPersons(opened, evidenceAndLog(other.identity.recipient), 'joins the team');
    const seen = await listAs(path, other);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.length).toBeLessThan(all.length);
    const theirs = await openCase(path, { person: other });
    expect(
      listKeys(theirs)
        .compartments.filter(({ held }) => held)
        .map(({ name }) => name),
    ).toEqual(['evidence', 'log']);
    const no = addPersons(theirs, [{ compartment: 'source', recipient: other.identity.recipient }], 'mine');
    await expect(no).rejects.toMatchObject({ code: 'NO_RIGHTS' });
    await expectWhole(path);
  });
});

async function listAs(path: string, who: Person): Promise<string[]> {
  return bodies(await openCase(path, { person: who }));
}

describe('rotation of a compartment', () => {
  it('with reseal leaves nothing of the content to who lost it, and everything to who holds it', async () => {
    const { path, opened } = await fork();
    await addPersons(opened, evidenceAndLog(other.identity.recipient), 'joins');
    const seen = await listAs(path, other);
    const terms = { compartment: 'evidence' as const, without: [other.identity.recipient], reason: 'leaves' };
    const report = await rotateCompartment(opened, { ...terms, reseal: true });
    expect(report.resealed).toBeGreaterThan(0);
    const reach = await everythingReadable(opened.vault, other);
    for (const body of seen) expect(objectsWith(reach, Buffer.from(body))).toEqual([]);
    await expect(listAs(path, other)).rejects.toMatchObject({
      code: expect.stringMatching(/SEALED_TO_OTHERS|NO_RIGHTS/),
    });
    const again = await openCase(path, { person });
    expect(await bodies(again)).toEqual(expect.arrayContaining(seen));
    expect(await indexCase(again, { check: true })).toMatchObject({ different: [], missing: 0 });
    let hits = 0;
    for await (const _ of queryCase(again, { type: 'money' })) hits++;
    expect(hits).toBeGreaterThan(0);
    expect(await rederive(again)).toMatchObject([{ equal: true }]);
    await ingestFixture(again, 'msgstore.db.crypt14');
    await expectWhole(path);
  });

  it.each(['source', 'log', 'withheld', 'privileged'] as const)(
    'of %s: old and new are read, and it goes on',
    async (compartment) => {
      const { path, opened } = await fork();
      const all = await bodies(opened);
      await rotateCompartment(opened, { compartment, reason: 'every year' });
      const again = await openCase(path, { person });
      await ingestFixture(again, 'msgstore.db.crypt12');
      expect((await bodies(again)).length).toBeGreaterThan(all.length);
      await expectWhole(path);
    },
  );

  it('is refused where nobody would hold it', async () => {
    const { opened } = await fork();
    const without = [person.identity.recipient];
    await expect(rotateCompartment(opened, { compartment: 'evidence', without, reason: 'r' })).rejects.toThrow(
      /nobody/,
    );
  });
});

it('a person gets a new identity, which then does what the old one did', async () => {
  const { path, opened } = await fork();
  const terms = { old: person.identity.recipient, next: other.identity.recipient, reason: 'new token' };
  expect((await replacePerson(opened, terms)).compartments).toHaveLength(5);
  const theirs = await openCase(path, { person: other });
  expect(await bodies(theirs)).toEqual(await bodies(opened));
  expect(listKeys(theirs).compartments[0]?.holders).toEqual([other.identity.recipient]);
  await ingestFixture(theirs, 'msgstore.db.crypt12');
  await expectWhole(path);
});

describe('succession of the log key', () => {
  it('is signed by both, followed by who pinned either, and the old key signs nothing more', async () => {
    const { path, opened } = await fork();
    const old = opened.verifierKeyText;
    const stale = await openCase(path, { person });
    const { verifierKey, entry } = await rotateLogKey(opened, 'yearly');
    expect(verifierKey).not.toBe(old);
    await expect(listAs(path, person)).resolves.not.toEqual([]);
    for (const pinned of [old, verifierKey]) {
      const verdict = await verifyCase(path, { person, verifierKey: pinned });
      expect(verdict).toMatchObject({ ok: true, verifierKey: { source: 'pinned', key: pinned } });
      expect(verdict.notes.join()).toContain(`after entry ${entry}`);
    }
    const otherKey = old.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    await expect(verifyCase(path, { person, verifierKey: otherKey })).resolves.toMatchObject({ ok: false });
    // Who opened the case before goes on with the new key.
    expect(await bodies(stale)).not.toEqual([]);
    const again = await openCase(path, { person, verifierKey: old });
    const items: number[] = [];
    for await (const one of listItems(again)) if (one.disposition === 'in-scope') items.push(one.index);
    const out = join(path, '..', 'succession.zip');
    await rotateLogKey(again, 'once more');
    await makeExhibit(again, { items: items.slice(0, 1), context: 0, redact: [], selection: [], out });
    expect(await verifyExhibitFile(out, listKeys(again).logKeys.at(-1)?.key)).toMatchObject({ ok: true });
    const under = Ledger.open(again.vault, readVerifierKey(verifierKey));
    await expect(under).rejects.toMatchObject({ family: 'integrity' });
    await expectWhole(path);
  });
});
