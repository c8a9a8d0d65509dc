import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Place, whatsAppFixtures } from './fixture-case.ts';
import { type Run, runCustody } from './run-custody.ts';

const server = process.env.CUSTODY_TEST_S3;
if (server === undefined) console.warn('skipped: originals in a locked bucket: $CUSTODY_TEST_S3 is not set');

const prefix = `originals-${randomBytes(6).toString('hex')}`;
const { location, env } = s3Place(server ?? 'http://-', prefix);
const locked = `locked-${randomBytes(6).toString('hex')}`;
const url = new URL(server ?? 'http://key:secret@127.0.0.1:1/-');
const minio = new Client({
  endPoint: url.hostname,
  port: Number(url.port),
  useSSL: false,
  accessKey: url.username,
  secretKey: url.password,
  region: 'us-east-1',
});
const CAPTURE = ['--warrant', 'W-2024-017', '--keys', join(whatsAppFixtures, 'keyring.json'), '--threads', '1'];
let home = '';

function custody(...args: string[]): Promise<Run> {
  return runCustody(args, { home, env });
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await custody(...args, '--json');
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

interface Stored {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly lock: { readonly mode: string; readonly until: number; readonly hold: boolean } | null;
}

async function storedOriginal(path: string): Promise<Stored> {
  const status = await json<{ captures: { stored: Stored }[] }>('status', '--case', path);
  return status.captures[0]?.stored as Stored;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'custody-originals-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe.skipIf(server === undefined)('a case whose originals have a bucket with Object Lock', () => {
  it('locks the original, records its version and verifies', async () => {
    const made = ['--originals', `s3://${locked}/${prefix}`, '--retain-days', '3', '--create-buckets'];
    const init = await json<{ originals: unknown }>('init', '--case', location, ...made);
    const lock = { mode: 'GOVERNANCE', days: 3, hold: true };
    expect(init.originals).toEqual({ location: `s3://${locked}/${prefix}`, lock });
    await json('warrant', '--case', location, 'add', join(whatsAppFixtures, 'warrant.json'));
    await json('ingest', '--case', location, ...CAPTURE, join(whatsAppFixtures, 'msgstore.db.crypt15'));
    const stored = await storedOriginal(location);
    expect(stored).toMatchObject({ bucket: locked, lock: { mode: 'GOVERNANCE', hold: true } });
    expect((stored.lock?.until ?? 0) - Date.now()).toBeGreaterThan(2.9 * 86_400_000);
    expect(await json('verify', location, '--no-keys')).toMatchObject({ ok: true, failures: [] });
    expect(
      await json('verify', location, '--rederive', '--keys', join(whatsAppFixtures, 'keyring.json')),
    ).toMatchObject({ ok: true, rederived: [{ equal: true }] });
  });

  it('has a server that refuses to remove the version, and holds no secret there', async () => {
    const { key, version } = await storedOriginal(location);
    await expect(minio.removeObject(locked, key, { versionId: version })).rejects.toThrow();
    const names: string[] = [];
    for await (const object of minio.listObjectsV2(locked, `${prefix}/`, true)) {
      names.push((object as { name: string }).name);
    }
    expect(names).toEqual([key]);
    expect(key.startsWith(`${prefix}/originals/`)).toBe(true);
  });

  it('tells an order to destroy of the lock before anything is done: exit 4, and all stands as it stood', async () => {
    const status = await json<{ captures: { capture: string }[] }>('status', '--case', location);
    const captures = status.captures.map(({ capture }) => capture);
    const terms = { id: 'O-1', reference: 'Order 1', issuedBy: 'Court of Example', reason: 'privilege' };
    const order = join(home, 'order.json');
    await writeFile(order, JSON.stringify({ ...terms, mode: 'original', captures }));
    const { key } = await storedOriginal(location);
    const name = key.slice(prefix.length + 1, key.lastIndexOf('/'));
    const plan = await json<{ conflicts: unknown }>('expunge', '--case', location, '--order', order, '--plan');
    expect(plan.conflicts).toEqual([{ object: name, why: expect.stringMatching(/^Object Lock, .+; legal hold$/) }]);
    const { code, stderr } = await custody('expunge', '--case', location, '--order', order);
    expect([code, stderr]).toEqual([4, expect.stringContaining('Nothing was destroyed')]);
    expect(await json('verify', location)).toMatchObject({ ok: true, failures: [] });
    expect(await json('status', '--case', location)).toMatchObject({ expungements: [] });
  });

  it('reads the pinned version when another is put on top, and verify says so with exit code 3', async () => {
    const { key } = await storedOriginal(location);
    await minio.putObject(locked, key, 'another capture');
    const { code, stdout } = await custody('verify', location, '--json');
    expect(code).toBe(3);
    const { failures } = JSON.parse(stdout) as { failures: { code: string }[] };
    expect(failures.map((failure) => failure.code)).toEqual(['VERSION_ON_TOP']);
  });

  it('refuses in words what the buckets cannot do', async () => {
    const plain = new URL(server ?? '').pathname.slice(1);
    const place = `${location}-refused`;
    const unlocked = await custody('init', '--case', place, '--originals', `s3://${plain}/${prefix}-o`);
    expect([unlocked.code, unlocked.stderr]).toEqual([1, expect.stringContaining('without Object Lock')]);
    const versioned = await custody('init', '--case', `s3://${locked}/case`);
    expect([versioned.code, versioned.stderr]).toEqual([1, expect.stringContaining('keeps versions')]);
    const local = await custody('init', '--case', join(home, 'case'), '--originals', `s3://${locked}/x`);
    expect([local.code, local.stderr]).toEqual([1, expect.stringContaining('only on S3')]);
  });
});
