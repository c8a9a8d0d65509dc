import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustodyError, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readZip } from './zip-read.ts';
import { writeZip } from './zip-write.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-zip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Entry {
  readonly name: string;
  readonly data?: string;
  readonly method?: number;
  readonly flags?: number;
  /** What the headers claim instead of the truth. */
  readonly size?: number;
  readonly compressedSize?: number;
}

/** A ZIP by hand (APPNOTE 4.3): local headers with data, central directory, end record. */
function zip(entries: readonly Entry[], { count = entries.length } = {}): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, data = 'x', method = 0, flags = 0x800, size, compressedSize } of entries) {
    const nameBytes = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt32LE(compressedSize ?? size ?? data.length, 14);
    shared.writeUInt32LE(size ?? data.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, nameBytes, Buffer.from(data)]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), shared, tail, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}

async function outcome(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'in.zip');
  await writeFile(path, bytes);
  return readZip(path).then(
    (members) => [...members.keys()].join(),
    (error: unknown) => {
      if (error instanceof CustodyError) return `${error.code}: ${error.message}`;
      throw error;
    },
  );
}

describe('readZip', () => {
  it('reads what writeZip wrote, and a ZIP made by hand', async () => {
    const members = new Map([
      ['b/c', utf8Encode('two')],
      ['a', new Uint8Array(0)],
    ]);
    const path = join(folder, 'good.zip');
    await writeZip(path, members);
    expect(await readZip(path)).toEqual(members);
    expect(await outcome(zip([{ name: 'a' }, { name: 'b/c' }]))).toBe('a,b/c');
  });

  it.each<[string, Buffer]>([
    ['a name that leads out', zip([{ name: '../a' }])],
    ['a name that leads out in the middle', zip([{ name: 'a/../../b' }])],
    ['an absolute name', zip([{ name: '/etc/passwd' }])],
    ['a name of another system', zip([{ name: 'C:\\a' }])],
    ['a name with a control character', zip([{ name: 'a\n' }])],
    ['a name without end', zip([{ name: 'a'.repeat(5000) }])],
    ['an empty name', zip([{ name: '' }])],
    ['a folder', zip([{ name: 'a/' }])],
    ['the same name twice', zip([{ name: 'a' }, { name: 'a' }])],
    ['a compressed member', zip([{ name: 'a', method: 8 }])],
    ['an encrypted member', zip([{ name: 'a', flags: 0x801 }])],
    ['a strongly encrypted member', zip([{ name: 'a', flags: 0x841 }])],
    ['a length beyond the file', zip([{ name: 'a', size: 0x7fffffff }])],
    ['two lengths', zip([{ name: 'a', size: 4_000_000, compressedSize: 1 }])],
    ['ZIP64 lengths without their field', zip([{ name: 'a', size: 0xffffffff }])],
    ['more members than there are', zip([{ name: 'a' }], { count: 60_000 })],
    ['a ZIP64 count without its record', zip([{ name: 'a' }], { count: 0xffff })],
    ['no byte', Buffer.alloc(0)],
    ['something else', Buffer.from('not a ZIP file at all, and longer than an end record')],
    ['a file cut short', zip([{ name: 'a' }, { name: 'b' }]).subarray(0, 90)],
  ])('refuses %s with one plain line', async (_, bytes) => {
    expect(await outcome(bytes)).toMatch(/^EXHIBIT_MALFORMED: this is not an exhibit of custody: [^\n]{5,300}$/);
  });

  it('says what a path is that is no file', async () => {
    await expect(readZip(folder)).rejects.toMatchObject({ code: 'EXHIBIT_UNREADABLE', family: 'usage' });
    await expect(readZip(join(folder, 'gone.zip'))).rejects.toMatchObject({ code: 'EXHIBIT_UNREADABLE' });
  });

  it('never crashes on a ZIP with bytes exchanged or cut', async () => {
    const good = zip([
      { name: 'a', data: 'one' },
      { name: 'b/c', data: 'two' },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, byte, cut) => {
        const changed = Buffer.from(good);
        changed[at] = byte;
        await outcome(changed.subarray(0, cut % 3 === 0 ? cut : good.length));
      }),
      { numRuns: 300 },
    );
  });
});

describe('writeZip', () => {
  it('gives the same bytes for the same members and never replaces a file', async () => {
    const members = new Map([['a', utf8Encode('one')]]);
    const [first, second] = [join(folder, '1.zip'), join(folder, '2.zip')];
    expect(await writeZip(first, members)).toBe(await writeZip(second, members));
    await expect(writeZip(first, members)).rejects.toMatchObject({ code: 'EXHIBIT_EXISTS', family: 'usage' });
    expect(await readZip(first)).toEqual(members);
  });

  it('says where it cannot write', async () => {
    const gone = join(folder, 'no', 'x.zip');
    await expect(writeZip(gone, new Map())).rejects.toMatchObject({ code: 'EXHIBIT_UNWRITABLE' });
  });
});
