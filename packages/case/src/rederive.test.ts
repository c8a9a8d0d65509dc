import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriter } from '@custody/evidence';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../test/fixture-case.ts';
import type { ItemJson } from './item-json.ts';
import { listItems } from './list-leaves.ts';
import type { Case } from './open-case.ts';
import { loadOrCreatePerson } from './person.ts';
import { type LeafDifference, type Rederived, rederive } from './rederive.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-test-rederive-'));
let opened: Case;

beforeAll(async () => {
  const person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  await ingestFixture(opened, 'damaged/page.db.crypt14');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('decodes the sealed originals again and finds every leaf equal, raw records and findings included', async () => {
  const results = await rederive(opened);
  expect(results.map((one) => one.derivation)).toHaveLength(2);
  for (const one of results) {
    expect(one).toMatchObject({ equal: true, sameBuild: true, opened: 0, differences: [], problems: [] });
    const committed = opened.ledger.segments.filter((segment) => segment.derive === one.derivation);
    expect(one.leaves).toBe(committed.reduce((sum, segment) => sum + segment.count, 0));
  }
});

it('names the item that decodes differently, and both values', async () => {
  const other = await fixtureCase(join(folder, 'other'), await loadOrCreatePerson({}, join(folder, 'identity.txt')));
  // A decoder that misread one message, and has been mended since.
  const { body } = BatchWriter.prototype;
  let bodies = 0;
  BatchWriter.prototype.body = function (text) {
    body.call(this, bodies++ === 7 ? 'misread' : text);
  };
  try {
    await ingestFixture(other, 'msgstore.db.crypt15', { threads: 1 });
  } finally {
    BatchWriter.prototype.body = body;
  }
  const [result] = await rederive(other);
  expect(result).toMatchObject({ equal: false, opened: 1, problems: [] });
  expect(result?.differences).toHaveLength(1);
  const { index, fields, values } = (result as Rederived).differences[0] as LeafDifference;
  expect(fields).toEqual(['body']);
  const items: ItemJson[] = [];
  for await (const item of listItems(opened)) items.push(item);
  const right = items.find((item) => item.index === index)?.body;
  expect(right).toEqual(expect.any(String));
  expect(values).toEqual([{ field: 'body', ledger: 'misread', now: right }]);
});

it('says so where nothing comes out as before', async () => {
  const results = await rederive(opened, { keys: [] });
  for (const one of results) {
    expect(one.equal).toBe(false);
    expect(one.problems.length + one.differences.length).toBeGreaterThan(0);
  }
});
