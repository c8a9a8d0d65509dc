import { concatBytes, utf8Encode } from '@custody/bytes';
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../testing/memory-source.ts';
import { listMembers, memberLabel, UNPACK_LIMITS, type UnpackLimits, unpackMember } from './index.ts';

configure({ useWebWorkers: false });

type Content = readonly (readonly [name: string, content: Uint8Array])[];

/** Written by zip.js, which shares no code with the reader. */
async function written(content: Content, options: ZipWriterAddDataOptions = {}): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  for (const [name, bytes] of content) await writer.add(name, new Uint8ArrayReader(bytes), options);
  return writer.close();
}

async function unpackAll(bytes: Uint8Array, password: string | null = null, limits: UnpackLimits = UNPACK_LIMITS) {
  const zip = memorySource(bytes);
  const { members, from, problems } = listMembers(zip);
  const found: [string, string, number][] = [];
  for (const member of members) {
    const parts: Uint8Array[] = [];
    const { end } = await unpackMember(zip, member, {
      password,
      limits,
      onBytes: (piece) => parts.push(piece.slice()),
    });
    found.push([memberLabel(member), end, concatBytes(parts).length]);
  }
  return { from, problems, found };
}

const TWO: Content = [
  ['a.txt', utf8Encode('first '.repeat(100))],
  ['b.txt', utf8Encode('second')],
];

describe('members of a ZIP', () => {
  it.each([
    ['deflated', {}, null],
    ['stored', { level: 0 }, null],
    ['with ZIP64 fields', { zip64: true }, null],
    ['with sizes in front', { dataDescriptor: false }, null],
    ['AES-256', { password: 'p', encryptionStrength: 3 }, 'p'],
    ['AES-128 with ZIP64 fields', { password: 'p', encryptionStrength: 1, zip64: true }, 'p'],
  ] as const)('%s', async (_what, options, password) => {
    const { from, problems, found } = await unpackAll(await written(TWO, options), password);
    expect({ from, problems }).toEqual({ from: 'directory', problems: [] });
    expect(found).toEqual([
      ['a.txt', 'whole', 600],
      ['b.txt', 'whole', 6],
    ]);
  });

  it.each([
    ['with descriptors', { dataDescriptor: true }],
    ['with sizes in front', { dataDescriptor: false }],
  ])('are found without the directory, %s', async (_what, options) => {
    const bytes = await written(TWO, options);
    const directory = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    const { from, problems, found } = await unpackAll(bytes.subarray(0, directory));
    expect(from).toBe('headers');
    expect(problems).toHaveLength(1);
    expect(found.map(([name, end]) => [name, end])).toEqual([
      ['a.txt', 'whole'],
      ['b.txt', 'whole'],
    ]);
  });

  it('without the password, with another one, and encrypted in an old way', async () => {
    const sealed = await written(TWO, { password: 'p', encryptionStrength: 3 });
    expect((await unpackAll(sealed)).found.map(([, end, length]) => [end, length])).toEqual([
      ['password', 0],
      ['password', 0],
    ]);
    expect((await unpackAll(sealed, 'q')).found[0]?.[1]).toBe('password');
    const old = await written(TWO, { password: 'p', zipCrypto: true });
    expect((await unpackAll(old, 'p')).found[0]?.[1]).toBe('method');
  });

  it('a changed ciphertext gives not one byte', async () => {
    const sealed = await written([['a', new Uint8Array(5000)]], { password: 'p', encryptionStrength: 3, level: 0 });
    sealed[2000] = (sealed[2000] as number) ^ 1;
    expect((await unpackAll(sealed, 'p')).found).toEqual([['a', 'code', 0]]);
  });

  it('a bomb stops at the limit', async () => {
    const bomb = await written([['a', new Uint8Array(8 * 2 ** 20)]]);
    const limits = { bytes: 2 ** 30, ratio: 10, free: 2 ** 20 };
    const [[, end, length] = ['', '', 0]] = (await unpackAll(bomb, null, limits)).found;
    expect(end).toBe('limit');
    expect(length).toBeLessThanOrEqual(2 ** 20 + 10 * bomb.length);
  });

  it('survives anything', async () => {
    const good = await written(TWO);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(good.length),
        async (changes, cut) => {
          const bytes = good.slice(0, cut);
          for (const [at, byte] of changes) if (at < cut) bytes[at] = byte;
          for (const [, end] of (await unpackAll(bytes, 'p')).found) expect(end).toBeTypeOf('string');
        },
      ),
      { numRuns: process.env.CUSTODY_LONG === '1' ? 20_000 : 300 },
    );
  });
});
