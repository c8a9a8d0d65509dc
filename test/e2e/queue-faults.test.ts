import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCase } from '@custody/case';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { copyCase } from '../../packages/cli/src/measure/scale/copy-case.ts';
import { jobsCommand } from '../../workers/src/jobs-command.ts';
import type { QueuePlace } from '../../workers/src/queue.ts';
import { OwnRedis } from '../../workers/src/testing/own-redis.ts';
import { until, WorkerProcess } from '../../workers/src/testing/worker-process.ts';
import { s3Place } from '../fixture-case.ts';
import { Random } from '../random.ts';
import { startFaultProxy } from '../services/fault-proxy.ts';
import { missingForRedis } from '../services/redis.ts';
import { objectsBelow } from './fork-case.ts';
import { type Fork, QueuedCase } from './queued-case.ts';

const redis = process.env.CUSTODY_TEST_REDIS;
if (redis === undefined) console.warn('skipped: faults of workers: $CUSTODY_TEST_REDIS is not set');
const s3 = process.env.CUSTODY_TEST_S3;
if (s3 === undefined) console.warn('skipped: a worker cut off from S3: $CUSTODY_TEST_S3 is not set');
const IS_LONG = process.env.CUSTODY_LONG === '1';
const KILLS = IS_LONG ? 5 : 1;
const REDIS_KILLS = IS_LONG ? 3 : 1;
/** Every kill costs the seconds until a dead worker is noticed. */
const LONGEST = { timeout: IS_LONG ? 900_000 : 120_000 };

const original = new QueuedCase();
const random = new Random(20241123);
const running: WorkerProcess[] = [];
const servers: OwnRedis[] = [];

beforeAll(async () => {
  if (redis !== undefined) await original.make();
});
afterEach(async ({ task }) => {
  // What a worker said of a fault is the only trace of it.
  if (task.result?.state === 'fail') for (const { output } of running) console.error(output.slice(-4_000));
  await Promise.all(running.splice(0).map((one) => one.end('SIGKILL')));
  for (const server of servers.splice(0)) await server.remove();
});
afterAll(() => original.remove());

function newLab(): QueuePlace {
  return { redis: redis ?? '', lab: `faults-${randomBytes(6).toString('hex')}` };
}

function worker(place: QueuePlace, hops = 'decode,commit', env: Record<string, string> = {}): WorkerProcess {
  const lab = place.lab === undefined ? [] : ['--lab', place.lab];
  const started = new WorkerProcess(['--redis', place.redis, ...lab, '--hops', hops], env);
  running.push(started);
  return started;
}

async function ownRedis(): Promise<OwnRedis> {
  const server = await OwnRedis.create();
  servers.push(server);
  await server.start();
  return server;
}

function stored({ path }: Fork): number {
  return objectsBelow(path, 'stretches').length - 1;
}

describe.skipIf(redis === undefined)('workers', LONGEST, () => {
  it('two of them, sequencers both, one with a clock that is wrong, come to what one embedded run came to', async () => {
    const skewed = join(original.folder, 'skewed.mjs');
    writeFileSync(
      skewed,
      `const real = Date; const by = Number(process.env.SKEW_MS);
       globalThis.Date = class extends real {
         constructor(...args) { if (args.length > 0) super(...args); else super(real.now() + by); }
         static now() { return real.now() + by; }
       };`,
    );
    for (const hours of IS_LONG ? [-30, 30, 0] : [30]) {
      const [place, fork] = [newLab(), await original.fork(`two-${hours}`)];
      worker(place, undefined, { NODE_OPTIONS: `--import ${skewed}`, SKEW_MS: String(hours * 3_600_000) });
      worker(place);
      await original.handInAndWait(fork, place);
      await original.expectSame(fork);
    }
  });

  it(`killed while they decode, or commit, lose nothing and are replaced (${KILLS} seeded moments each)`, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      // Side by side, for what takes time is until a dead worker is noticed.
      const moments = [random.below(7), random.below(11)] as const;
      await Promise.all([killDecoder(kill, moments[0]), killSequencer(kill, moments[1])]);
    }
  });

  async function killDecoder(kill: number, moment: number): Promise<void> {
    const [place, fork] = [newLab(), await original.fork(`decode-${kill}`)];
    const first = worker(place);
    const done = original.handInAndWait(fork, place);
    await until(() => stored(fork) > moment, 2);
    expect(await first.end('SIGKILL')).toBe('SIGKILL');
    worker(place);
    await done;
    await original.expectSame(fork);
  }

  async function killSequencer(kill: number, moment: number): Promise<void> {
    const [place, fork] = [newLab(), await original.fork(`commit-${kill}`)];
    const [sequencer] = [worker(place, 'commit'), worker(place, 'decode')];
    const done = original.handInAndWait(fork, place);
    // Sixteen segments are one commit, so that there are two in all: what is waited for comes before, between and after them.
    await until(() => stored(fork) >= moment, 2);
    await sleep(random.below(300));
    expect(await sequencer?.end('SIGKILL')).toBe('SIGKILL');
    worker(place, 'commit');
    await done;
    await original.expectSame(fork);
  }
});

