import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, listItems, loadOrCreatePerson, orderExhibit, type Person, verifyExhibitFile } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from '../../test/fixture-case.ts';
import { runCustody } from '../../test/run-custody.ts';
import { exhibitHop } from './exhibit-hop.ts';
import { readExhibitJob } from './exhibit-job.ts';
import { redisContents } from './testing/redis-contents.ts';
import { WorkerProcess } from './testing/worker-process.ts';

const redis = process.env.CUSTODY_TEST_REDIS;
if (redis === undefined) console.warn('skipped: exhibits through a queue: $CUSTODY_TEST_REDIS is not set');
const folder = mkdtempSync(join(tmpdir(), 'custody-exhibit-queue-'));
const lab = `test-${randomBytes(6).toString('hex')}`;
let person: Person;
let opened: Case;
let body = '';
let index = 0;
let withheld = 0;

beforeAll(async () => {
  if (redis === undefined) return;
  person = await loadOrCreatePerson({ name: 'A. Example' }, join(folder, 'identity.txt'));
  opened = await fixtureCase(join(folder, 'case'), person);
  await ingestFixture(opened, 'msgstore.db.crypt15');
  for await (const item of listItems(opened)) {
    if (item.disposition === 'out-of-scope') withheld = item.index;
    if (item.disposition !== 'in-scope' || (item.body ?? '').length < 30) continue;
    index = item.index;
    body = item.body ?? '';
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function custody(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const place = ['--case', opened.vault.location, '--queue', redis ?? '', '--lab', lab, '--json'];
  return runCustody(['exhibit', ...place, ...args], { home: folder, env: { CUSTODY_IDENTITY: person.path } });
}

it('a job that names anything else than an order is refused', () => {
  const order = `3-${'0f'.repeat(16)}`;
  expect(readExhibitJob({ case: '/a', order, more: 1 })).toEqual({ case: '/a', order });
  for (const bad of [null, {}, { case: '/a' }, { case: '/a', order: '../x' }, { case: '', order }, { case: 1, order }])
    expect(() => readExhibitJob(bad)).toThrow(expect.objectContaining({ code: 'JOB_MALFORMED' }));
});

it.skipIf(redis === undefined)(
  'what cannot be made is set aside with a code, and no word of what was asked',
  async () => {
    const word = body.slice(0, 12);
    const options = { items: [withheld], context: 0, redact: [], selection: [], producer: word };
    const order = await orderExhibit(opened, options);
    process.env.CUSTODY_IDENTITY = person.path;
    const failed = await exhibitHop()({ case: opened.vault.location, order }).catch((error: Error) => error);
    expect(failed).toMatchObject({ code: 'EXHIBIT_FAILED', message: expect.not.stringContaining(word) });
  },
);

describe.skipIf(redis === undefined)('custody exhibit --queue', () => {
  it('leaves the work to a worker, fetches and records the exhibit; Redis and the log see no word of it', async () => {
    const worker = new WorkerProcess(['--redis', redis ?? '', '--lab', lab, '--hops', 'exhibit'], {
      CUSTODY_IDENTITY: person.path,
    });
    const out = join(folder, 'exhibit.zip');
    const made = await custody('--items', String(index), '--redact-value', body.slice(0, 12), '--out', out);
    expect(made).toMatchObject({ code: 0 });
    const { sha256, shown } = JSON.parse(made.stdout) as { sha256: string; shown: number };
    expect(shown).toBe(1);
    await opened.refresh();
    expect(opened.state.history.disclosures.at(-1)?.sha256).toBe(sha256);
    expect(await verifyExhibitFile(out, opened.verifierKeyText)).toMatchObject({ ok: true });
    expect(await worker.end('SIGTERM')).toBe(0);
    const seen = Buffer.concat([await redisContents(redis ?? ''), Buffer.from(worker.output)]);
    expect(seen.includes(lab)).toBe(true);
    for (const word of [body.slice(0, 12), body]) expect(seen.includes(word)).toBe(false);
  });
});
