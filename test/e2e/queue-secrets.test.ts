import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OwnRedis } from '../../workers/src/testing/own-redis.ts';
import { redisContents } from '../../workers/src/testing/redis-contents.ts';
import { until, WorkerProcess } from '../../workers/src/testing/worker-process.ts';
import { openedMembers } from '../opened-members.ts';
import { missingForRedis } from '../services/redis.ts';
import { type Ingested, Lab, type ListedItem, whatsApp } from './lab.ts';
import { foundIn } from './search-forms.ts';

type Listed = ListedItem & {
  readonly sender: { readonly value: string } | null;
  readonly conversation: string | null;
};

const lab = new Lab('queue-secrets');
const capture = join(whatsApp, 'msgstore.db.crypt15');
let server: OwnRedis;
/** All that a thief of Redis or of the logs could hold: every command Redis ever took, what it keeps, what was said. */
let seen: Buffer;
let log = '';
let path = '';
let ingested: Ingested;

function newWorker(identity: string, hops: string): WorkerProcess {
  return new WorkerProcess(['--redis', server.url, '--hops', hops], { CUSTODY_IDENTITY: identity });
}

/** A worker at this Redis, run until `done`; what it said is kept. */
async function worked(identity: string, done: () => Promise<unknown>): Promise<void> {
  const worker = newWorker(identity, 'decode,commit,index,merge,exhibit');
  await done();
  expect(await worker.end('SIGTERM')).toBe(0);
  log += worker.output;
}

/** By a worker, of some items, with words of one of them to be redacted. */
async function makeExhibit(queue: readonly string[]): Promise<void> {
  const items = await lab.lines<Listed & { index: number; disposition: string }>(
    'items',
    '--case',
    path,
    '--reason',
    'choose',
  );
  const chosen = items
    .filter(({ disposition, body }) => disposition === 'in-scope' && (body ?? '').length > 30)
    .slice(0, 5);
  const flags = [
    '--items',
    chosen.map(({ index }) => index).join(),
    '--redact-value',
    chosen[0]?.body?.slice(0, 12) ?? '',
  ];
  const made = await lab.run('exhibit', '--case', path, ...flags, '--out', join(path, '..', 'by-worker.zip'), ...queue);
  expect(made.code, made.stderr).toBe(0);
  log += made.stderr;
}

describe.skipIf(missingForRedis().length > 0)('what Redis and the logs hold after an ingest by workers', () => {
  beforeAll(async () => {
    server = await OwnRedis.create();
    await server.start();
    path = await lab.newCase();
    const stranger = lab.person('stranger');
    await stranger.run('operator', '--name', 'A. Stranger');
    const queue = ['--queue', server.url];
    const args = [...lab.ingestArgs(path, capture), ...queue, '--json'];
    // Whoever holds nothing leaves the job to others, and its reason is kept.
    const [unfit, handedIn] = [newWorker(stranger.identity, 'decode'), await lab.run(...args, '--no-wait')];
    expect(handedIn.code, handedIn.stderr).toBe(0);
    expect(await unfit.ended()).toBe(4);
    expect(unfit.output).toMatch(
      /takes no further decode jobs: you do not hold .*source.* of this case: to decode takes/,
    );
    log += unfit.output;
    expect((await lab.run('jobs', ...queue)).stdout).toMatch(/after 1 tries: NO_RIGHTS: /);
    await worked(lab.identity, async () => {
      const { code, stdout, stderr } = await lab.run(...args);
      log += stderr;
      expect([0, 2], stderr).toContain(code);
      ingested = JSON.parse(stdout) as Ingested;
      await until(async () => (await redisContents(server.url)).includes('"existed"'));
      await makeExhibit(queue);
    });
    const files = globSync('appendonlydir/*', { cwd: server.folder }).map((name) =>
      readFileSync(join(server.folder, name)),
    );
    const taken = [...files, await redisContents(server.url), Buffer.from(log)];
    seen = Buffer.concat([...taken, ...taken.flatMap(openedMembers)]);
  });
  afterAll(async () => {
    await server.remove();
    lab.remove();
  });

  it('ends with the object that an embedded ingest of the same answers with', async () => {
    const embedded = await lab.ingest(path, capture);
    const { checkpoint: _, known: __, repeated: ___, ...same } = embedded;
    expect(ingested).toMatchObject(same);
    expect(embedded.repeated).toBe(true);
    expect(Object.keys(ingested).sort()).toEqual(Object.keys(embedded).sort());
  });

  it('is references and numbers, which the search would find', () => {
    expect(foundIn(seen, [path])).toEqual([path]);
    expect(foundIn(seen, ['NO_RIGHTS'])).toEqual(['NO_RIGHTS']);
    expect(log).toMatch(/"hop":"exhibit".*"made"/);
    const planted = 'a planted sentence';
    for (const form of [Buffer.from(planted).toString('base64'), Buffer.from(`x${planted}yz`).toString('base64')]) {
      expect(foundIn(Buffer.from(`{"key":"${form}"}`), [planted])).toEqual([planted]);
    }
  });

  it('is no content, no handle, no hash and no key, in any common form', async () => {
    const items = await lab.lines<Listed>('items', '--case', path, '--reason', 'search');
    const planted = new Set<string>();
    for (const { body, messageId, sender, conversation } of items) {
      for (const text of [body, messageId, sender?.value, conversation]) {
        if (typeof text === 'string' && text.length >= 8) planted.add(text);
      }
    }
    const hashes = JSON.stringify(items).match(/\b[0-9a-f]{64}\b/g) ?? [];
    const identity = readFileSync(lab.identity, 'utf8').match(/AGE-SECRET-KEY-\S+/g) ?? [];
    const key = readFileSync(join(whatsApp, 'key')).toString('hex').slice(-64);
    const rootKey = readFileSync(join(whatsApp, 'root-key.txt'), 'utf8').trim();
    const secrets = [...identity, key, rootKey, ingested.capture, ...hashes];
    expect(new Set(hashes).size).toBeGreaterThan(1);
    expect(planted.size).toBeGreaterThan(300);
    expect(foundIn(seen, new Set([...secrets, ...[...planted].slice(0, 400)]))).toEqual([]);
  });
});
