import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ITEM_KIND } from '@custody/chain';
import { Ledger, openerOf, openSegment } from '@custody/segment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, FaultPlan, faultyVault } from '../../../test/faulty-vault.ts';
import { fixtureCase, ingestFixture } from '../../../test/fixture-case.ts';
import { Random } from '../../../test/random.ts';
import { everythingReadable, objectsWith } from '../../../test/walk-case.ts';
import { expunge, expungementPlan } from './expunge.ts';
import { sourceIdentities } from './expunge-selection.ts';
import { finishRewrites } from './finish-rewrites.ts';
import { indexCase } from './index-case.ts';
import type { ItemJson } from './item-json.ts';
import { listItemLines, listItems } from './list-leaves.ts';
import { makeExhibit } from './make-exhibit.ts';
import { Case, openCase } from './open-case.ts';
import { loadOrCreatePerson, type Person } from './person.ts';
import { queryCase } from './query-case.ts';
import { rederive } from './rederive.ts';
import { segmentOfLeaf } from './selection.ts';
import { caseStatus } from './status.ts';
import { verifyCase } from './verify-case.ts';
import { verifyExhibitFile } from './verify-exhibit-file.ts';

const IS_LONG = process.env.CUSTODY_LONG === '1';
const folder = mkdtempSync(join(tmpdir(), 'custody-test-expunge-'));
const base = join(folder, 'base');
let person: Person;
let items: ItemJson[] = [];
/** An item in scope and one out of it, each with words that no other item has. */
let going: ItemJson[] = [];
let secrets: { content: Uint8Array[]; salts: Uint8Array[] };
let copies = 0;

