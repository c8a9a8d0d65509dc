import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'minio';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LockTerms, PinnedVault } from './pinned-vault.ts';
import { openPinnedVault, openVault, readBucketTraits } from './vault-location.ts';

const server = process.env.CUSTODY_TEST_S3;
if (server === undefined) console.warn('skipped: originals in a bucket of their own: $CUSTODY_TEST_S3 is not set');

const MIB = 1024 * 1024;
const url = new URL(server ?? 'http://key:secret@127.0.0.1:1/none');
const environment = {
  CUSTODY_S3_ENDPOINT: url.origin,
  CUSTODY_S3_ACCESS_KEY: url.username,
  CUSTODY_S3_SECRET_KEY: url.password,
};
const minio = new Client({
  endPoint: url.hostname,
  port: Number(url.port),
  useSSL: false,
  accessKey: url.username,
  secretKey: url.password,
  region: 'us-east-1',
});
const locked = `locked-${randomBytes(6).toString('hex')}`;
const plain = (): string => `s3:/${url.pathname}/pinned-${randomBytes(6).toString('hex')}`;
const TERMS: LockTerms = { mode: 'GOVERNANCE', days: 2, hold: true };

function open(location: string, terms: LockTerms | null = TERMS, bucket = locked): Promise<PinnedVault> {
  const prefix = location.slice(location.lastIndexOf('/') + 1);
  return openPinnedVault(location, { originals: `s3://${bucket}/${prefix}`, terms }, environment);
}

