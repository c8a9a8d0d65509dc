import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDirectoryVault } from './directory-vault.ts';
import { probeVault } from './probe-vault.ts';
import type { Vault } from './vault.ts';

let folder = '';
let sound: Vault;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probe-'));
  sound = await openDirectoryVault(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** A vault with one fault, as servers have them. */
function faulty(fault: Partial<Vault>): Vault {
  const { location } = sound;
  const plain: Vault = {
    location,
    create: (name, data) => sound.create(name, data),
    createFromStream: (name, chunks) => sound.createFromStream(name, chunks),
    read: (name, range) => sound.read(name, range),
    readStream: (name, range) => sound.readStream(name, range),
    info: (name) => sound.info(name),
    list: (prefix) => sound.list(prefix),
    destroy: (name) => sound.destroy(name),
    replace: (name, data) => sound.replace(name, data),
    remove: (name) => sound.remove(name),
  };
  return { ...plain, ...fault };
}

async function broken(vault: Vault): Promise<string[]> {
  const report = await probeVault(vault);
  expect(report.fit).toBe(false);
  return [...new Set(report.checks.filter((c) => !c.kept).map((c) => c.promise))];
}

it('finds a store that ignores the condition', async () => {
  const create: Vault['create'] = async (name, data) => {
    await sound.create(name, data);
    return 'created';
  };
  expect(await broken(faulty({ create }))).toContain('Of 8 who create one name at once, exactly one succeeds.');
});

it('finds a store that keeps the wrong bytes', async () => {
  const read: Vault['read'] = async (name) => (await sound.read(name)).toReversed();
  expect(await broken(faulty({ read }))).toEqual(['What is read back is what the one who succeeded wrote.']);
});

it('finds a list that lags', async () => {
  expect(await broken(faulty({ list: () => sound.list('nothing-here') }))).toHaveLength(1);
});

it('finds a store that does not destroy', async () => {
  expect(await broken(faulty({ destroy: async () => {} }))).toContain('A destroyed object is empty at once.');
});
