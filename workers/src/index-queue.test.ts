import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexDecode } from '@custody/bytes';
import {
  type Case,
  indexCase,
  indexSegments,
  listItems,
  loadOrCreatePerson,
  mergeIndex,
  openCase,
  type Person,
} from '@custody/case';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateWhatsApp } from '../../fixtures/whatsapp/generate-large.ts';
import {
  fixtureCase,
  forkCase,
  ingestFixture,
  s3Place,
  tileDigests,
  whatsAppFixtures,
} from '../../test/fixture-case.ts';
import { missingForRedis, startRedis } from '../../test/services/redis.ts';
import type { Service } from '../../test/services/service.ts';
import { enqueueIndex } from './enqueue.ts';
import type { QueuePlace } from './queue.ts';
import { redisContents } from './testing/redis-contents.ts';
import { until, untilIdle, WorkerProcess } from './testing/worker-process.ts';

const redis = process.env.CUSTODY_TEST_REDIS;
const s3 = process.env.CUSTODY_TEST_S3;
if (redis === undefined) console.warn('skipped: indexing through a queue: $CUSTODY_TEST_REDIS is not set');
if (s3 === undefined) console.warn('skipped: indexing through a queue into S3: $CUSTODY_TEST_S3 is not set');

let folder = '';
let person: Person;
/** Holds `evidence` and nothing else. */
let indexer: Person;
let original: Case;
let expected: ReadonlyMap<string, string>;
let largeKey = '';

/** Messages of the large capture: two jobs' worth of segments. */
const MESSAGES = 60_000;