async function* pieces(bytes: Uint8Array, size = MIB): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(server === undefined)('originals in a bucket of their own', () => {
  beforeAll(() => minio.makeBucket(locked, 'us-east-1', { ObjectLocking: true }));

  it('tells plain buckets from those that can lock', async () => {
    expect(await readBucketTraits(`s3:/${url.pathname}`, environment)).toEqual({
      versioned: false,
      lock: false,
      defaultRetention: false,
    });
    expect(await readBucketTraits(`s3://${locked}`, environment)).toEqual({
      versioned: true,
      lock: true,
      defaultRetention: false,
    });
    await expect(readBucketTraits('s3://no-such-bucket-here', environment)).rejects.toMatchObject({
      code: 'STORE_REFUSED',
    });
  });

  it.each([0, 5, 17 * MIB])('stores %i bytes there, locked, and reads them by version', async (size) => {
    const location = plain();
    const vault = await open(location);
    const bytes = randomBytes(size);
    const stored = await vault.createFromStream('originals/ab', pieces(bytes));
    expect([stored.result, stored.length, Buffer.from(stored.sha256).toString('hex')]).toEqual([
      'created',
      size,
      hex(bytes),
    ]);
    expect(bytes.equals(Buffer.concat(await collect(vault.readStream('originals/ab'))))).toBe(true);
    expect(await vault.info('originals/ab')).toEqual({ name: 'originals/ab', length: size });
    expect((await collect(vault.list(''))).map(({ name }) => name)).toEqual(['originals/ab', 'originals/ab.pin']);
    const lock = await vault.lockOf('originals/ab');
    expect(lock).toMatchObject({ mode: 'GOVERNANCE', hold: true });
    expect((lock?.until ?? 0) - Date.now()).toBeGreaterThan(1.9 * 86_400_000);
    // Nothing but the pin is in the plain bucket, and no marker is left.
    expect((await collect((await openVault(location, environment)).list(''))).map(({ name }) => name)).toEqual([
      'originals/ab.pin',
    ]);
    const again = await (await open(location)).createFromStream('originals/ab', pieces(randomBytes(9)));
    expect([again.result, Buffer.from(again.sha256).toString('hex')]).toEqual(['exists', hex(bytes)]);
    await vault.create('secrets/1', bytes.subarray(0, 3));
    expect((await vault.read('secrets/1')).length).toBe(Math.min(3, size));
    expect(await collect(vault.alarms())).toEqual([]);
  });

  it.each([3, 17 * MIB])('has one original where several store %i bytes at once', async (size) => {
    const location = plain();
    const bodies = Array.from({ length: 3 }, () => randomBytes(size));
    const stored = await Promise.all(
      bodies.map(async (body) => (await open(location)).createFromStream('originals/ab', pieces(body))),
    );
    expect(stored.filter(({ result }) => result === 'created')).toHaveLength(1);
    const winner = bodies[stored.findIndex(({ result }) => result === 'created')] as Buffer;
    const vault = await open(location);
    expect(new Set(stored.map(({ sha256 }) => Buffer.from(sha256).toString('hex')))).toEqual(new Set([hex(winner)]));
    expect(winner.equals(await vault.read('originals/ab'))).toBe(true);
    expect(await collect(vault.alarms())).toEqual([]);
  });

  it('reads the pinned version whatever is put on top, and raises the alarm', async () => {
    const vault = await open(plain());
    await vault.create('originals/ab', Buffer.from('what was found'));
    const pin = await vault.pinOf('originals/ab');
    await minio.putObject(locked, pin?.key ?? '', 'something else');
    await minio.removeObject(locked, pin?.key ?? '');
    expect(Buffer.from(await vault.read('originals/ab')).toString()).toBe('what was found');
    const alarms = await collect(vault.alarms());
    expect(alarms.map(({ code, severity }) => [code, severity])).toEqual([
      ['VERSION_ON_TOP', 'failure'],
      ['VERSION_ON_TOP', 'failure'],
    ]);
  });

  it('tells of a lock that was taken off', async () => {
    const vault = await open(plain());
    await vault.create('originals/ab', Buffer.from('x'));
    const { key = '', version = '' } = (await vault.pinOf('originals/ab')) ?? {};
    await minio.setObjectLegalHold(locked, key, { status: 'OFF', versionId: version });
    expect((await collect(vault.alarms())).map(({ code }) => code)).toEqual(['HOLD_LIFTED']);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const retention = {
      mode: 'GOVERNANCE' as const,
      retainUntilDate: until,
      versionId: version,
      governanceBypass: true,
    };
    await minio.putObjectRetention(locked, key, retention);
    expect((await collect(vault.alarms())).map(({ code }) => code)).toEqual(['LOCK_WEAKENED']);
    await minio.removeObject(locked, key, { versionId: version, governanceBypass: true });
    expect((await collect(vault.alarms())).map(({ code }) => code)).toEqual(['VERSION_MISSING']);
    await expect(vault.read('originals/ab')).rejects.toMatchObject({ family: 'integrity', code: 'OBJECT_MISSING' });
  });

  it('says that a locked object cannot be destroyed, and destroys one that is free', async () => {
    const vault = await open(plain());
    await vault.create('originals/ab', Buffer.from('x'));
    await expect(vault.destroy('originals/ab')).rejects.toMatchObject({ family: 'usage', code: 'STORE_LOCKED' });
    expect((await vault.read('originals/ab')).length).toBe(1);
    const free = await open(plain(), null);
    await free.create('originals/ab', Buffer.from('x'));
    expect(await free.lockOf('originals/ab')).toBeNull();
    await free.destroy('originals/ab');
    expect(await free.info('originals/ab')).toEqual({ name: 'originals/ab', length: 0 });
    expect((await free.read('originals/ab')).length).toBe(0);
    expect(await free.create('originals/ab', Buffer.from('late'))).toBe('exists');
  });

  it('works with a bucket that has neither lock nor versions', async () => {
    const bucket = `free-${randomBytes(6).toString('hex')}`;
    await minio.makeBucket(bucket, 'us-east-1');
    const vault = await open(plain(), null, bucket);
    const bytes = randomBytes(17 * MIB);
    expect((await vault.createFromStream('originals/ab', pieces(bytes))).result).toBe('created');
    expect(hex(await vault.read('originals/ab'))).toBe(hex(bytes));
    expect(await collect(vault.alarms())).toEqual([]);
    const refused = await open(plain(), TERMS, bucket);
    await expect(refused.create('originals/ab', bytes)).rejects.toMatchObject({ family: expect.any(String) });
  });
});
