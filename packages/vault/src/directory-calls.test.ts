import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@custody/bytes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDirectoryVault } from './directory-vault.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-calls-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Longer than the room that stored bytes are read back into, and no multiple of it. */
const bytes = new Uint8Array(300_001).map((_, i) => i * 7);

describe.each([{ blocking: false }, { blocking: true }])('a vault in a directory, $blocking', (options) => {
  it('creates once, reads, and leaves a read-only file', async () => {
    const vault = await openDirectoryVault(folder, options);
    expect(await vault.info('a/b')).toBeNull();
    const created = await Promise.all(Array.from({ length: 5 }, () => vault.create('a/b', bytes)));
    expect(created.sort()).toEqual(['created', 'exists', 'exists', 'exists', 'exists']);
    expect(await vault.create('c', bytes, { durable: false })).toBe('created');
    expect(Buffer.compare(await vault.read('a/b'), bytes)).toBe(0);
    expect(Buffer.compare(await vault.read('a/b', { offset: 7, length: 9 }), bytes.subarray(7, 16))).toBe(0);
    expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o400);
  });

  it('tells whether it holds bytes, and their digest', async () => {
    const vault = await openDirectoryVault(folder, options);
    await vault.create('a', bytes);
    await vault.create('empty', new Uint8Array(0));
    const others = [0, 131_072, 300_000].map((at) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)));
    const asked = [bytes, bytes.subarray(1), bytes.subarray(0, -1), new Uint8Array(0), ...others];
    const holds = await Promise.all(asked.map((one) => vault.holds?.('a', one)));
    expect(holds).toEqual([true, false, false, false, false, false, false]);
    expect(await vault.holds?.('empty', new Uint8Array(0))).toBe(true);
    expect(await vault.digest?.('a')).toEqual(Buffer.from(sha256(bytes)));
    expect(await vault.digest?.('empty')).toEqual(Buffer.from(sha256(new Uint8Array(0))));
  });

  it('has the errors of reading', async () => {
    const vault = await openDirectoryVault(folder, options);
    for (const asked of [vault.holds?.('a', bytes), vault.digest?.('a'), vault.read('a')]) {
      await expect(asked).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
    }
    await vault.create('a/b', bytes);
    await expect(vault.create('a/b/c', bytes)).rejects.toMatchObject({ code: 'NAME_CONFLICT' });
    await expect(vault.create('a', bytes)).rejects.toMatchObject({ code: 'NAME_CONFLICT' });
  });
});
