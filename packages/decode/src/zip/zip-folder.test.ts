import { utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeZip } from '../formats/threema/testing/make-threema.ts';
import type { SuppliedKey } from '../keyring.ts';
import { MemoryScratch } from '../testing/memory-scratch.ts';
import { memorySource } from '../testing/memory-source.ts';
import { openZipFolder } from './index.ts';

const CONTENT = [
  ['export/', ''],
  ['export/chat.txt', 'a line of text\n'.repeat(50)],
  ['export/photos/1.jpg', 'picture'],
  ['windows\\style.txt', 'w'],
] as const;

async function opened(zip: Uint8Array, keys: readonly SuppliedKey[] = []) {
  const scratch = new MemoryScratch();
  const folder = await openZipFolder({ name: 'a.zip', source: memorySource(zip) }, { scratch, keyring: { keys } });
  const files = folder?.files.map(({ name, offset, length, unpacked }) => {
    const from = unpacked === null ? memorySource(zip) : scratch.open(unpacked);
    return [name, utf8DecodeLossy(from.read(offset, length))];
  });
  return { folder, files, scratch, codes: folder?.findings.map(({ code, class: kind }) => [code, kind]) };
}

const WHOLE = [
  ['a.zip!zip/export/chat.txt', 'a line of text\n'.repeat(50)],
  ['a.zip!zip/export/photos/1.jpg', 'picture'],
  ['a.zip!zip/windows/style.txt', 'w'],
];
const zipKey = (passphrase: string): SuppliedKey => ({ for: 'zip', passphrase, source: 'k' });

it.each<[string, { password: string | null; level?: number }, SuppliedKey[]]>([
  ['packed', { password: null }, []],
  ['stored, which nothing is unpacked of', { password: null, level: 0 }, []],
  ['encrypted, with its password among others', { password: 'p' }, [zipKey('q'), zipKey('p')]],
])('gives the files of a ZIP that is %s', async (_what, options, keys) => {
  const { files, codes, folder, scratch } = await opened(await makeZip(CONTENT, options), keys);
  expect({ files, codes }).toEqual({ files: WHOLE, codes: [] });
  expect(folder?.files.every(({ unpacked }) => unpacked === null)).toBe(options.level === 0);
  folder?.discard();
  expect(scratch.kept).toBe(0);
});

it('says what cannot be read, and of each member why', async () => {
  const locked = await opened(await makeZip(CONTENT, { password: 'p' }), [zipKey('another')]);
  expect(locked).toMatchObject({ files: [], codes: Array(3).fill(['KEY_MISSING', 'lost']) });
  const zip = await makeZip(CONTENT, { password: null, level: 0 });
  const at = Buffer.from(zip).indexOf('picture');
  zip[at] = 0x50;
  const changed = await opened(zip);
  expect(changed.codes).toEqual([['UNIT_UNVERIFIED', 'doubt']]);
  expect(changed.files?.[1]).toEqual(['a.zip!zip/export/photos/1.jpg', 'Picture']);
});

it('is null for what is no ZIP or has no files, and nothing breaks it', async () => {
  expect((await opened(utf8Encode('PK nothing'))).folder).toBe(null);
  expect((await opened(await makeZip([['only/', '']], { password: null }))).folder).toBe(null);
  const zip = await makeZip(CONTENT, { password: null });
  await fc.assert(
    fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 0, max: 255 }), fc.boolean(), async (at, byte, cut) => {
      const bad = cut ? zip.slice(0, at) : zip.with(at, byte);
      const { folder, files } = await opened(bad);
      const lost = folder?.findings.length ?? 1;
      expect((files?.length ?? 0) + lost).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});
