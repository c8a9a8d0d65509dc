import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreatePerson } from '@custody/case';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureCase, ingestFixture } from './fixture-case.ts';
import { runCustody } from './run-custody.ts';

const redis = process.env.CUSTODY_TEST_REDIS;
if (redis === undefined) console.warn('skipped: custody index --queue: $CUSTODY_TEST_REDIS is not set');

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'custody-worker-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('custody worker', () => {
  it('is the program custody-worker, with its exit codes', async () => {
    const help = await runCustody(['worker', '--help'], { home });
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('custody-worker');
    const away = await runCustody(['worker', 'status', '--redis', 'redis://127.0.0.1:9'], { home });
    expect(away.code).toBe(5);
    expect(away.stderr.trim().split('\n')).toHaveLength(1);
    expect((await runCustody(['worker', 'no-such-verb', '--redis', 'redis://127.0.0.1:9'], { home })).code).toBe(1);
    expect((await runCustody(['worker'], { home })).code).toBe(1);
  });
});

describe.skipIf(redis === undefined)('custody index --queue', () => {
  it('hands in what has no tile, and nothing twice', async () => {
    const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(home, 'identity.txt'));
    const location = join(home, randomBytes(6).toString('hex'));
    await ingestFixture(await fixtureCase(location, person), 'msgstore.db.crypt12');
    await rm(join(location, 'index'), { recursive: true });
    const env = { CUSTODY_IDENTITY: person.path };
    const ask = async () => {
      const { code, stdout } = await runCustody(['index', '--case', location, '--queue', redis ?? ''], { home, env });
      return [code, JSON.parse(stdout) as Record<string, number>] as const;
    };
    const [code, first] = await ask();
    expect([code, first]).toEqual([0, { segments: expect.any(Number), jobs: 1, added: 1, merges: 0 }]);
    expect(await ask()).toEqual([0, { ...first, added: 0 }]);
  });
});
