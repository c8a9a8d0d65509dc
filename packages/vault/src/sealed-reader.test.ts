import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { generateIdentity } from './age-key.ts';
import { openDirectoryVault } from './directory-vault.ts';
import { seal } from './seal.ts';
import { openSealedFileSync } from './sealed-file.ts';
import { openSealedRange } from './sealed-range.ts';

const CHUNK = 65_536;
const SEALED = CHUNK + 16;
const folder = mkdtempSync(join(tmpdir(), 'sealed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const me = generateIdentity();

interface Opened {
  readonly length: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): void;
}

let number = 0;

/** The two readers behind one face, so that one suite holds both to the same answers. */
const readers: readonly { kind: string; open(sealed: Uint8Array): Promise<Opened> }[] = [
  {
    kind: 'a file',
    async open(sealed) {
      const path = join(folder, `file-${number++}`);
      writeFileSync(path, sealed);
      const reader = openSealedFileSync(path, [me]);
      return { length: reader.length, read: async (o, l) => reader.read(o, l), close: () => reader.close() };
    },
  },
  {
    kind: 'a vault',
    async open(sealed) {
      const vault = await openDirectoryVault(join(folder, 'vault'));
      const name = `object-${number++}`;
      await vault.create(name, sealed, { durable: false });
      const reader = await openSealedRange(vault, name, [me]);
      return { length: reader.length, read: (o, l) => reader.read(o, l), close: () => {} };
    },
  },
];

describe.each(readers)('random access to a sealed object in $kind', ({ open }) => {
  it.each([0, 1, 5000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 70 * CHUNK + 5])(
    'reads any range of %i bytes',
    async (size) => {
      const plain = randomBytes(size);
      const reader = await open(seal(plain, [me.recipient]));
      expect(reader.length).toBe(size);
      expect(plain.equals(await reader.read(0, size))).toBe(true);
      const range = fc.tuple(fc.nat(size), fc.nat(size)).map(([a, b]) => [Math.min(a, b), Math.abs(a - b)] as const);
      await fc.assert(
        fc.asyncProperty(range, async ([offset, length]) => {
          expect(plain.subarray(offset, offset + length).equals(await reader.read(offset, length))).toBe(true);
        }),
        { numRuns: 20 },
      );
      for (const [offset, length] of [
        [-1, 1],
        [0, size + 1],
        [size, 1],
        [0.5, 1],
      ] as const) {
        await expect(reader.read(offset, length)).rejects.toMatchObject({ code: 'RANGE_INVALID' });
      }
      reader.close();
    },
  );

  it('refuses a cut object when it is opened', async () => {
    const sealed = seal(randomBytes(3 * CHUNK), [me.recipient]);
    const payload = sealed.length - 3 * SEALED;
    const broken = { family: 'integrity', code: 'SEAL_BROKEN' };
    for (const length of [0, 10, payload - 1, payload, payload + SEALED, payload + 2 * SEALED, sealed.length - 1]) {
      await expect(open(sealed.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject(broken);
    }
    await expect(open(Buffer.concat([sealed, Buffer.alloc(20)]))).rejects.toMatchObject(broken);
  });

  it('reads around a damaged chunk and never from it', async () => {
    const plain = randomBytes(3 * CHUNK);
    const sealed = seal(plain, [me.recipient]);
    const at = sealed.length - 2 * SEALED + 100;
    sealed[at] = (sealed[at] as number) ^ 1;
    const reader = await open(sealed);
    expect(plain.subarray(0, CHUNK).equals(await reader.read(0, CHUNK))).toBe(true);
    expect(plain.subarray(2 * CHUNK).equals(await reader.read(2 * CHUNK, CHUNK))).toBe(true);
    for (const offset of [CHUNK - 1, CHUNK, CHUNK + 5000]) {
      await expect(reader.read(offset, 2)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    }
    reader.close();
  });

  it('refuses swapped chunks', async () => {
    const sealed = seal(randomBytes(3 * CHUNK), [me.recipient]);
    const start = sealed.length - 3 * SEALED;
    const first = Uint8Array.from(sealed.subarray(start, start + SEALED));
    sealed.copyWithin(start, start + SEALED, start + 2 * SEALED);
    sealed.set(first, start + SEALED);
    const reader = await open(sealed);
    await expect(reader.read(0, 1)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    await expect(reader.read(CHUNK, 1)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    reader.close();
  });

  it('says so when it was sealed to others', async () => {
    await expect(open(seal(randomBytes(9), [generateIdentity().recipient]))).rejects.toMatchObject({
      code: 'SEALED_TO_OTHERS',
    });
  });
});

it('opens an object with many recipients, whose header is longer than the first read', async () => {
  const plain = randomBytes(100);
  const others = Array.from({ length: 300 }, () => generateIdentity().recipient);
  const vault = await openDirectoryVault(join(folder, 'vault'));
  await vault.create('many', seal(plain, [...others, me.recipient]));
  const reader = await openSealedRange(vault, 'many', [me]);
  expect(plain.equals(await reader.read(0, 100))).toBe(true);
});

it('reports a missing file and a missing object', async () => {
  const missing = { family: 'integrity', code: 'OBJECT_MISSING' };
  expect(() => openSealedFileSync(join(folder, 'nothing'), [me])).toThrow(expect.objectContaining(missing));
  const vault = await openDirectoryVault(join(folder, 'vault'));
  await expect(openSealedRange(vault, 'nothing', [me])).rejects.toMatchObject(missing);
});

it('fills memory of the caller, and what was handed out before holds', () => {
  const plain = randomBytes(12 * CHUNK + 5);
  const path = join(folder, `file-${number++}`);
  writeFileSync(path, seal(plain, [me.recipient]));
  const reader = openSealedFileSync(path, [me]);
  const view = reader.read(2 * CHUNK + 1, 100);
  const room = new Uint8Array(11 * CHUNK);
  for (const offset of [0, 1, CHUNK, CHUNK + 5]) {
    reader.readInto(offset, room);
    expect(plain.subarray(offset, offset + room.length).equals(room)).toBe(true);
  }
  expect(plain.subarray(2 * CHUNK + 1, 2 * CHUNK + 101).equals(view)).toBe(true);
  reader.readInto(5, room.subarray(0, 0));
  expect(() => reader.readInto(CHUNK + 6, room)).toThrow(expect.objectContaining({ code: 'RANGE_INVALID' }));
  reader.close();
});
