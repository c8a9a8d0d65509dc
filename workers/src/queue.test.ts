import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntegrityError, UnavailableError } from '@custody/bytes';
import { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { freePort, programPath } from '../../test/services/process.ts';
import { missingForRedis } from '../../test/services/redis.ts';
import { type Hop, JobQueue, type QueuePlace, type RunningWorker, startWorker, type WorkerEvents } from './queue.ts';
import type { Fate } from './retry.ts';
import { OwnRedis } from './testing/own-redis.ts';
import { redisContents } from './testing/redis-contents.ts';
import { until, untilIdle, WorkerProcess } from './testing/worker-process.ts';

const redis = process.env.CUSTODY_TEST_REDIS;
if (redis === undefined) console.warn('skipped: the queue: $CUSTODY_TEST_REDIS is not set');

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

function newPlace(): QueuePlace {
  return { redis: redis ?? '', lab: `test-${randomBytes(6).toString('hex')}` };
}

async function queueAt(place: QueuePlace): Promise<JobQueue<unknown>> {
  const queue = await JobQueue.open<unknown>('index', place);
  ending.push(() => queue.close());
  return queue;
}

interface Told {
  readonly worker: RunningWorker;
  readonly done: string[];
  readonly fates: Fate[];
  readonly states: string[];
}

async function workAt(place: QueuePlace, hop: Hop): Promise<Told> {
  const told = { done: [] as string[], fates: [] as Fate[], states: [] as string[] };
  const events: WorkerEvents = {
    done: (job) => told.done.push(job),
    failed: (_job, fate) => told.fates.push(fate),
    connection: (state) => told.states.push(state),
  };
  const worker = await startWorker('index', place, { hop, events });
  ending.push(() => worker.drain());
  return { worker, ...told };
}

describe.skipIf(redis === undefined)('a job', () => {
  it('is tried again when something was unavailable', async () => {
    const place = newPlace();
    let tries = 0;
    const { done, fates } = await workAt(place, async () => {
      if (++tries < 3) throw new UnavailableError('STORE_UNAVAILABLE', 'the store does not answer');
      return { numbers: { tries } };
    });
    await (await queueAt(place)).add([{ id: 'a', data: {} }]);
    expect(await untilIdle(place)).toEqual({ completed: 1, failed: 0 });
    expect(done).toEqual(['a']);
    expect(fates.map(({ again }) => again)).toEqual([true, true]);
  });

  it('is set aside at once when an integrity check failed', async () => {
    const place = newPlace();
    const { fates } = await workAt(place, async () => {
      throw new IntegrityError('OBJECT_ALTERED', 'leaves/1/2-3 was altered');
    });
    await (await queueAt(place)).add([{ id: 'a', data: {} }]);
    expect(await untilIdle(place)).toEqual({ completed: 0, failed: 1 });
    expect(fates).toEqual([{ again: false, code: 'OBJECT_ALTERED', message: 'leaves/1/2-3 was altered' }]);
  });

  it('leaves no word of an unknown error in Redis', async () => {
    const place = newPlace();
    const { fates } = await workAt(place, async () => {
      throw new TypeError('cannot read "meet me at the quay at nine"');
    });
    await (await queueAt(place)).add([{ id: 'a', data: { from: 'references' } }]);
    expect(await untilIdle(place)).toEqual({ completed: 0, failed: 1 });
    const contents = await redisContents(place.redis);
    expect(contents.includes('references')).toBe(true);
    expect(contents.includes('FAULT: a fault of the program (TypeError)')).toBe(true);
    expect(contents.includes('quay')).toBe(false);
    expect(fates.map(({ message }) => message).join()).not.toContain('quay');
  });

  it('under way is finished by drain, and the next one is left', async () => {
    const place = newPlace();
    let started = 0;
    const { worker, done } = await workAt(place, async () => {
      started++;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { numbers: {} };
    });
    const queue = await queueAt(place);
    await queue.add([
      { id: 'a', data: {} },
      { id: 'b', data: {} },
    ]);
    await until(() => started === 1);
    await worker.drain();
    expect(done).toEqual(['a']);
    expect(await queue.counts()).toEqual({ open: 1, completed: 1, failed: 0 });
  });

  it('of another laboratory is not seen', async () => {
    const [mine, theirs] = [newPlace(), newPlace()];
    await (await queueAt(theirs)).add([{ id: 'theirs', data: {} }]);
    const { done } = await workAt(mine, async () => ({ numbers: {} }));
    await (await queueAt(mine)).add([{ id: 'mine', data: {} }]);
    await untilIdle(mine);
    expect(done).toEqual(['mine']);
    expect(await (await queueAt(theirs)).counts()).toMatchObject({ open: 1 });
  });

  it.each(['http://127.0.0.1', 'redis', 'redis://'])('is not sought at %s', async (address) => {
    await expect(JobQueue.open('index', { redis: address })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
  });

  it('is not sought where nobody listens', async () => {
    const nowhere = `redis://user:secret-word@127.0.0.1:${await freePort()}`;
    const error = await JobQueue.open('index', { redis: nowhere }).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE', family: 'unavailable' });
    expect(String(error)).not.toContain('secret-word');
  });
});

describe.skipIf(redis === undefined || missingForRedis().length > 0)('a Redis of our own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'custody-tls-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function own(args: readonly string[] = [], more: readonly string[] = []): Promise<OwnRedis> {
    const server = await OwnRedis.create(args);
    ending.push(() => server.remove());
    await server.start(more);
    return server;
  }

  it('that was killed and comes back has the jobs still, and the worker goes on by itself', async () => {
    const server = await own();
    const place = { redis: server.url };
    const queue = await JobQueue.open<unknown>('index', place);
    const { done, states } = await workAt(place, async () => ({ numbers: {} }));
    await queue.add([{ id: 'a', data: {} }]);
    await until(() => done.length === 1);
    await server.kill();
    await until(() => states.includes('lost'));
    await server.start();
    await queue.add([{ id: 'b', data: {} }]);
    await until(() => done.length === 2);
    expect(done).toEqual(['a', 'b']);
    expect(states).toEqual(['lost', 'back']);
    expect(await queue.counts()).toMatchObject({ completed: 2 });
    await queue.close();
  });

  it('that may evict keys is refused with what to do', async () => {
    const server = await own(['--maxmemory-policy', 'allkeys-lru']);
    const refused = JobQueue.open('index', { redis: server.url });
    await expect(refused).rejects.toMatchObject({ code: 'QUEUE_EVICTS', message: expect.stringMatching(/noeviction/) });
  });

  it('that is full says so, and takes the job when it has room', async () => {
    const server = await own();
    const queue = await queueAt({ redis: server.url });
    const admin = new Redis(server.url);
    await admin.config('SET', 'maxmemory', '1mb');
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await expect(queue.add([{ id: 'a', data: {} }])).rejects.toThrow(/OOM: its memory is full/);
    await admin.config('SET', 'maxmemory', '0');
    admin.disconnect();
    expect(await queue.add([{ id: 'a', data: {} }])).toBe(1);
  });

  it('lets the user of one laboratory at its own keys only', async () => {
    const server = await own();
    const admin = new Redis(server.url);
    const rights = ['~custody-mine:*', '&*', '+@all', '-@admin', '-@dangerous', '+info', '+client'];
    await admin.call('ACL', 'SETUSER', 'mine', 'on', '>word-of-mine', ...rights);
    await admin.call('ACL', 'SETUSER', 'default', 'resetpass', '>another-word');
    admin.disconnect();
    const address = `redis://mine:word-of-mine@127.0.0.1:${server.port}`;
    const place = { redis: address, lab: 'mine' };
    const { done } = await workAt(place, async () => ({ numbers: {} }));
    await (await queueAt(place)).add([{ id: 'a', data: {} }]);
    await until(() => done.length === 1);
    await expect((await queueAt({ redis: address, lab: 'theirs' })).counts()).rejects.toThrow(/NOPERM: its user/);
    await expect(JobQueue.open('index', { redis: server.url })).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  });

  it.skipIf(programPath('openssl') === null)(
    'is reached over TLS, and only with a certificate that is trusted',
    async () => {
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      const names = ['-subj', '/CN=redis.example', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const made = [
        'req',
        '-x509',
        '-newkey',
        'ed25519',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        key,
        '-out',
        cert,
        ...names,
      ];
      execFileSync('openssl', made, { stdio: 'ignore' });
      chmodSync(folder, 0o755);
      chmodSync(key, 0o644);
      const tlsPort = await freePort();
      const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
      await own(['--tls-port', String(tlsPort), ...files, '--tls-auth-clients', 'no']);
      const ask = (env: Record<string, string>) =>
        new WorkerProcess(['status', '--redis', `rediss://127.0.0.1:${tlsPort}`], env);
      const trusting = ask({ NODE_EXTRA_CA_CERTS: cert });
      expect([await trusting.ended(), trusting.output.trim()]).toEqual([
        0,
        expect.stringContaining('"index":{"open":0,"completed":0,"failed":0}'),
      ]);
      expect(await ask({}).ended()).toBe(5);
    },
  );
});
