import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreatePerson, openCase, type Person, verifyCase } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture, s3Place } from './fixture-case.ts';
import { Random } from './random.ts';
import { expectWhole, ingestThrough } from './s3-through.ts';
import { type Decide, type FaultProxy, startFaultProxy } from './services/fault-proxy.ts';

const server = process.env.CUSTODY_TEST_S3;
if (server === undefined) console.warn('skipped: every write to S3 fails in turn: $CUSTODY_TEST_S3 is not set');
const IS_LONG = process.env.CUSTODY_LONG === '1';

let proxy: FaultProxy;
let folder = '';
let person: Person;
const kept = { ...process.env };

beforeAll(async () => {
  if (server === undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'custody-every-write-'));
  person = await loadOrCreatePerson({}, join(folder, 'identity.txt'));
  proxy = await startFaultProxy(server);
  Object.assign(process.env, s3Place(server, '').env, { CUSTODY_S3_ENDPOINT: proxy.url });
  allWrites = Array.from({ length: await countWrites() }, (_, i) => i);
});
afterAll(async () => {
  process.env = kept;
  await proxy?.stop();
  if (folder !== '') await rm(folder, { recursive: true });
});

async function newCase(): Promise<string> {
  const { location } = s3Place(server ?? '', `writes-${randomBytes(6).toString('hex')}`);
  proxy.use(null);
  await fixtureCase(location, person);
  return location;
}

async function ingestOnce(location: string): Promise<unknown> {
  return ingestFixture(await openCase(location, { person }), 'msgstore.db.crypt15', { threads: 1 });
}

/** All is well up to the write of that number; that one fails, done or not, and from then on nothing gets through. */
function failingAt(write: number, done: boolean): Decide {
  let writes = 0;
  return ({ method }) => {
    if (writes > write) return 'request lost';
    if (method === 'GET' || method === 'HEAD') return null;
    if (writes++ < write) return null;
    return done ? 'reply lost' : 'request lost';
  };
}

/** How many writes an ingest makes when nothing happens. */
async function countWrites(): Promise<number> {
  const location = await newCase();
  let writes = 0;
  proxy.use(({ method }) => {
    if (method !== 'GET' && method !== 'HEAD') writes++;
    return null;
  });
  await ingestOnce(location);
  return writes;
}

const random = new Random(20261122);
/** Numbers of the writes of one undisturbed ingest. */
let allWrites: number[] = [];

describe.skipIf(server === undefined)('every write of an ingest to S3 fails in turn', () => {
  it.each([
    ['not stored', false],
    ['stored, but told otherwise', true],
  ])(
    '%s: what was committed verifies, and a second try comes to the same',
    async (_, done) => {
      expect(allWrites.length).toBeGreaterThan(30);
      for (const write of IS_LONG ? allWrites : [random.pick(allWrites)]) {
        const location = await newCase();
        proxy.use(failingAt(write, done));
        const failed: unknown = await ingestOnce(location).catch((error: unknown) => error);
        expect(failed, `write ${write}`).toMatchObject({ family: 'unavailable', code: 'STORE_UNAVAILABLE' });
        proxy.use(null);
        expect((await verifyCase(location, { person })).failures, `write ${write}`).toEqual([]);
        await ingestThrough(location, person);
        await expectWhole(location, { person, folder });
      }
    },
    3_600_000,
  );
});
