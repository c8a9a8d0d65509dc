import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../../test/fixture-case.ts';
import type { Case } from './open-case.ts';
import { loadOrCreatePerson } from './person.ts';
import { rederive } from './rederive.ts';

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

it('says so where nothing comes out as before', async () => {
  const results = await rederive(opened, { keys: [] });
  for (const one of results) {
    expect(one.equal).toBe(false);
    expect(one.problems.length + one.differences.length).toBeGreaterThan(0);
  }
});
