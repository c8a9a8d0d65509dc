import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDirectoryVault } from './directory-vault.ts';
import { probeVault } from './probe-vault.ts';
import type { ObjectInfo, Vault } from './vault.ts';
import { openVault } from './vault-location.ts';

interface Candidate {
  readonly kind: string;
  open(): Promise<Vault>;
  close(): Promise<void>;
}

function directoryCandidate(): Candidate {
  let folder = '';
  return {
    kind: 'directory',
    async open() {
      folder = await mkdtemp(join(tmpdir(), 'vault-'));
      return openDirectoryVault(join(folder, 'a', 'b'));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const testServer = process.env.CUSTODY_TEST_S3;
if (testServer === undefined) console.warn('skipped: the S3 vault: $CUSTODY_TEST_S3 is not set');

/** $CUSTODY_TEST_S3 is `http://key:secret@host:port/bucket`; every run has a prefix of its own. */
function s3Candidate(server: string): Candidate {
  const url = new URL(server);
  return {
    kind: 'S3 bucket',
    open: () =>
      openVault(`s3://${url.pathname.slice(1)}/test-${randomBytes(6).toString('hex')}`, {
        CUSTODY_S3_ENDPOINT: url.origin,
        CUSTODY_S3_ACCESS_KEY: url.username,
        CUSTODY_S3_SECRET_KEY: url.password,
      }),
    close: async () => {},
  };
}

const candidates = [directoryCandidate(), ...(testServer === undefined ? [] : [s3Candidate(testServer)])];

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function names(list: AsyncIterable<ObjectInfo>): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of list) found.push(name);
  return found;
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe.each(candidates)('a vault in a $kind', (candidate) => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await candidate.open();
  });
  afterAll(() => candidate.close());

  it('is empty before the first object', async () => {
    expect(await names(vault.list(''))).toEqual([]);
    expect(await vault.info('nothing')).toBeNull();
    await expect(vault.read('nothing')).rejects.toMatchObject({ family: 'integrity', code: 'OBJECT_MISSING' });
    await expect(collect(vault.readStream('nothing'))).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
  });

  it('creates once and keeps the first bytes', async () => {
    expect(await vault.create('once/a', text('first'))).toBe('created');
    expect(await vault.create('once/a', text('second'))).toBe('exists');
    expect(await vault.create('once/a', text('third'), { durable: false })).toBe('exists');
    expect(Buffer.from(await vault.read('once/a')).toString()).toBe('first');
    expect(await vault.info('once/a')).toEqual({ name: 'once/a', length: 5 });
    expect(await vault.create('once/derived', text('x'), { durable: false })).toBe('created');
    expect(await vault.create('once/empty', new Uint8Array(0))).toBe('created');
    expect((await vault.read('once/empty')).length).toBe(0);
  });

  it('has one winner among many', async () => {
    const bytes = Array.from({ length: 16 }, () => randomBytes(1000));
    const results = await Promise.all(bytes.map((data) => vault.create('race/a', data)));
    expect(results.filter((r) => r === 'created')).toHaveLength(1);
    const winner = bytes[results.indexOf('created')] as Buffer;
    expect(winner.equals(await vault.read('race/a'))).toBe(true);
  });

  it('reads ranges', async () => {
    await vault.create('range', text('0123456789'));
    const read = async (offset: number, length: number): Promise<string> =>
      Buffer.from(await vault.read('range', { offset, length })).toString();
    expect(await read(0, 10)).toBe('0123456789');
    expect(await read(3, 4)).toBe('3456');
    expect(await read(9, 1)).toBe('9');
    expect(await read(10, 0)).toBe('');
    expect((await collect(vault.readStream('range', { offset: 2, length: 3 }))).toString()).toBe('234');
    await expect(read(8, 3)).rejects.toMatchObject({ family: 'integrity', code: 'OBJECT_SHORT' });
    await expect(read(11, 0)).rejects.toMatchObject({ code: 'OBJECT_SHORT' });
    await expect(read(-1, 1)).rejects.toMatchObject({ family: 'usage', code: 'RANGE_INVALID' });
    await expect(read(0, 1.5)).rejects.toMatchObject({ code: 'RANGE_INVALID' });
  });

  it.each([0, 1, 70_000, 3_000_000])('stores a stream of %i bytes and says its hash', async (size) => {
    const bytes = randomBytes(size);
    const sha256 = createHash('sha256').update(bytes).digest();
    const first = await vault.createFromStream(`stream/${size}`, pieces(bytes, 65_537));
    expect({ ...first, sha256: Buffer.from(first.sha256) }).toEqual({ result: 'created', length: size, sha256 });
    const second = await vault.createFromStream(`stream/${size}`, pieces(randomBytes(5), 5));
    expect({ ...second, sha256: Buffer.from(second.sha256) }).toEqual({ result: 'exists', length: size, sha256 });
    expect(bytes.equals(await collect(vault.readStream(`stream/${size}`)))).toBe(true);
  });

  it('stores nothing of a stream that fails', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield text('some');
      throw Object.assign(new Error('the capture is gone'), { code: 'ENOSPC' });
    }
    await expect(vault.createFromStream('failed', failing())).rejects.toThrow('the capture is gone');
    expect(await vault.info('failed')).toBeNull();
    expect(await names(vault.list('failed'))).toEqual([]);
  });

  it('lists by prefix in the order of name bytes', async () => {
    const made = ['order/a-b', 'order/a.b', 'order/a/b', 'order/a0', 'order/ab', 'order/10', 'order/9', 'order/a_b'];
    for (const name of made) await vault.create(name, text(name));
    const sorted = made.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await names(vault.list('order/'))).toEqual(sorted);
    expect(await names(vault.list('order'))).toEqual(sorted);
    expect(await names(vault.list('order/a'))).toEqual(sorted.filter((n) => n.startsWith('order/a')));
    expect(await names(vault.list('order/a/'))).toEqual(['order/a/b']);
    expect(await names(vault.list('order/zz/y'))).toEqual([]);
  });

  it('destroys for good', async () => {
    await vault.create('gone/a', text('secret'));
    await vault.destroy('gone/a');
    expect(await vault.info('gone/a')).toEqual({ name: 'gone/a', length: 0 });
    expect((await vault.read('gone/a')).length).toBe(0);
    expect(await vault.create('gone/a', text('again'))).toBe('exists');
    await vault.destroy('gone/a');
    await vault.destroy('gone/never-was');
    expect(await vault.create('gone/never-was', text('late'))).toBe('exists');
    expect(await names(vault.list('gone/'))).toEqual(['gone/a', 'gone/never-was']);
  });

  it('replaces and removes views, and nothing else', async () => {
    await vault.replace('log/checkpoint', text('one'));
    await vault.replace('log/checkpoint', text('two'));
    expect(Buffer.from(await vault.read('log/checkpoint')).toString()).toBe('two');
    await vault.create('log/tile/0/000.p/1', text('tile'));
    await vault.remove('log/tile/0/000.p/1');
    await vault.remove('log/tile/0/000.p/1');
    expect(await names(vault.list('log/'))).toEqual(['log/checkpoint']);
    await vault.create('log/commit/0', text('truth'));
    for (const name of ['log/commit/0', 'log/tile/', 'log/tile/../commit/0', 'log/checkpoint/x', 'format']) {
      const refused = { family: 'usage', code: 'NAME_INVALID' };
      await expect(vault.replace(name, text('lie'))).rejects.toMatchObject(refused);
      await expect(vault.remove(name)).rejects.toMatchObject(refused);
    }
    expect(Buffer.from(await vault.read('log/commit/0')).toString()).toBe('truth');
  });

  it('is fit for a case', async () => {
    const report = await probeVault(vault);
    expect(report.checks.filter((check) => !check.kept)).toEqual([]);
    expect(report).toMatchObject({ location: vault.location, fit: true });
    expect(report.checks.length).toBe(11);
  });

  it.each(['', '/a', 'a/', 'a//b', '.', '..', 'a/../b', 'A', 'a b', 'ä', 'a\0', 'a\\b', '.tmp/a', 'a'.repeat(513)])(
    'refuses the name %j',
    async (name) => {
      const refused = { family: 'usage', code: 'NAME_INVALID' };
      await expect(vault.create(name, text('x'))).rejects.toMatchObject(refused);
      await expect(vault.createFromStream(name, pieces(text('x'), 1))).rejects.toMatchObject(refused);
      await expect(vault.read(name)).rejects.toMatchObject(refused);
      await expect(collect(vault.readStream(name))).rejects.toMatchObject(refused);
      await expect(vault.info(name)).rejects.toMatchObject(refused);
      await expect(vault.destroy(name)).rejects.toMatchObject(refused);
    },
  );
});