beforeAll(async () => {
  if (redis === undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'custody-workers-'));
  person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  process.env.CUSTODY_IDENTITY = person.path;
  indexer = await loadOrCreatePerson({ name: 'Index worker' }, join(folder, 'indexer.txt'));
  const holders = [{ compartment: 'evidence', recipient: indexer.identity.recipient }];
  original = await fixtureCase(join(folder, 'case'), person, holders);
  const large = await generateWhatsApp({ messages: MESSAGES, seed: 5, path: join(folder, 'large.crypt15') });
  largeKey = large.key;
  await ingestFixture(original, large.path, {
    keys: [{ for: 'whatsapp-crypt15', bytes: hexDecode(large.key), source: 'generator' }],
  });
  await ingestFixture(original, 'msgstore.db.crypt15');
  expect(await mergeIndex(original)).toEqual({ merged: 1, waiting: 0 });
  expected = await tileDigests(original);
  expect([...expected.keys()].some((label) => label.startsWith('1/0.'))).toBe(true);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Keys of its own in a Redis that all tests share. */
function newLab(): QueuePlace {
  return { redis: redis ?? '', lab: `test-${randomBytes(6).toString('hex')}` };
}

function worker(place: QueuePlace, env: Readonly<Record<string, string>> = {}): WorkerProcess {
  const lab = place.lab === undefined ? [] : ['--lab', place.lab];
  return new WorkerProcess(['--redis', place.redis, ...lab], env);
}

async function fork(name: string): Promise<Case> {
  await forkCase(original, join(folder, name));
  return openCase(join(folder, name), { person });
}

async function tileObjects(opened: Case): Promise<number> {
  let count = 0;
  for await (const { name } of opened.vault.list('index/')) if (name !== '') count++;
  return count;
}

describe.skipIf(redis === undefined)('an index built through the queue', () => {
  it('equals the one that ingest built, and the worker drains on SIGTERM', async () => {
    const place = newLab();
    const opened = await fork('plain');
    const { segments, jobs, added } = await enqueueIndex(opened.vault.location, place);
    expect({ segments, added }).toEqual({ segments: opened.ledger.segments.length, added: jobs });
    expect(jobs).toBeGreaterThan(1);
    const running = worker(place);
    expect(await untilIdle(place)).toEqual({ completed: jobs, failed: 0 });
    expect(await running.end('SIGTERM')).toBe(0);
    expect(running.output).toContain('drained');
    expect(await tileDigests(opened)).toEqual(expected);
    expect(await enqueueIndex(opened.vault.location, place)).toEqual({ segments: 0, jobs: 0, added: 0, merges: 0 });
  });

  it('has its merges brought back after Redis forgot them', async () => {
    const place = newLab();
    const opened = await fork('merges');
    await indexSegments(opened, opened.ledger.segments);
    const running = worker(place);
    expect(await enqueueIndex(opened.vault.location, place)).toEqual({ segments: 0, jobs: 0, added: 0, merges: 1 });
    await untilIdle(place);
    await running.end('SIGTERM');
    expect(await tileDigests(opened)).toEqual(expected);
  });

  it('equals the one rebuilt embedded, on one thread or several', async () => {
    for (const threads of [1, 3]) {
      const opened = await fork(`threads-${threads}`);
      const segments = opened.ledger.segments.length;
      expect(await indexCase(opened, { threads })).toMatchObject({ segments, stored: segments });
      expect(await tileDigests(opened)).toEqual(expected);
      expect(await indexCase(opened, { threads, check: true })).toMatchObject({ existed: segments, different: [] });
    }
  });

  it.skipIf(s3 === undefined)('equals it on S3', async () => {
    const place = newLab();
    const { location, env } = s3Place(s3 ?? '', `workers-${randomBytes(6).toString('hex')}`);
    Object.assign(process.env, env);
    await forkCase(original, location);
    const opened = await openCase(location, { person });
    const { jobs } = await enqueueIndex(location, place);
    const running = [worker(place), worker(place)];
    expect(await untilIdle(place)).toEqual({ completed: jobs, failed: 0 });
    expect(await Promise.all(running.map((one) => one.end('SIGTERM')))).toEqual([0, 0]);
    expect(await tileDigests(opened)).toEqual(expected);
    expect(await indexCase(opened, { check: true })).toMatchObject({ missing: 0, different: [] });
  });

  it('needs no more than the compartment it is sealed to', async () => {
    const place = newLab();
    const opened = await fork('evidence-only');
    expect(Object.keys((await openCase(opened.vault.location, { person: indexer })).held)).toEqual(['evidence']);
    const { jobs } = await enqueueIndex(opened.vault.location, place);
    const running = worker(place, { CUSTODY_IDENTITY: indexer.path });
    expect(await untilIdle(place)).toEqual({ completed: jobs, failed: 0 });
    await running.end('SIGTERM');
    expect(await tileDigests(opened)).toEqual(expected);
  });

  it('is finished by another worker when one is killed half way', async () => {
    const { place, opened } = await killedHalfWay();
    const second = worker(place);
    expect(await untilIdle(place)).toMatchObject({ failed: 0 });
    await second.end('SIGTERM');
    expect(await tileDigests(opened)).toEqual(expected);
  });

  /** A fork whose worker was killed between its first tile and its last; a kill that came too late is done over. */
  async function killedHalfWay(): Promise<{ place: QueuePlace; opened: Case }> {
    for (let round = 0; round < 10; round++) {
      const place = newLab();
      const opened = await fork(`killed-${round}`);
      await enqueueIndex(opened.vault.location, place);
      const first = worker(place);
      await until(async () => (await tileObjects(opened)) > 0, 2);
      expect(await first.end('SIGKILL')).toBe('SIGKILL');
      if ([...(await tileDigests(opened)).values()].includes('missing')) return { place, opened };
    }
    throw new Error('no kill came in time');
  }

  it('is enqueued again after the index was deleted, though Redis remembers the jobs', async () => {
    const place = newLab();
    const opened = await fork('deleted');
    const running = worker(place);
    await enqueueIndex(opened.vault.location, place);
    await untilIdle(place);
    await rm(join(folder, 'deleted', 'index'), { recursive: true });
    const { jobs, added } = await enqueueIndex(opened.vault.location, place);
    expect(added).toBe(jobs);
    await untilIdle(place);
    await running.end('SIGTERM');
    expect(await tileDigests(opened)).toEqual(expected);
  });

  it('has no doubled jobs when two hand them in', async () => {
    const place = newLab();
    const opened = await fork('twice');
    const first = await enqueueIndex(opened.vault.location, place);
    expect(await enqueueIndex(opened.vault.location, place)).toEqual({ ...first, added: 0 });
  });

  it('stops at damaged evidence, tells which object, and does not try again', async () => {
    const place = newLab();
    const opened = await fork('damaged');
    const name = [...opened.ledger.objects.keys()].find((one) => /^segments\/.*evidence/.test(one)) as string;
    const path = join(folder, 'damaged', name);
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await rm(path);
    await writeFile(path, bytes);
    const { jobs } = await enqueueIndex(opened.vault.location, place);
    const running = worker(place);
    expect(await untilIdle(place)).toEqual({ completed: jobs - 1, failed: 1 });
    await running.end('SIGTERM');
    expect(running.output.match(/OBJECT_ALTERED/g)).toHaveLength(1);
    await expect(indexCase(opened, { threads: 3 })).rejects.toMatchObject({ code: 'OBJECT_ALTERED', detail: { name } });
    expect(running.output).toContain(name);
  });
});

describe.skipIf(redis === undefined || missingForRedis().length > 0)('Redis', () => {
  let own: Service;
  beforeAll(async () => {
    own = await startRedis();
  });
  afterAll(() => own.stop());

  it('holds nothing that is lost with it', async () => {
    const place = { redis: own.url };
    const opened = await fork('emptied');
    await enqueueIndex(opened.vault.location, place);
    const running = worker(place);
    await until(async () => (await tileObjects(opened)) > 0, 2);
    const connection = new Redis(own.url);
    await connection.flushall();
    connection.disconnect();
    await until(async () => {
      await enqueueIndex(opened.vault.location, place);
      // A tile that is looked at may be merged, and so removed, meanwhile.
      const digests = await tileDigests(opened).catch((error: { code?: string }) => {
        if (error.code === 'OBJECT_MISSING') return null;
        throw error;
      });
      return digests !== null && ![...digests.values()].includes('missing');
    }, 200);
    await running.end('SIGTERM');
    expect(await tileDigests(opened)).toEqual(expected);
  });

  it('and the log of a worker hold references only', async () => {
    const place = { redis: own.url };
    const opened = await fork('searched');
    await enqueueIndex(opened.vault.location, place);
    const stranger = await loadOrCreatePerson({ name: 'Stranger' }, join(folder, 'stranger.txt'));
    const refused = worker(place, { CUSTODY_IDENTITY: stranger.path });
    await until(() => refused.output.includes('takes no further index jobs'));
    await refused.end('SIGTERM');
    await enqueueIndex(opened.vault.location, place);
    const running = worker(place);
    await until(async () => (await redisContents(own.url)).includes('"stored"'));
    const midway = await redisContents(own.url);
    await untilIdle(place);
    await running.end('SIGTERM');
    const seen = Buffer.concat([midway, await redisContents(own.url), Buffer.from(refused.output + running.output)]);
    // The search finds what is there: references.
    expect(seen.includes('searched')).toBe(true);
    expect(seen.includes('NO_RIGHTS')).toBe(true);
    const planted = [...(await plantedStrings(opened)), ...(await secrets())];
    expect(planted.length).toBeGreaterThan(400);
    expect(planted.filter((text) => encodings(text).some((form) => seen.includes(form)))).toEqual([]);
  });

  async function plantedStrings(opened: Case): Promise<string[]> {
    const found = new Set<string>();
    for await (const item of listItems(opened)) {
      for (const text of [item.body, item.sender?.value, item.conversation, item.messageId]) {
        if (typeof text === 'string' && text.length >= 8) found.add(text);
      }
      if (found.size > 5_000) break;
    }
    const truth = await readFile(join(whatsAppFixtures, 'truth.json'), 'utf8');
    for (const [, text] of truth.matchAll(/"(?:value|text)": "([^"]{8,})"/g)) found.add(text as string);
    return [...found];
  }

  async function secrets(): Promise<string[]> {
    const identity = await readFile(person.path, 'utf8');
    const key = (await readFile(join(whatsAppFixtures, 'key'))).toString('hex');
    const root = (await readFile(join(whatsAppFixtures, 'root-key.txt'), 'utf8')).trim();
    return [...identity.matchAll(/AGE-SECRET-KEY-\S+/g)].map(([text]) => text).concat(key.slice(-64), root, largeKey);
  }
});

/** A string, and the bytes it may stand for, as a thief would look for them. */
function encodings(text: string): (string | Buffer)[] {
  const raw = Buffer.from(text);
  const whole = raw.subarray(0, raw.length - (raw.length % 3));
  const bytes = /^(?:[0-9a-f]{2}){16,}$/i.test(text) ? [Buffer.from(text, 'hex')] : [];
  return [text, text.toLowerCase(), text.toUpperCase(), raw.toString('hex'), whole.toString('base64'), ...bytes];
}
