import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadOrCreatePerson, openCase, type Person } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture, s3Place } from './fixture-case.ts';
import { Random } from './random.ts';
import { expectWhole, ingestThrough, patiently } from './s3-through.ts';
import { type CephProgram, type CephService, missingForS3, startS3 } from './services/s3.ts';

const IS_LONG = process.env.CUSTODY_LONG === '1';
const missing = missingForS3();
if (missing.length > 0) console.warn(`skipped: killing an S3 server: not installed: ${missing.join(', ')}`);
/** A server that keeps objects in memory loses them with its storage daemon, so only the real one is asked for more. */
const rounds: readonly CephProgram[] = IS_LONG
  ? Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 'ceph-osd' : 'radosgw'))
  : ['radosgw'];

let server: CephService;
let folder = '';
let person: Person;
const kept = { ...process.env };
const random = new Random(20261122);

describe.skipIf(missing.length > 0)('an S3 server that dies', () => {
  beforeAll(async () => {
    server = await startS3({ store: IS_LONG ? 'bluestore' : 'memstore' });
    folder = await mkdtemp(join(tmpdir(), 'custody-s3-kills-'));
    person = await loadOrCreatePerson({}, join(folder, 'identity.txt'));
    Object.assign(process.env, s3Place(server.url, '').env, { CUSTODY_S3_TIMEOUT: '3' });
  });
  afterAll(async () => {
    process.env = kept;
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const newCase = async (): Promise<string> => {
    const { location } = s3Place(server.url, `kills-${randomBytes(6).toString('hex')}`);
    await fixtureCase(location, person);
    return location;
  };

  it.each(rounds)('kill -9 of %s under an ingest, started again: nothing acknowledged is missing', async (program) => {
    const location = await newCase();
    const done = ingestThrough(location, person);
    // Somewhere between its first request and its last.
    await sleep(random.below(900));
    const before = await patiently(async () => (await openCase(location, { person })).ledger.size).catch(() => 0);
    await server.kill(program);
    await sleep(random.below(500));
    await server.revive(program);
    await done;
    expect((await openCase(location, { person })).ledger.size).toBeGreaterThanOrEqual(before);
    await expectWhole(location, { person, folder });
  });

  it.skipIf(!IS_LONG)('a full server: exit in words, and goes on when there is room again', async () => {
    const location = await newCase();
    const quota = (...args: string[]): Promise<string> => server.admin('quota', ...args, '--uid=custody');
    await quota('set', '--quota-scope=user', '--max-size=1');
    await quota('enable', '--quota-scope=user');
    // The gateway may know an older size for a while; the limit is far below it.
    const attempt = async (): Promise<unknown> =>
      ingestFixture(await openCase(location, { person }), 'msgstore.db.crypt15', { threads: 1 });
    await expect(attempt()).rejects.toMatchObject({ family: 'unavailable', code: 'STORE_FULL' });
    await quota('disable', '--quota-scope=user');
    await expect
      .poll(
        () =>
          attempt().then(
            () => 'done',
            (error: { code?: string }) => error.code,
          ),
        { timeout: 60_000, interval: 500 },
      )
      .toBe('done');
    await expectWhole(location, { person, folder });
  });
});
