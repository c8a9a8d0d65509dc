import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSegment } from '@custody/segment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture, tileDigests } from '../../../test/fixture-case.ts';
import { indexCase, indexOneSegment, segmentsWithoutTile } from './index-case.ts';
import { type Case, openCase } from './open-case.ts';
import { loadOrCreatePerson, type Person } from './person.ts';

let folder = '';
let person: Person;
let original: Case;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-index-'));
  person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  original = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(original, 'msgstore.db.crypt15', { region: 'GB' });
  await ingestFixture(original, 'msgstore.db.crypt14');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The same case with the same secrets, elsewhere. */
async function fork(name: string, { withIndex = false } = {}): Promise<Case> {
  await cp(join(folder, 'case'), join(folder, name), { recursive: true });
  if (!withIndex) await rm(join(folder, name, 'index'), { recursive: true });
  return openCase(join(folder, name), { person });
}

async function indexFiles(name: string): Promise<string[]> {
  const all = await readdir(join(folder, name, 'index'), { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('the index from stored segments', () => {
  it('has withheld and privileged items beside it, and items of its own', async () => {
    const read = await Promise.all(
      original.ledger.segments.map((segment) =>
        openSegment(original.vault, original.ledger, segment, original.contentIdentities),
      ),
    );
    const codes = new Set(read.flatMap(({ parts }) => parts.flatMap(({ content }) => [...content.codes])));
    expect([...codes].sort()).toEqual([0, 1, 2, 3]);
  });

  it('has the plaintext that ingest built from memory', async () => {
    const fresh = await fork('rebuilt');
    const segments = fresh.ledger.segments.length;
    expect(await indexCase(fresh)).toEqual({
      segments,
      stored: segments,
      existed: 0,
      missing: 0,
      different: [],
      merged: 0,
    });
    const digests = await tileDigests(fresh);
    expect(digests).toEqual(await tileDigests(original));
    expect([...digests.values()]).not.toContain('missing');
  });

  it('reads numbers by the region recorded with the derivation', async () => {
    const regions = [...original.state.derivations.values()].map(({ region }) => region);
    expect(regions).toEqual(['GB', null]);
  });

  it('is made once, whoever asks', async () => {
    const fresh = await fork('raced');
    const other = await openCase(join(folder, 'raced'), { person });
    const [a, b] = await Promise.all([indexCase(fresh), indexCase(other)]);
    expect(a.stored + b.stored).toBeGreaterThanOrEqual(a.segments);
    expect(await tileDigests(fresh)).toEqual(await tileDigests(original));
    expect(await indexCase(fresh)).toMatchObject({ stored: 0, existed: a.segments });
  });

  it('completes a tile whose maker died', async () => {
    const fresh = await fork('completed', { withIndex: true });
    for (const path of await indexFiles('completed')) if (path.endsWith('.words')) await rm(path);
    expect(await segmentsWithoutTile(fresh)).toEqual(fresh.ledger.segments);
    for (const segment of fresh.ledger.segments) expect(await indexOneSegment(fresh, segment)).toBe('stored');
    expect(await tileDigests(fresh)).toEqual(await tileDigests(original));
  });

  it('is refused to who does not hold evidence', async () => {
    const stranger = await loadOrCreatePerson({ name: 'Stranger' }, join(folder, 'stranger.txt'));
    const closed = await openCase(join(folder, 'case'), { person: stranger });
    await expect(indexCase(closed)).rejects.toMatchObject({ code: 'NO_RIGHTS' });
  });
});

describe('index --check', () => {
  it('finds every tile equal', async () => {
    const { segments } = original.ledger;
    expect(await indexCase(original, { check: true })).toMatchObject({ existed: segments.length, different: [] });
  });

  it('tells what is missing and writes nothing', async () => {
    const fresh = await fork('checked');
    const { segments } = fresh.ledger;
    expect(await indexCase(fresh, { check: true })).toMatchObject({ missing: segments.length, existed: 0 });
    expect(await segmentsWithoutTile(fresh)).toEqual(segments);
  });

  it('names a tile that is another segment’s, and one that is damaged', async () => {
    const fresh = await fork('altered', { withIndex: true });
    const files = (await indexFiles('altered')).sort();
    const [first, second] = ['mentions', 'words'].map((part) => files.find((path) => path.endsWith(part)) as string);
    const bytes = await readFile(first as string);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await rm(first as string);
    await writeFile(first as string, bytes);
    const { different, existed, segments } = await indexCase(fresh, { check: true });
    expect(different).toHaveLength(1);
    expect(second).toContain(different[0]?.label);
    expect(existed).toBe(segments - 1);
  });
});
