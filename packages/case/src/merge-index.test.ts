import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodingsOf } from '../../../test/encodings-of.ts';
import { fixtureCase, ingestFixture, tileDigests } from '../../../test/fixture-case.ts';
import { openedMembers } from '../../../test/opened-members.ts';
import { expunge } from './expunge.ts';
import { indexCase, segmentsWithoutTile } from './index-case.ts';
import { mergeIndex, mergeJobs, mergeOne } from './merge-index.ts';
import { type Case, openCase } from './open-case.ts';
import { loadOrCreatePerson, type Person } from './person.ts';
import { type QueryOptions, queryCase } from './query-case.ts';
import { verifyCase } from './verify-case.ts';

/** One to three segments each: more than 16, of which later derivations take the place of some. */
const captures = [
  'msgstore.db.crypt15',
  'msgstore.db.crypt14',
  'msgstore.db.crypt12',
  'damaged/bit-flip.db.crypt15',
  'damaged/page.db.crypt14',
  'damaged/truncated.db.crypt15',
  'damaged/page.db.crypt12',
];
/** A thread takes longer to start than all there is to do. */
const ONE = { threads: 1 };
let folder = '';
let person: Person;
let narrow: Case;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-merge-case-'));
  person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  narrow = await fixtureCase(join(folder, 'narrow'), person);
  for (const capture of captures) await ingestFixture(narrow, capture, { region: 'GB' });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fork(name: string): Promise<Case> {
  await cp(join(folder, 'narrow'), join(folder, name), { recursive: true });
  return openCase(join(folder, name), { person });
}

async function answers(opened: Case, query: QueryOptions): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of queryCase(opened, query)) lines.push(JSON.stringify(line));
  return lines;
}

