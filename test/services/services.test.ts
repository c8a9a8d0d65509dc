import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'minio';
import { describe, expect, it } from 'vitest';
import { missingForRedis, startRedis } from './redis.ts';

const redis = process.env.CUSTODY_TEST_REDIS;
const s3 = process.env.CUSTODY_TEST_S3;

describe.skipIf(!redis)('the Redis of this run', () => {
  it('keeps an append-only file', async () => {
    const { hostname, port } = new URL(redis ?? '');
    const socket = connect(Number(port), hostname);
    socket.end('CONFIG GET appendonly\r\n');
    expect(await text(socket)).toContain('yes');
  });
});

describe.skipIf(!s3)('the S3 of this run', () => {
  it('lets one writer create an object and refuses the second', async () => {
    const { hostname, port, username, password, pathname } = new URL(s3 ?? '');
    const where = { endPoint: hostname, port: Number(port), useSSL: false, region: 'us-east-1' };
    const client = new Client({ ...where, accessKey: username, secretKey: password });
    const bucket = pathname.slice(1);
    const once = (body: string): Promise<unknown> =>
      client.putObject(bucket, 'services-test/one', Buffer.from(body), body.length, { 'If-None-Match': '*' });
    await once('first');
    await expect(once('second')).rejects.toThrow();
    expect(await text(await client.getObject(bucket, 'services-test/one'))).toBe('first');
  });
});

describe.skipIf(process.platform !== 'linux' || missingForRedis().length > 0)('a service', () => {
  it('ends with the process that started it, even when that is killed', async () => {
    const starter = `
      const { startRedis } = await import(${JSON.stringify(new URL('./redis.ts', import.meta.url).href)});
      console.log((await startRedis()).url);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', starter], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(new URL(line.toString().trim()).port);
    expect(await answers(port)).toBe(true);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    while (await answers(port)) await sleep(20);
    // What it stored goes when the next one starts.
    await (await startRedis()).stop();
    const folders = await readdir(tmpdir());
    expect(folders.filter((name) => name.startsWith(`custody-test-redis-${child.pid}-`))).toEqual([]);
  });
});

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
