import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, openDirectoryVault, type Vault } from '@custody/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyTile } from './index-object.ts';
import { compareTile, openTile } from './open-tile.ts';
import { storeTile } from './store-tile.ts';
import { partName, tileKeyName, tileParts } from './tile-names.ts';

const evidence = generateIdentity();
const holder = [evidence.secret];
const text = (value: string) => new TextEncoder().encode(value);
const plain = { mentions: text('the mentions part'), words: text('the words part'), items: text('the items part') };
let folder = '';
let vault: Vault;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'custody-search-'));
  vault = await openDirectoryVault(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('storeTile', () => {
  it('keeps what was given, for those who hold the compartment', async () => {
    expect(await storeTile(vault, '1/0-0', plain, evidence.recipient)).toBe('stored');
    const tile = await openTile(vault, '1/0-0', holder);
    expect(await tile?.readPart('words')).toEqual(Buffer.from(plain.words));
    await expect(openTile(vault, '1/0-0', [generateIdentity().secret])).rejects.toMatchObject({
      code: 'SEALED_TO_OTHERS',
    });
    expect(await openTile(vault, '1/0-1', holder)).toBeNull();
  });

  it('has one winner among many, and all parts open with the key of that one', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, () => storeTile(vault, '2/0-0', plain, evidence.recipient)),
    );
    expect(results.filter((result) => result === 'stored')).toHaveLength(1);
    expect(await compareTile(vault, '2/0-0', plain, holder)).toBe('equal');
  });

  it('completes the tile of a maker who died, with its key', async () => {
    await storeTile(vault, '3/0-0', plain, evidence.recipient);
    const lost = partName('3/0-0', 'words');
    rmSync(vault.localPath?.(lost) as string);
    expect(await compareTile(vault, '3/0-0', plain, holder)).toBe('missing');
    expect(await storeTile(vault, '3/0-0', plain, evidence.recipient)).toBe('exists');
    expect(await compareTile(vault, '3/0-0', plain, holder)).toBe('missing');
    expect(await storeTile(vault, '3/0-0', plain, evidence.recipient, holder)).toBe('stored');
    expect(await compareTile(vault, '3/0-0', plain, holder)).toBe('equal');
    expect(await storeTile(vault, '3/0-0', plain, evidence.recipient, holder)).toBe('exists');
  });

  it('tells other content from equal content', async () => {
    await storeTile(vault, '4/0-0', plain, evidence.recipient);
    expect(await compareTile(vault, '4/0-0', { ...plain, items: text('other') }, holder)).toBe('different');
  });
});

describe('verifyTile', () => {
  it('names any object in which one byte was altered, added or cut, without a key', async () => {
    await storeTile(vault, '5/0-0', plain, evidence.recipient);
    for (const name of [tileKeyName('5/0-0'), ...tileParts.map((part) => partName('5/0-0', part))]) {
      const stored = await vault.read(name);
      verifyTile(stored, name);
      for (let at = 0; at < stored.length; at++) {
        const flipped = stored.slice();
        flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
        expect(() => verifyTile(flipped, name), `byte ${at}`).toThrow(name);
      }
      expect(() => verifyTile(stored.subarray(0, -1), name)).toThrow(name);
      expect(() => verifyTile(new Uint8Array([...stored, 0]), name)).toThrow(name);
      expect(() => verifyTile(stored.subarray(0, 20), name)).toThrow(name);
    }
  });
});
