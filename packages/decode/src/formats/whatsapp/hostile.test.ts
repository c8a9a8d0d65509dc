import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { CustodyError, utf8Encode } from '@custody/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import { MOST_CANDIDATES } from '../../keyring.ts';
import { readKeyFiles } from '../../keys/read-key-files.ts';
import { formatByName, formats, probeOf } from '../../registry.ts';
import { type Decoded, decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { readBackupPrefix } from './backup-prefix.ts';
import { type Container, readContainer } from './container.ts';
import { readProtobuf } from './protobuf.ts';
import { KEYRING, makeCrypt15, makeDatabase, makeZip } from './testing/make-backup.ts';
import { unlock } from './unlock.ts';
import { readZipDirectory } from './zip-member.ts';

const folder = fileURLToPath(new URL('../../../../../fixtures/whatsapp/', import.meta.url));
const read = (name: string) => new Uint8Array(readFileSync(folder + name));
const keyring = readKeyFiles([{ name: 'keyring.json', bytes: read('keyring.json') }], (_from, path) => read(path));
const kinds = ['crypt12', 'crypt14', 'crypt15'] as const;
const SMALL = `CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, text_data TEXT);
  INSERT INTO message VALUES (1, -1, 0, 'k1', 'hello'), (2, -1, 1, 'k2', 'there');`;

const decode15 = (bytes: Uint8Array, keys = KEYRING) =>
  decodeCapture(formatByName('whatsapp-crypt15'), bytes, { name: 'x.crypt15', keyring: keys });
const codes = (decoded: Decoded) => decoded.findings.map((finding) => finding.code);

/** The one thing that may happen to a capture that cannot be used. */
function expectTotalLoss(decoded: Decoded): void {
  expect(decoded.plan.units).toEqual([]);
  expect(decoded.findings.map((finding) => [finding.class, finding.records])).toEqual([['lost', null]]);
  expect(decoded.scratch.kept).toBe(0);
}

describe('contents that a right tag protects', () => {
  it('decodes a database packed by zlib, in a ZIP, and not packed', async () => {
    const database = makeDatabase(SMALL);
    for (const packed of [
      deflateSync(database),
      database,
      makeZip({ 'wa.db': database, 'Databases/msgstore.db': database }),
    ]) {
      for (const md5 of [true, false]) {
        const decoded = await decode15(makeCrypt15(packed, { md5 }));
        expect(decoded.items.map((item) => item.messageId)).toEqual(['k1', 'k2']);
      }
    }
    const zipped = await decode15(makeCrypt15(makeZip({ 'wa.db': database, 'msgstore.db': database })));
    expect(zipped.items[0]?.locator.path).toBe('x.crypt15!gcm!zip!msgstore.db');
    expect(codes(zipped)).toContain('BYTES_NOT_EXAMINED');
    expect(zipped.scratch.kept).toBe(1);
  });

  it.each([
    ['noise', new Random(1).bytes(5000)],
    ['text in zlib', deflateSync(utf8Encode('no database at all'))],
    ['another database', deflateSync(makeDatabase('CREATE TABLE recipe (name TEXT)'))],
    ['a ZIP without the member', makeZip({ 'other.db': makeDatabase(SMALL) })],
    ['zlib cut short', deflateSync(makeDatabase(SMALL)).subarray(0, 200)],
    ['nothing', new Uint8Array(0)],
  ])('%s is FORMAT_UNKNOWN, and the key is not blamed', async (_what, content) => {
    const decoded = await decode15(makeCrypt15(content));
    expect(codes(decoded)).toEqual(['FORMAT_UNKNOWN']);
    expectTotalLoss(decoded);
  });

  it('stops a zlib bomb at its limit', async () => {
    const scratch = new MemoryScratch();
    const source = memorySource(makeCrypt15(deflateSync(new Uint8Array(32 * 2 ** 20))));
    const container = readContainer(source, 'crypt15') as Container;
    const limits = { bytes: 2 ** 20, ratio: 250, free: 0 };
    const outcome = await unlock(source, container, { context: { keyring: KEYRING, scratch }, path: 'x', limits });
    expect(outcome).toMatchObject({ code: 'LIMIT_EXCEEDED', class: 'lost', records: null });
    expect(scratch.kept).toBe(0);
  });
});

describe('files that are no backup', () => {
  it.each(kinds)('%s: empty, one byte, noise, another generation', async (kind) => {
    const others = kinds.filter((other) => other !== kind).map((other) => read(`msgstore.db.${other}`));
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0), new Random(3).bytes(4096), ...others]) {
      const decoded = await decodeCapture(formatByName(`whatsapp-${kind}`), bytes, { name: 'x', keyring });
      expectTotalLoss(decoded);
      expect(['FORMAT_UNKNOWN', 'UNSUPPORTED_VERSION', 'TRUNCATED']).toContain(decoded.findings[0]?.code);
    }
  });

  it('knows versions that it does not support', async () => {
    const bytes = read('msgstore.db.crypt12');
    bytes[2] = 9;
    expect(codes(await decodeCapture(formatByName('whatsapp-crypt12'), bytes, { name: 'x', keyring }))).toEqual([
      'UNSUPPORTED_VERSION',
    ]);
    const unknownKind = Uint8Array.of(4, 0x08, 5, 0x30, 4, ...new Uint8Array(100));
    expect(codes(await decode15(unknownKind))).toEqual(['UNSUPPORTED_VERSION']);
    const shortIv = Uint8Array.of(8, 0x1a, 6, 0x0a, 4, 1, 2, 3, 4, ...new Uint8Array(100));
    expect(codes(await decode15(shortIv))).toEqual(['UNSUPPORTED_VERSION']);
  });

  it('refuses to try more keys than are supplied for one backup', async () => {
    const keys = Array.from({ length: MOST_CANDIDATES + 1 }, (_, i) => ({
      for: 'whatsapp-crypt15',
      bytes: new Uint8Array(32).fill(i),
      source: 'many',
    }));
    expect(codes(await decode15(makeCrypt15(deflateSync(makeDatabase(SMALL))), { keys }))).toEqual(['LIMIT_EXCEEDED']);
  });

  it('a damaged header points away from the key file and is said to', async () => {
    const bytes = read('msgstore.db.crypt12');
    bytes[10] = (bytes[10] as number) ^ 1;
    const decoded = await decodeCapture(formatByName('whatsapp-crypt12'), bytes, { name: 'x', keyring });
    expect(decoded.items.length).toBeGreaterThan(200);
    expect(codes(decoded).slice(0, 2)).toEqual(['UNIT_UNVERIFIED', 'CONFLICTING_COPIES']);
  });
});

