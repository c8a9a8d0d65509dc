import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Place, whatsAppFixtures } from './fixture-case.ts';
import { type Run, readLines, runCustody } from './run-custody.ts';

const server = process.env.CUSTODY_TEST_S3;
if (server === undefined) console.warn('skipped: a case on S3: $CUSTODY_TEST_S3 is not set');

const prefix = `case-${randomBytes(6).toString('hex')}`;
const { location, env } = s3Place(server ?? 'http://-', prefix);
let home = '';

/** Threads given, so that worker threads open the bucket too whatever the machine. */
const CAPTURE = ['--warrant', 'W-2024-017', '--keys', join(whatsAppFixtures, 'keyring.json'), '--threads', '2'];

function custody(...args: string[]): Promise<Run> {
  return runCustody(args, { home, env });
}

/** The steps up to a decoded capture, in a case at `path`. */
async function makeCase(path: string): Promise<Run[]> {
  return [
    await custody('init', '--case', path, '--json'),
    await custody('warrant', '--case', path, 'add', join(whatsAppFixtures, 'warrant.json'), '--json'),
    await custody('ingest', '--case', path, ...CAPTURE, '--json', join(whatsAppFixtures, 'msgstore.db.crypt15')),
  ];
}

async function listed(path: string): Promise<unknown[]> {
  const { code, stdout } = await custody('items', '--case', path, '--json');
  expect(code).toBe(0);
  return readLines<Record<string, unknown>>(stdout).map(({ leaf, ...item }) => item);
}

function client(): { bucket: string; s3: Client } {
  const url = new URL(server ?? '');
  const place = { endPoint: url.hostname, port: Number(url.port), useSSL: false, region: 'us-east-1' };
  return {
    bucket: url.pathname.slice(1),
    s3: new Client({ ...place, accessKey: url.username, secretKey: url.password }),
  };
}

async function objects(under: string): Promise<string[]> {
  const { s3, bucket } = client();
  const names: string[] = [];
  for await (const object of s3.listObjectsV2(bucket, `${prefix}/${under}`, true)) {
    names.push((object as { name: string }).name);
  }
  return names.sort();
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'custody-s3-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe.skipIf(server === undefined)('a case on S3', () => {
  it('is made, takes a capture in and decodes it', async () => {
    const codes = (await makeCase(location)).map(({ code, stderr }) => [code, stderr]);
    expect(
      codes.map(([code]) => code),
      JSON.stringify(codes),
    ).toEqual([0, 0, 0]);
  });

  it('has the items of the same case in a directory', async () => {
    const directory = join(home, 'directory');
    await makeCase(directory);
    const items = await listed(location);
    expect(items.length).toBeGreaterThan(100);
    expect(items).toEqual(await listed(directory));
  });

  it('has its index, and gets an equal one when that is deleted', async () => {
    expect((await custody('index', '--case', location, '--check')).code).toBe(0);
    const { s3, bucket } = client();
    const before = await objects('index/');
    await s3.removeObjects(bucket, before);
    expect((await custody('index', '--case', location, '--check')).code).toBe(3);
    const built = await custody('index', '--case', location, '--json');
    expect(JSON.parse(built.stdout)).toMatchObject({ existed: 0, missing: 0, different: [] });
    expect(await objects('index/')).toEqual(before);
    expect((await custody('index', '--case', location, '--check')).code).toBe(0);
  });

  it('verifies, with and without keys', async () => {
    for (const keys of [[], ['--no-keys']]) {
      const { code, stdout } = await custody('verify', location, ...keys, '--json');
      expect(JSON.parse(stdout)).toMatchObject({ ok: true, failures: [] });
      expect(code).toBe(0);
    }
  });

  it('does not verify once an object was replaced, and says which', async () => {
    const { s3, bucket } = client();
    const name = (await objects('leaves/'))[0] as string;
    const chunks: Buffer[] = [];
    for await (const chunk of await s3.getObject(bucket, name)) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await s3.putObject(bucket, name, bytes);
    const { code, stdout } = await custody('verify', location, '--no-keys', '--json');
    expect(code).toBe(3);
    const { failures } = JSON.parse(stdout) as { failures: { object: string }[] };
    expect(failures.map(({ object }) => `${prefix}/${object}`)).toContain(name);
  });

  it('answers a server that is away with exit code 5', async () => {
    const away = { ...env, CUSTODY_S3_ENDPOINT: 'http://127.0.0.1:9' };
    const { code, stderr } = await runCustody(['status', '--case', location], { home, env: away });
    expect(code).toBe(5);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
