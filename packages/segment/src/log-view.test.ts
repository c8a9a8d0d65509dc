import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { type Checkpoint, encodeCheckpoint, readCheckpoint, readNote, signNote, verifierKey } from '@custody/chain';
import { generateIdentity, openDirectoryVault, openVault, type Vault } from '@custody/vault';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signerFromSeed } from './ed25519.ts';
import { draftEvent } from './event.ts';
import { Ledger } from './ledger.ts';

const log = signerFromSeed(new Uint8Array(32).fill(1));
const actor = signerFromSeed(new Uint8Array(32).fill(2));
const logKey = verifierKey('lab.example/view', log.publicKey);
const signers = { log, actor, eventRecipients: [generateIdentity().recipient] };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-view-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const events = (count: number) =>
  Array.from({ length: count }, (_, i) => draftEvent('access', { reason: `look ${i}` }, { time: 1_700_000_000_000 }));

function published(): string[] {
  return readdirSync(join(folder, 'log'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(folder, 'log'), join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !name.startsWith('commit/'))
    .sort();
}

function checkpoint(): Checkpoint {
  return readCheckpoint(readNote(readFileSync(join(folder, 'log/checkpoint'))).text);
}

describe('the published view of a log', () => {
  it('has the tiles and the checkpoint of every commit', async () => {
    const ledger = await Ledger.open(await openDirectoryVault(folder), logKey);
    await ledger.append(events(3), [], signers);
    await ledger.append(events(2), [], signers);
    expect(published()).toEqual([
      'checkpoint',
      'tile/0/000.p/3',
      'tile/0/000.p/5',
      'tile/entries/000.p/3',
      'tile/entries/000.p/5',
    ]);
    expect(checkpoint()).toMatchObject({ size: 5n, root: ledger.root() });
    const hashes = Buffer.concat(ledger.entries.map((entry) => entry.leafHash));
    expect(readFileSync(join(folder, 'log/tile/0/000.p/5'))).toEqual(hashes);
  });

  it('drops partial tiles when the full one stands', async () => {
    const ledger = await Ledger.open(await openDirectoryVault(folder), logKey);
    await ledger.append(events(250), [], signers);
    await ledger.append(events(10), [], signers);
    expect(published()).toEqual([
      'checkpoint',
      'tile/0/000',
      'tile/0/001.p/4',
      'tile/1/000.p/1',
      'tile/entries/000',
      'tile/entries/001.p/4',
    ]);
  });

  it('is made again after it was lost, and whole after a crash between commit and publishing', async () => {
    const vault = await openDirectoryVault(folder);
    const ledger = await Ledger.open(vault, logKey);
    for (const count of [3, 250, 10]) await ledger.append(events(count), [], signers);
    const whole = published();
    for (const name of ['tile', 'checkpoint']) rmSync(join(folder, 'log', name), { recursive: true });
    expect(await (await Ledger.open(vault, logKey)).restoreView()).toBe(whole.length);
    expect(published()).toEqual(whole);
    expect(await (await Ledger.open(vault, logKey)).restoreView()).toBe(0);
    rmSync(join(folder, 'log/tile/0/000'));
    expect(await (await Ledger.open(vault, logKey)).restoreView()).toBe(1);
  });

  it('is no reason for a commit to fail', async () => {
    const sound = await openDirectoryVault(folder);
    let away = false;
    const vault: Vault = Object.assign(Object.create(sound) as Vault, {
      create: (name: string, data: Uint8Array) =>
        away && name.startsWith('log/tile') ? sound.create('\0', data) : sound.create(name, data),
      read: (name: string) => sound.read(name),
      holds: undefined,
      info: (name: string) => sound.info(name),
      replace: (name: string, data: Uint8Array) => sound.replace(name, data),
    });
    const ledger = await Ledger.open(vault, logKey);
    away = true;
    await ledger.append(events(2), [], signers);
    expect(ledger.unpublished).toMatchObject({ code: 'NAME_INVALID' });
    expect(published()).toEqual([]);
    away = false;
    await ledger.append(events(1), [], signers);
    expect(ledger.unpublished).toBeNull();
    expect(published()).toContain('tile/0/000.p/2');
    expect(checkpoint().size).toBe(3n);
  });

  it('never goes back when several processes commit', async () => {
    const ledgers = await Promise.all(
      Array.from({ length: 4 }, async () => Ledger.open(await openDirectoryVault(folder), logKey)),
    );
    await Promise.all(
      ledgers.map(async (ledger) => {
        for (let i = 0; i < 4; i++) await ledger.append(events(1), [], signers);
      }),
    );
    expect(checkpoint().size).toBe(16n);
    const fresh = await Ledger.open(await openVault(folder), logKey);
    expect(await fresh.restoreView()).toBe(0);
  });
});

describe('a log that published more than it holds', () => {
  it('signs nothing on top of a cut-off end', async () => {
    const ledger = await Ledger.open(await openDirectoryVault(folder), logKey);
    await ledger.append(events(2), [], signers);
    await ledger.append(events(1), [], signers);
    rmSync(join(folder, 'log/commit/2'));
    const cut = await Ledger.open(await openDirectoryVault(folder), logKey);
    await expect(cut.append(events(1), [], signers)).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK' });
    await expect(cut.restoreView()).rejects.toMatchObject({ code: 'LOG_ROLLED_BACK' });
    expect(readdirSync(join(folder, 'log/commit'))).toEqual(['0']);
  });

  it('signs nothing beside another history', async () => {
    const ledger = await Ledger.open(await openDirectoryVault(folder), logKey);
    await ledger.append(events(2), [], signers);
    const text = encodeCheckpoint({ origin: ledger.origin, size: 2n, root: new Uint8Array(32).fill(9) });
    rmSync(join(folder, 'log/checkpoint'));
    writeFileSync(join(folder, 'log/checkpoint'), signNote(text, ledger.origin, log));
    const other = await Ledger.open(await openDirectoryVault(folder), logKey);
    await expect(other.append(events(1), [], signers)).rejects.toMatchObject({ code: 'LOG_FORKED' });
  });

  it('makes a damaged checkpoint again, for it is derived', async () => {
    const ledger = await Ledger.open(await openDirectoryVault(folder), logKey);
    await ledger.append(events(2), [], signers);
    rmSync(join(folder, 'log/checkpoint'));
    writeFileSync(join(folder, 'log/checkpoint'), 'nonsense');
    await (await Ledger.open(await openDirectoryVault(folder), logKey)).append(events(1), [], signers);
    expect(checkpoint().size).toBe(3n);
  });
});
