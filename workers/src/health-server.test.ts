import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreatePerson } from '@custody/case';
import { afterAll, describe, expect, it } from 'vitest';
import { missingForRedis } from '../../test/services/redis.ts';
import { JobQueue } from './queue.ts';
import { OwnRedis } from './testing/own-redis.ts';
import { until, WorkerProcess } from './testing/worker-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'custody-health-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missingForRedis().length > 0)('a worker', () => {
  it('tells Prometheus what it did, and whoever asks whether it is well', async () => {
    const person = await loadOrCreatePerson({ name: 'Worker' }, join(folder, 'identity.txt'));
    const server = await OwnRedis.create();
    await server.start();
    const args = ['--redis', server.url, '--metrics-port', '0', '--hops', 'index,decode'];
    const worker = new WorkerProcess(args, { CUSTODY_IDENTITY: person.path });
    try {
      await until(() => worker.output.includes('metricsPort'));
      const port = /"metricsPort":(\d+)/.exec(worker.output)?.[1];
      const ask = async (path: string, method = 'GET') => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
        return { status: answer.status, text: await answer.text() };
      };
      const queue = await JobQueue.open<unknown>('decode', { redis: server.url });
      await queue.add([{ id: randomBytes(16).toString('hex'), data: { case: '/nowhere', derivation: 'x' } }]);
      await until(async () => (await queue.counts()).failed === 1);
      // A worker whose port somebody else has takes no job and ends.
      const second = new WorkerProcess(['--redis', server.url, '--metrics-port', String(port), '--hops', 'index'], {
        CUSTODY_IDENTITY: person.path,
      });
      expect(await second.ended()).toBe(1);
      expect(second.output).toContain('EADDRINUSE');
      expect(second.output).not.toContain('"ready"');
      expect(await ask('/healthz')).toEqual({ status: 200, text: 'ok\n' });
      expect(await ask('/readyz')).toEqual({ status: 200, text: 'ready\n' });
      expect((await ask('/nothing')).status).toBe(404);
      expect((await ask('/metrics', 'POST')).status).toBe(405);
      const { text } = await ask('/metrics');
      expect(text).toContain('custody_jobs_total{hop="decode",outcome="set_aside",code="JOB_MALFORMED"} 1');
      expect(text).toContain('custody_queue_jobs{hop="decode",state="set-aside"} 1');
      expect(text).toMatch(/^custody_redis_up 1$/m);
      expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
      await queue.close();
      await server.kill();
      await until(async () => (await ask('/readyz')).status === 503);
      expect((await ask('/healthz')).status).toBe(200);
      expect((await ask('/metrics')).text).toMatch(/^custody_redis_up 0$/m);
    } finally {
      await worker.end('SIGKILL');
      await server.remove();
    }
  });
});