beforeAll(async () => {
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  const opened = await fixtureCase(base, person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  items = await collect(listItems(opened));
  going = [unique('in-scope'), unique('out-of-scope')];
  // What a person typed quotes one of them: it goes through every fault with the items.
  await collect(queryCase(opened, { text: going[0]?.body ?? '' }));
  secrets = await secretsOf(opened);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function unique(disposition: string): ItemJson {
  const found = items.find(
    (one) =>
      one.disposition === disposition &&
      (one.body ?? '').length > 20 &&
      items.filter((other) => other.body?.includes(one.body ?? '')).length === 1,
  );
  return found as ItemJson;
}

/** Bytes that must be gone: bodies, and each salt of the items with the secret that they came from. */
async function secretsOf(opened: Case): Promise<typeof secrets> {
  const salts: Uint8Array[] = [];
  for (const { index } of going) {
    const segment = segmentOfLeaf(opened, index);
    const read = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
    const found = read.find(index - segment.first);
    if (found === null) throw new Error('not open');
    const opener = openerOf(found.part);
    for (let field = 1; field <= 15; field++) salts.push(opener.saltOf({ kind: ITEM_KIND, row: found.row }, field));
    if ('secret' in found.part.salts) salts.push(found.part.salts.secret);
  }
  return { salts, content: going.map(({ body }) => Buffer.from(body ?? '')) };
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const one of all) out.push(one);
  return out;
}

function fork(): string {
  const to = join(folder, `copy-${copies++}`);
  cpSync(base, to, { recursive: true });
  return to;
}

function order(mode: 'derived' | 'original', indexes = going.map(({ index }) => index)): string {
  return JSON.stringify({
    ...{ id: 'O-7', reference: 'Beschluss 7', issuedBy: 'Court of Example', reason: 'professional secrecy' },
    ...{ mode, items: indexes },
  });
}

async function expectGone(path: string, mode: 'derived' | 'original'): Promise<void> {
  const opened = await openCase(path, { person });
  const all = await everythingReadable(opened.vault, person);
  for (const salt of secrets.salts) expect(objectsWith(all, salt)).toEqual([]);
  const original = [...opened.state.captures.values()].map(({ label }) => `originals/${label}`);
  for (const body of secrets.content) {
    expect(objectsWith(all, body).filter((name) => mode === 'original' || !original.includes(name))).toEqual([]);
  }
  const verdict = await verifyCase(path, { person, verifierKey: opened.verifierKeyText });
  expect(verdict.failures).toEqual([]);
  const blind = await verifyCase(path, { person: null });
  expect(blind.failures).toEqual([]);
  expect(blind.notes.join()).toContain('2 position(s) expunged');
}

it('finds the content and the salts before: the walk sees what it is to see', async () => {
  const opened = await openCase(base, { person });
  const all = await everythingReadable(opened.vault, person);
  for (const body of secrets.content) expect(objectsWith(all, body).length).toBeGreaterThan(0);
  expect(objectsWith(all, secrets.salts.findLast((one) => one.length === 32) as Uint8Array)).toHaveLength(1);
});

describe.each(['derived', 'original'] as const)('an order of mode %s', (mode) => {
  it('leaves nothing that any key opens, and every old and new proof', async () => {
    const path = fork();
    const opened = await openCase(path, { person });
    const [first] = going as [ItemJson];
    const before = join(path, '..', `before-${mode}.zip`);
    const exhibit = { context: 1, redact: [], selection: [] };
    await makeExhibit(opened, { ...exhibit, items: [first.index], out: before });
    const plan = await expungementPlan(opened, order(mode));
    expect(plan).toMatchObject({ items: 2, findings: 0, conflicts: [], disclosed: [{ items: 1 }] });
    const size = opened.ledger.size;
    const report = await expunge(opened, order(mode));
    expect(report.destroys).toEqual(plan.destroys);
    expect(report.entry).toBe(size);
    await expectGone(path, mode);

    const lines = await collect(listItemLines(opened));
    expect(lines).toHaveLength(items.length);
    const gone = lines.filter((line) => 'expunged' in line);
    expect(gone.map(({ index }) => index)).toEqual(going.map(({ index }) => index).sort((a, b) => a - b));
    expect(gone[0]).toMatchObject({ kind: 'expunged', expunged: { order: 'O-7', mode, entry: size } });
    const [derivation] = caseStatus(opened).captures[0]?.derivations ?? [];
    expect(derivation).toMatchObject({ addsUp: true, expunged: 2 });

    expect(await verifyExhibitFile(before, opened.verifierKeyText)).toMatchObject({ ok: true });
    const neighbour = items.find((one) => one.disposition === 'in-scope' && one.index !== first.index) as ItemJson;
    const after = join(path, '..', `after-${mode}.zip`);
    const made = await makeExhibit(opened, { ...exhibit, items: [neighbour.index], out: after });
    expect(made.rawRecords).toBeGreaterThan(0);
    expect(made.notes.join()).toContain('order "O-7"');
    expect(await verifyExhibitFile(after, opened.verifierKeyText)).toMatchObject({ ok: true });
    const refused = makeExhibit(opened, { ...exhibit, items: [first.index], out: `${after}.no` });
    await expect(refused).rejects.toThrow(/expunged under order "O-7"/);

    expect(await indexCase(opened, { check: true })).toMatchObject({ different: [], missing: 0 });
    const hits = await collect(queryCase(opened, { type: 'money' }));
    expect(hits.map(({ index }) => index)).not.toContain(first.index);
    expect(hits.length).toBeGreaterThan(0);
    const [again] = await rederive(opened);
    expect(again).toMatchObject({ equal: true, expunged: 2, compared: mode === 'original' ? 'records' : 'whole' });
  });

  it.each(['not stored', 'stored'] as const)('is finished by resume wherever a write was %s', async (fault) => {
    const writes = await run(fork(), mode, new FaultPlan(Number.MAX_SAFE_INTEGER, fault));
    const random = new Random(mode === 'derived' ? 17 : 71);
    const rounds = IS_LONG ? Array.from({ length: writes }, (_, at) => at) : [random.below(writes)];
    for (const at of rounds) {
      const path = fork();
      // What is published for others is made again from the commits: a fault there is no failure.
      await run(path, mode, new FaultPlan(at, fault)).catch((error) =>
        expect(error).toMatchObject({ family: 'unavailable' }),
      );
      const opened = await openCase(path, { person });
      await finishRewrites(opened);
      // A fault before the order was recorded leaves a case in which nothing was ordered.
      if (opened.state.history.expungements.length === 0) await expunge(opened, order(mode));
      await expectGone(path, mode);
      expect(await finishRewrites(opened)).toEqual([]);
    }
  });
});

/** Expunges with a store that fails; returns how many writes there were. */
async function run(path: string, mode: 'derived' | 'original', plan: FaultPlan & { fault: Fault }): Promise<number> {
  const { vault, held, verifierKey } = await openCase(path, { person });
  const faulty = faultyVault(vault, plan);
  const ledger = await Ledger.open(faulty, verifierKey);
  const opened = new Case({ vault: faulty, ledger, person, held, verifierKey });
  await opened.applyEvents();
  await expunge(opened, order(mode));
  return plan.writes;
}

describe('what stands against it', () => {
  it('a late job cannot bring anything back', async () => {
    const path = fork();
    const opened = await openCase(path, { person });
    const held = new Map<string, Uint8Array>();
    for await (const { name } of opened.vault.list('')) held.set(name, await opened.vault.read(name));
    await expunge(opened, order('original'));
    for (const [name, bytes] of held) await opened.vault.create(name, bytes);
    await expectGone(path, 'original');
    await expect(ingestFixture(opened, 'msgstore.db.crypt15')).rejects.toThrow(/destroyed|expunged/);
  });

  it('a new derivation of an original that still holds it is refused', async () => {
    const opened = await openCase(fork(), { person });
    await expunge(opened, order('derived'));
    const keys = [{ for: 'whatsapp-crypt15', bytes: new Uint8Array(32).fill(7), source: 'another key' }];
    await expect(ingestFixture(opened, 'msgstore.db.crypt15', { keys })).rejects.toThrow(/bring it back/);
  });

  it('a restored backup is told, and expunged again', async () => {
    const path = fork();
    const opened = await openCase(path, { person });
    const backup = fork();
    const { destroys } = await expunge(opened, order('derived'));
    for (const name of destroys) cpSync(join(backup, name), join(path, name), { force: true });
    const verdict = await verifyCase(path, { person });
    expect(new Set(verdict.failures.map(({ code }) => code))).toEqual(new Set(['EXPUNGEMENT_UNFINISHED']));
    expect(await finishRewrites(opened)).toMatchObject([{ again: true, destroyed: destroys.length }]);
    await expectGone(path, 'derived');
  });

  it('an order that names what is gone destroys nothing; one that reaches further takes the original, too', async () => {
    const path = fork();
    const opened = await openCase(path, { person });
    await expunge(opened, order('derived'));
    await expect(expunge(opened, order('derived'))).rejects.toMatchObject({ code: 'NOTHING_SELECTED' });
    const further = JSON.stringify({ ...JSON.parse(order('original')), id: 'O-8' });
    expect(await expunge(opened, further)).toMatchObject({ leaves: 0, captures: [{ original: 'destroyed' }] });
    await expectGone(path, 'original');
  });

  it('mistakes of the order are told, all of them, and change nothing', async () => {
    const opened = await openCase(fork(), { person });
    const { size } = opened.ledger;
    const bad = { id: '', reference: 'r', issuedBy: 'c', items: ['9-', -1], extra: 1, mode: 'all' };
    await expect(expunge(opened, JSON.stringify(bad))).rejects.toMatchObject({ code: 'ORDER_INVALID' });
    await expect(expunge(opened, 'no json')).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
    const none = JSON.stringify({ ...JSON.parse(order('derived')), mode: undefined });
    await expect(expunge(opened, none)).rejects.toThrow(/how far it goes/);
    await expect(expunge(opened, order('derived'), { mode: 'original' })).rejects.toThrow(/the order decides/);
    await expect(expunge(opened, order('derived', [10_000_000]))).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
    expect(opened.ledger.size).toBe(size);
  });

  it('the statement of what is gone is part of the log', async () => {
    const path = fork();
    const opened = await openCase(path, { person });
    await expunge(opened, order('derived'));
    const statement = opened.ledger.commits.find(({ rewrite }) => rewrite !== null)?.rewrite as string;
    const bytes = await readFile(join(path, statement));
    expect(bytes.toString('latin1')).toContain('custody/rewrite/v2');
    rmSync(join(path, statement));
    await expect(openCase(path, { person })).rejects.toMatchObject({ family: 'integrity' });
  });
});