describe.each(kinds)('%s, damaged anywhere', (kind) => {
  const intact = read(`msgstore.db.${kind}`);
  const format = formatByName(`whatsapp-${kind}`);
  const run = (bytes: Uint8Array) => decodeCapture(format, bytes, { name: 'x', keyring });

  it('cut at any boundary gives one finding, or all items', async () => {
    const whole = (await run(intact)).items.length;
    const tail = kind === 'crypt12' ? 4 : 0;
    const starts = [0, 1, 2, 3, 35, 51, 66, 67, 68, 82, 83, 84, 99, 100, 130, 131, 180, 200, 300];
    const ends = [1, 15, 16, 17, 31, 32, 33, 48, 100].map((n) => intact.length - tail - n);
    for (const length of [...starts, ...ends]) {
      const decoded = await run(intact.subarray(0, length));
      // Exactly the MD5 gone is the variant of several files.
      if (length === intact.length - tail - 16) expect(decoded.items).toHaveLength(whole);
      else expectTotalLoss(decoded);
    }
  });

  it('bit flips lose everything or nothing, never something in silence', async () => {
    const whole = (await run(intact)).items.length;
    const random = new Random(99);
    for (let i = 0; i < 40; i++) {
      const bytes = intact.slice();
      const at = i < 12 ? random.below(160) : random.below(bytes.length);
      bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
      const decoded = await run(bytes);
      if (decoded.plan.units.length === 0) expectTotalLoss(decoded);
      else {
        expect(decoded.items).toHaveLength(whole);
        expect(codes(decoded)).toContain('UNIT_UNVERIFIED');
      }
    }
  });
});

describe('parsers over any bytes', () => {
  it('throw nothing but errors of the family format', () => {
    const parsers = [readProtobuf, readBackupPrefix, (bytes: Uint8Array) => readZipDirectory(memorySource(bytes))];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const parse of parsers) {
          try {
            parse(bytes);
          } catch (error) {
            if (!(error instanceof CustodyError && error.family === 'format')) throw error;
          }
        }
        for (const format of formats) format.detect(probeOf('x.crypt12', memorySource(bytes)));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('read a prefix that is longer than a byte can say, as a varint', () => {
    const iv = new Uint8Array(16).fill(1);
    const info = new Uint8Array(300);
    const message = Uint8Array.of(0x1a, 18, 0x0a, 16, ...iv, 0x2a, 0xac, 2, ...info);
    const prefix = readBackupPrefix(Uint8Array.of(0x80 | (message.length & 0x7f), message.length >> 7, ...message));
    expect(prefix).toMatchObject({ length: message.length + 2, crypt15: iv });
  });
});
