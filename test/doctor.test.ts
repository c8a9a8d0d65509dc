import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Redis } from 'ioredis';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Place } from './fixture-case.ts';
import { type Run, runCustody } from './run-custody.ts';

const server = process.env.CUSTODY_TEST_S3;
const redis = process.env.CUSTODY_TEST_REDIS;
if (server === undefined) console.warn('skipped: custody doctor on S3: $CUSTODY_TEST_S3 is not set');
if (redis === undefined) console.warn('skipped: custody doctor on Redis: $CUSTODY_TEST_REDIS is not set');

interface Report {
  readonly fit: boolean;
  readonly examined: readonly {
    readonly what: string;
    readonly fit: boolean;
    readonly checks: readonly { promise: string; kept: boolean; seen: string; required?: boolean }[];
  }[];
}

const schema = new URL('../packages/cli/schemas/doctor.schema.json', import.meta.url);
const validate = new Ajv2020().compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
const { location, env } = s3Place(server ?? 'http://-', `doctor-${randomBytes(6).toString('hex')}`);
const locked = `doctor-${randomBytes(6).toString('hex')}`;
let home = '';

async function doctor(...args: string[]): Promise<{ run: Run; report: Report }> {
  const run = await runCustody(['doctor', ...args, '--json'], { home, env });
  const report = JSON.parse(run.stdout) as Report;
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  return { run, report };
}

function broken({ examined }: Report): string[] {
  return [
    ...new Set(
      examined.flatMap(({ checks }) => checks.filter((c) => !c.kept && c.required !== false).map((c) => c.promise)),
    ),
  ];
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'custody-doctor-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('custody doctor', () => {
  it('examines a directory, and says what it wants to be told', async () => {
    const { run, report } = await doctor('--case', join(home, 'case'));
    expect([run.code, report.fit, report.examined.map(({ what }) => what)]).toEqual([0, true, ['store']]);
    const nothing = await runCustody(['doctor'], { home });
    expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('--originals')]);
  });

  it.skipIf(server === undefined)('finds the buckets of this server fit, each for what it is for', async () => {
    const url = new URL(server ?? '');
    const minio = new Client({
      endPoint: url.hostname,
      port: Number(url.port),
      useSSL: false,
      accessKey: url.username,
      secretKey: url.password,
      region: 'us-east-1',
    });
    await minio.makeBucket(locked, 'us-east-1', { ObjectLocking: true });
    const { run, report } = await doctor('--case', location, '--originals', `s3://${locked}/x`);
    expect([run.code, broken(report)]).toEqual([0, []]);
    expect(report.examined.map(({ what, checks }) => [what, checks.length])).toEqual([
      ['store', 19],
      ['originals', 10],
    ]);
    const names: string[] = [];
    for await (const object of minio.listObjectsV2(locked, '', true)) names.push((object as { name: string }).name);
    expect(names).toEqual([]);
  });

  it.skipIf(server === undefined)('tells a bucket with versions and one without lock from what is needed', async () => {
    const versioned = await doctor('--case', `s3://${locked}/case`, '--originals', location);
    expect(versioned.run.code).toBe(5);
    expect(broken(versioned.report)).toEqual(
      expect.arrayContaining([
        'The bucket is plain: what is destroyed does not live on as an older version.',
        'The bucket can lock objects.',
      ]),
    );
  });

  it.skipIf(redis === undefined)('examines Redis and never shows its password', async () => {
    const { run, report } = await doctor('--redis', redis ?? '', '--lab', 'doctor');
    expect([run.code, broken(report), report.examined[0]?.checks.length]).toEqual([0, [], 8]);
    const admin = new Redis(redis ?? '');
    const user = `doctor-${randomBytes(4).toString('hex')}`;
    try {
      await admin.call('ACL', 'SETUSER', user, 'on', '>not-to-be-shown', '~custody-other:*', '+@all');
      const url = new URL(redis ?? '');
      url.username = user;
      url.password = 'not-to-be-shown';
      const other = await doctor('--redis', url.href, '--lab', 'doctor');
      expect(other.run.code).toBe(5);
      expect(broken(other.report)).toEqual(['Scripts may write and read keys below custody-doctor:.']);
      expect(other.run.stdout + other.run.stderr).not.toContain('not-to-be-shown');
    } finally {
      await admin.call('ACL', 'DELUSER', user);
      admin.disconnect();
    }
  });
});