async function filesOf(name: string, under: string): Promise<string[]> {
  const all = await readdir(join(folder, name, 'index/v2', under), { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A merged tile is sealed like those it was made of: a thief reads no handle and no word in it. */
async function expectNothingLegible(files: readonly string[]): Promise<void> {
  const stored = Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
  const seen = Buffer.concat([stored, ...openedMembers(stored)]);
  const planted = (await answers(narrow, { type: 'phone' })).flatMap((line) => line.match(/\+\d{9,}/g) ?? []);
  expect(new Set(planted).size).toBeGreaterThan(3);
  for (const secret of new Set(planted))
    for (const [encoding, needle] of encodingsOf(secret)) expect(seen.includes(needle), encoding).toBe(false);
}

describe('mergeIndex', () => {
  it('makes the same on threads', async () => {
    const merged = await fork('on-threads');
    expect(await mergeIndex(merged, { threads: 2 })).toEqual({ merged: 1, waiting: 0 });
    expect(await filesOf('on-threads', '1')).toHaveLength(3);
    const query = { type: 'phone' };
    expect(await answers(merged, query)).toEqual(await answers(narrow, query));
    expect((await indexCase(merged, { ...ONE, check: true })).different).toEqual([]);
  });

  it('merges what is full, removes what that covers, and changes no answer', async () => {
    expect(narrow.ledger.segments.length).toBeGreaterThan(16);
    const merged = await fork('merged');
    expect(await mergeJobs(merged)).toEqual([{ level: 1, number: 0 }]);
    expect(await mergeIndex(merged)).toEqual({ merged: 1, waiting: 0 });
    expect(await mergeIndex(merged)).toEqual({ merged: 0, waiting: 0 });
    expect(await filesOf('merged', '0')).toHaveLength((merged.ledger.segments.length - 16) * 3);
    const wide = await filesOf('merged', '1');
    expect(wide).toHaveLength(3);
    expect(await segmentsWithoutTile(merged)).toEqual([]);
    await expectNothingLegible(wide);
    for (const query of [
      { type: 'phone' },
      { type: 'money', min: '1' },
      { text: 'the' },
      { from: 0 },
      { prefix: '+' },
    ]) {
      const expected = await answers(narrow, query);
      expect(expected.length).toBeGreaterThan(0);
      expect(await answers(merged, query)).toEqual(expected);
    }
  });

  it('can be done by several at once, and has one result', async () => {
    const opened = await fork('raced');
    const others = await Promise.all([1, 2].map(() => openCase(join(folder, 'raced'), { person })));
    const outcomes = await Promise.all([opened, ...others].map((one) => mergeOne(one, { level: 1, number: 0 })));
    expect(outcomes).not.toContain('missing');
    expect(await tileDigests(opened)).toEqual(await tileDigests(await openCase(join(folder, 'merged'), { person })));
  });

  it('waits for a tile that is not there; custody index builds it and goes on', async () => {
    const opened = await fork('waiting');
    await rm(join(folder, 'waiting/index'), { recursive: true });
    expect(await mergeIndex(opened)).toEqual({ merged: 0, waiting: 1 });
    const segments = opened.ledger.segments.length;
    expect(await indexCase(opened, ONE)).toMatchObject({ stored: segments, merged: 1 });
    expect(await tileDigests(opened)).toEqual(await tileDigests(await openCase(join(folder, 'merged'), { person })));
    expect(await indexCase(opened, ONE)).toMatchObject({ stored: 0, existed: segments, merged: 0 });
  });

  it('names no tile beyond the log', async () => {
    for (const job of [
      { level: 1, number: 1 },
      { level: 0, number: 0 },
      { level: 1, number: 0.5 },
    ]) {
      await expect(mergeOne(narrow, job)).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
    }
  });
});

describe('a merged tile', () => {
  it('goes with an item that is expunged: what covers the others is made anew, under another name', async () => {
    const opened = await fork('expunged');
    await mergeIndex(opened);
    const before = await answers(opened, { type: 'phone' });
    const gone = JSON.parse(before[0] as string).index as number;
    const order = { id: 'O-7', reference: 'Order 7', issuedBy: 'Court of Example', reason: 'secrecy', mode: 'derived' };
    await expunge(opened, JSON.stringify({ ...order, items: [gone] }));
    const left = await answers(opened, { type: 'phone' });
    expect(left).toEqual(before.filter((line) => JSON.parse(line).index !== gone));
    const names = (await filesOf('expunged', '1')).map((path) => path.slice(path.lastIndexOf('/') + 1)).sort();
    const generation = opened.ledger.rewrites.all[0]?.entry;
    const parts = ['items', 'mentions', 'words'];
    expect(names).toEqual([...parts.map((part) => `0-${generation}.${part}`), ...parts.map((part) => `0.${part}`)]);
    expect((await opened.vault.info('index/v2/1/0.mentions'))?.length).toBe(0);
    expect((await opened.vault.info('index/v2/keys/level-1/0'))?.length).toBe(0);
    expect(await verifyCase(join(folder, 'expunged'), { person: null })).toMatchObject({ ok: true, failures: [] });
    expect(await indexCase(opened, { check: true, ...ONE })).toMatchObject({ missing: 0, different: [] });
  });

  it('is verified without keys, and compared with what its segments give', async () => {
    const opened = await openCase(join(folder, 'merged'), { person });
    expect(await verifyCase(join(folder, 'merged'), { person: null })).toMatchObject({ ok: true, failures: [] });
    const { segments } = opened.ledger;
    expect(await indexCase(opened, { check: true, ...ONE })).toMatchObject({
      existed: segments.length,
      missing: 0,
      different: [],
    });
  });

  it.each(['1/0.mentions', '1/0.items', 'keys/level-1/0'])('that lacks %s is told, and made again', async (name) => {
    const folderName = `lacks-${name.replaceAll('/', '-')}`;
    const opened = await fork(folderName);
    const before = await answers(opened, { type: 'phone' });
    await mergeIndex(opened);
    await rm(join(folder, folderName, 'index/v2', name));
    const fresh = await openCase(join(folder, folderName), { person });
    await expect(answers(fresh, { type: 'phone' })).rejects.toMatchObject({ code: 'INDEX_MISSING' });
    expect(await segmentsWithoutTile(fresh)).toHaveLength(16);
    expect(await indexCase(fresh, ONE)).toMatchObject({ stored: 16, merged: 1 });
    expect(await answers(fresh, { type: 'phone' })).toEqual(before);
    expect(await verifyCase(join(folder, folderName), { person: null })).toMatchObject({ ok: true });
  });

  it('that was altered is found, by verify and by the check', async () => {
    const opened = await openCase(join(folder, 'merged'), { person });
    for (const [n, path] of (await filesOf('merged', '1')).entries()) {
      const bytes = await readFile(path);
      const put = async (at: number) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] as number) ^ 4;
        await rm(path);
        await writeFile(path, flipped);
      };
      await put(n === 0 ? bytes.length - 1 : Math.floor(bytes.length / (n + 1)));
      const { failures } = await verifyCase(join(folder, 'merged'), { person: null });
      expect(failures).toMatchObject([{ object: path.slice(path.indexOf('index/v2')), code: 'INDEX_PART_ALTERED' }]);
      // The closing line is for whoever has no key: the seal does not reach it.
      if (n > 0) expect((await indexCase(opened, { check: true, ...ONE })).different).toMatchObject([{ label: '1/0' }]);
      await rm(path);
      await writeFile(path, bytes);
    }
  });
});