describe.skipIf(redis === undefined || s3 === undefined)('a worker cut off from S3', LONGEST, () => {
  // Not before: the identity is made in between.
  const kept: NodeJS.ProcessEnv[] = [];
  beforeAll(() => void kept.push({ ...process.env }));
  afterAll(() => {
    process.env = kept.pop() ?? process.env;
  });

  it('gives its jobs back, and comes to the same when the way is open again', async () => {
    const { location, env } = s3Place(s3 ?? '', `partition-${randomBytes(6).toString('hex')}`);
    Object.assign(process.env, env);
    const [place, proxy] = [newLab(), await startFaultProxy(s3 ?? '')];
    const fork = await original.fork('partition');
    await copyCase(fork.path, location, () => true);
    worker(place, undefined, { CUSTODY_S3_ENDPOINT: proxy.url, CUSTODY_S3_TIMEOUT: '1' });
    const moved = { ...fork, opened: await openCase(location, { person: original.person }), path: location };
    const done = original.handInAndWait(moved, place);
    const objects = async (): Promise<number> => {
      let count = 0;
      for await (const _ of moved.opened.vault.list(`stretches/${fork.entry}/`)) count++;
      return count;
    };
    // The plan and two stretches: the way closes between worker and store, not between worker and Redis.
    await until(async () => (await objects()) > 2, 20);
    proxy.use(() => 'request lost');
    const jobs = () => jobsCommand(place, { verb: 'list', json: true });
    await until(async () => (await jobs()).includes('STORE_UNAVAILABLE'), 100);
    // With the plan, and the stretch that closes: all of them would be eleven.
    expect(await objects()).toBeLessThan(11);
    proxy.use(null);
    await done;
    await original.expectSame(moved);
    await proxy.stop();
  });
});

describe.skipIf(redis === undefined)('a batch that cannot be done', () => {
  it('is set aside with its reason while the others go on, and is tried again apart', async () => {
    const [place, fork] = [newLab(), await original.fork('poison')];
    const poison = `leaves/${fork.entry}/5-0`;
    await fork.opened.vault.create(poison, Buffer.from('not what this unit gives'));
    worker(place);
    const refused = original.handInAndWait(fork, place);
    await expect(refused).rejects.toMatchObject({ code: 'SEGMENT_NOT_REPRODUCED', family: 'integrity' });
    // Stretch 2 holds unit 5: all others are stored, the closing one is not due.
    const stretches = objectsBelow(fork.path, 'stretches').map((name) => name.split('/')[2]);
    expect(stretches).toEqual(['0', '1', ...['3', '4', '5', '6', '7', '8', '9'], 'plan']);
    const listed = JSON.parse(await jobsCommand(place, { verb: 'list', json: true, case: fork.path })) as Listed;
    expect(listed.jobs).toMatchObject([
      { hop: 'decode', state: 'set-aside', data: { stretch: 2 }, reason: expect.stringContaining(poison) },
    ]);
    rmSync(join(fork.path, poison));
    const { id } = listed.jobs[0] as Listed['jobs'][number];
    expect(await jobsCommand(place, { verb: 'retry', id: id.slice(0, 8), json: true })).toBe(
      JSON.stringify({ retried: [id] }),
    );
    await original.handInAndWait(fork, place);
    await original.expectSame(fork);
  });

  interface Listed {
    readonly jobs: readonly { readonly id: string }[];
  }
});

describe.skipIf(redis === undefined || missingForRedis().length > 0)('Redis', LONGEST, () => {
  it('that loses everything half way loses no work', async () => {
    const [server, fork] = [await ownRedis(), await original.fork('emptied')];
    const place = { redis: server.url };
    worker(place);
    const done = original.handInAndWait(fork, place);
    await until(() => stored(fork) > 3, 2);
    await server.kill();
    await server.forget();
    await server.start();
    await done;
    await original.expectSame(fork);
  });

  it(`that is full for a while, then killed and back with its file, delays and loses nothing (${REDIS_KILLS} seeded)`, async () => {
    for (let kill = 0; kill < REDIS_KILLS; kill++) {
      const [server, fork] = [await ownRedis(), await original.fork(`full-${kill}`)];
      const place = { redis: server.url };
      worker(place);
      const done = original.handInAndWait(fork, place);
      const moment = random.below(4);
      await until(() => stored(fork) > moment, 2);
      await refuseForAWhile(server);
      await until(() => stored(fork) > moment + 2, 2);
      await server.kill();
      await sleep(random.below(IS_LONG ? 2_000 : 200));
      await server.start();
      await done;
      await original.expectSame(fork);
    }
  });

  /** Until Redis has refused at least one command for want of memory, by its own count. */
  async function refuseForAWhile(server: OwnRedis): Promise<void> {
    const admin = new Redis(server.url);
    await admin.config('SET', 'maxmemory', '1');
    await until(async () => /errorstat_OOM:count=[1-9]/.test(await admin.info('errorstats')), 20);
    await admin.config('SET', 'maxmemory', '0');
    admin.disconnect();
  }
});
