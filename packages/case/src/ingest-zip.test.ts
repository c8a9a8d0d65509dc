import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { addAuthority } from './add-authority.ts';
import { createCase } from './create-case.ts';
import { ingest } from './ingest.ts';
import { listFindings } from './list-leaves.ts';
import { loadOrCreatePerson } from './person.ts';

const WARRANT = {
  ...{ id: 'W', reference: 'R', issuedBy: 'C', jurisdiction: 'NL', legalBasis: 'x' },
  ...{ validFrom: '2020-01-01', validTo: '2030-01-01', scope: { period: { from: '2020-01-01', to: '2030-01-01' } } },
};
const EXPORT = {
  ...{ name: 'Ann', type: 'personal_chat', id: 1 },
  messages: [1, 2, 3].map((id) => ({
    ...{ id, type: 'message', date: '2024-01-01T10:00:00', date_unixtime: '1704103200' },
    ...{ from: 'Ann', from_id: 'user1', text: `text ${id}`, ...(id === 2 && { photo: 'photos/2.jpg' }) },
  })),
};

/** PKWARE APPNOTE 4.3: local headers with content, the central directory, its end. */
function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(text), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(text), 18);
    fields.writeUInt16LE(name.length, 22);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed);
    directory.push(Buffer.from('PK\x01\x02\x14\0'), fields, end, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end]);
}

it('reads a zipped folder as the folder, and a ZIP of what nobody reads as one file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'custody-zip-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [own, other] = [join(folder, 'export.zip'), join(folder, 'other.zip')];
  const files = { 'x/result.json': JSON.stringify(EXPORT), 'x/photos/2.jpg': 'picture', 'x/notes.bin': 'unknown' };
  await writeFile(own, zipOf(files));
  await writeFile(other, zipOf({ 'a.bin': 'unknown', 'b.bin': 'unknown' }));
  const person = await loadOrCreatePerson({ name: 'Test Examiner' }, join(folder, 'identity.txt'));
  const opened = await createCase(join(folder, 'case'), { person, title: 'zip', recipients: [] });
  await addAuthority(opened, JSON.stringify(WARRANT));
  const receipt = { supplierHash: null, receivedFrom: null, acquiredAt: null, exhibitRef: null, sealNumber: null };
  const terms = { authority: 'W', keys: [], receipt, threads: 1 };
  expect(await ingest(opened, own, terms)).toMatchObject({ totals: { records: 3, decoded: 3, items: 3 } });
  expect(await ingest(opened, other, terms)).toMatchObject({ totals: { items: 0, lost: null } });
  const found: [string, string][] = [];
  for await (const { code, locator } of listFindings(opened)) found.push([code, locator?.path ?? '']);
  expect(found).toEqual(
    expect.arrayContaining([
      ['NOT_COVERED', 'export.zip!zip/x/notes.bin'],
      ['FORMAT_UNKNOWN', 'other.zip'],
    ]),
  );
  expect(found.map(([, path]) => path)).not.toContain('export.zip!zip/x/photos/2.jpg');
});
