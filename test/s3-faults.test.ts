import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreatePerson, openCase, type Person, verifyCase } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture, s3Place } from './fixture-case.ts';
import { Random } from './random.ts';
import { expectWhole, ingestThrough, patiently } from './s3-through.ts';
import { type Decide, type Fault, type FaultProxy, faults, startFaultProxy } from './services/fault-proxy.ts';

const server = process.env.CUSTODY_TEST_S3;
if (server === undefined) console.warn('skipped: a case beside S3 faults: $CUSTODY_TEST_S3 is not set');
const IS_LONG = process.env.CUSTODY_LONG === '1';
const ROUNDS = IS_LONG ? Number(process.env.CUSTODY_ROUNDS ?? 30) : 1;
const SEED = 20261122;

let proxy: FaultProxy;
let folder = '';
let person: Person;
const kept = { ...process.env };

beforeAll(async () => {
  if (server === undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'custody-s3-faults-'));
  person = await loadOrCreatePerson({}, join(folder, 'identity.txt'));
  proxy = await startFaultProxy(server);
  // Threads take the environment that was there when they were made.
  Object.assign(process.env, s3Place(server, '').env, { CUSTODY_S3_ENDPOINT: proxy.url, CUSTODY_S3_TIMEOUT: '1' });
});
afterAll(async () => {
  process.env = kept;
  await proxy?.stop();
  if (folder !== '') await rm(folder, { recursive: true });
});

async function newCase(): Promise<string> {
  const { location } = s3Place(server ?? '', `faults-${randomBytes(6).toString('hex')}`);
  proxy.use(null);
  await fixtureCase(location, person);
  return location;
}

/** Kinds that show on some requests only: what stores something, what has an answer to read. */
const onlyOn: Partial<Record<Fault, string>> = { '412 after it was done': 'PUT', 'body cut': 'GET' };

/** One request in `every` suffers one of the faults: each kind before any comes again. */
function seeded(seed: number, which: readonly Fault[], every: number): Decide {
  const random = new Random(seed);
  const left = new Set<Fault>();
  return ({ method }) => {
    if (random.below(every) !== 0) return null;
    if (left.size === 0) for (const fault of which) left.add(fault);
    const fitting = [...left].filter((fault) => (onlyOn[fault] ?? method) === method);
    if (fitting.length === 0) return null;
    const fault = random.pick(fitting);
    left.delete(fault);
    return fault;
  };
}

describe.skipIf(server === undefined)('a case on S3, whatever the way to it does', () => {
  const met = new Map<string, number>();

  it.each(Array.from({ length: ROUNDS }, (_, i) => i))('round %i: all kinds of faults', async (round) => {
    const location = await newCase();
    proxy.use(seeded(SEED + round, faults, 8 + (round % 5)));
    await ingestThrough(location, person);
    expect(proxy.injected).toBeGreaterThan(3);
    // Reading suffers, too, and finds nothing wrong.
    expect((await patiently(() => verifyCase(location, { person }))).failures).toEqual([]);
    for (const [fault, times] of proxy.done) met.set(fault, (met.get(fault) ?? 0) + times);
    proxy.use(null);
    await expectWhole(location, { person, folder });
  });

  it('met every kind of fault, slow answers and answers cut short among them', () => {
    expect([...met.keys()].sort()).toEqual([...faults].sort());
  });

  it.each(IS_LONG ? faults : (['412 after it was done'] as const))('every single request: %s, once', async (fault) => {
    const location = await newCase();
    const met = new Set<string>();
    proxy.use(({ method, path }) => {
      const request = `${method} ${path}`;
      if (met.has(request)) return null;
      met.add(request);
      return fault;
    });
    await ingestThrough(location, person);
    expect(proxy.injected).toBeGreaterThan(20);
    proxy.use(null);
    await expectWhole(location, { person, folder });
  });

  it('cut off from S3: exit in words, and goes on when the way is open again', async () => {
    const location = await newCase();
    const random = new Random(SEED);
    const failed: unknown[] = [];
    // The way closes at a random request of what is still to be done and stays closed until the command has failed.
    for (let cuts = 0; cuts < (IS_LONG ? 12 : 1); cuts++) {
      const from = random.below(40);
      const silent = cuts % 2 === 1;
      proxy.use(({ number }) => (number < from ? null : silent ? 'no answer' : 'request lost'));
      const opened = openCase(location, { person });
      const done = opened.then((one) => ingestFixture(one, 'msgstore.db.crypt15', { threads: 1 }));
      await done.catch((error: unknown) => failed.push(error));
    }
    expect(failed.length).toBeGreaterThan(0);
    for (const error of failed) expect(error).toMatchObject({ family: 'unavailable', code: 'STORE_UNAVAILABLE' });
    proxy.use(null);
    await ingestThrough(location, person);
    await expectWhole(location, { person, folder });
  });
});
