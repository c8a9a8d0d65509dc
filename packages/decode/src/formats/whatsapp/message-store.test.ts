import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { utf8Decode } from '@custody/bytes';
import { BatchWriter, type Item, readItem } from '@custody/evidence';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../../../test/random.ts';
import type { ByteSource } from '../../byte-source.ts';
import type { Unit } from '../../format.ts';
import { readKeyFiles } from '../../keys/read-key-files.ts';
import { type Decoded, decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { type Container, readContainer } from './container.ts';
import { whatsappMessageStore } from './index.ts';
import { makeDatabase } from './testing/make-backup.ts';
import { unlock } from './unlock.ts';

const folder = fileURLToPath(new URL('../../../../../fixtures/whatsapp/', import.meta.url));
const decode = (bytes: Uint8Array) => decodeCapture(whatsappMessageStore, bytes, { name: 'msgstore.db' });
const codes = (decoded: Decoded) => decoded.findings.map((finding) => finding.code);
const bodyOf = (item: Item | undefined) => (item?.body == null ? null : utf8Decode(item.body));

const MESSAGE = `CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, raw_string TEXT);
  INSERT INTO jid VALUES (1, '447700900123', 's.whatsapp.net', '447700900123@s.whatsapp.net'),
    (2, '120363000000000042', 'g.us', '120363000000000042@g.us'), (3, '83000000000001', 'lid', '83000000000001@lid'),
    (4, '4917604069010', 's.whatsapp.net', '4917604069010:7@s.whatsapp.net');
  CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, subject TEXT);
  INSERT INTO chat VALUES (1, 1, NULL), (2, 2, 'A group');
  CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER,
    timestamp INTEGER, message_type INTEGER, text_data TEXT);`;

describe('parties', () => {
  it('are numbers, groups, or the JID where it is neither', async () => {
    const decoded = await decode(
      makeDatabase(`${MESSAGE} INSERT INTO message VALUES
        (1, 1, 0, 'in', 0, 1700000000000, 0, 'to me'), (2, 2, 0, 'group', 3, 1700000000001, 0, 'from a lid'),
        (3, 2, 1, 'mine', 4, 1700000000002, 0, 'from me'), (4, 1, 1, 'out', 0, 1700000000003, 0, 'to her');`),
    );
    const [incoming, group, mine, out] = decoded.items;
    const owner = { type: 'phone', value: '+4917604069010' };
    const her = { type: 'phone', value: '+447700900123' };
    const them = { type: 'group', value: '120363000000000042@g.us', display: 'A group' };
    expect(incoming).toMatchObject({ direction: 'incoming', sender: her, recipients: [owner], owner });
    expect(group).toMatchObject({ sender: { type: 'whatsapp', value: '83000000000001@lid' }, recipients: [them] });
    expect(mine).toMatchObject({ direction: 'outgoing', sender: owner, recipients: [them] });
    expect(out).toMatchObject({ sender: owner, recipients: [her], conversation: '447700900123@s.whatsapp.net' });
    expect(incoming?.sentAt).toEqual({
      utc: 1700000000000,
      raw: '1700000000000',
      zone: 'UTC',
      precision: 'ms',
      clock: 'server',
    });
    expect(out?.sentAt?.clock).toBe('device');
    expect(incoming?.authentication?.result).toBe('none');
  });

  it('that cannot be told are said to be missing', async () => {
    const decoded = await decode(
      makeDatabase(
        `${MESSAGE} INSERT INTO message VALUES (1, 77, 0, 'a', 0, 1, 0, 'x'), (2, 2, 0, 'b', 99, 1, 0, 'y');`,
      ),
    );
    expect(decoded.items[0]).toMatchObject({ conversation: null, sender: null });
    expect(decoded.findings.find((finding) => finding.code === 'REFERENCE_UNRESOLVED')).toMatchObject({
      class: 'doubt',
      records: 2,
    });
  });
});

describe('rows of side tables', () => {
  const sides = `CREATE TABLE message_text (message_row_id INTEGER PRIMARY KEY, description TEXT);
    CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, file_size INTEGER, file_hash TEXT);
    CREATE TABLE message_later_addition (message_row_id INTEGER PRIMARY KEY, anything TEXT);`;

  it('without a message are items of their own; each row is counted once', async () => {
    const decoded = await decode(
      makeDatabase(`${MESSAGE} ${sides}
        INSERT INTO message VALUES (10, 1, 0, 'k10', 0, 1, 0, 'ten'), (20, 1, 0, 'k20', 0, 1, 0, 'twenty');
        INSERT INTO message_text VALUES (5, 'before'), (10, 'of ten'), (15, 'between'), (25, 'behind');
        INSERT INTO message_media VALUES (15, 'Media/lost.jpg', 7, NULL), (20, 'Media/there.jpg', 9, NULL);
        INSERT INTO message_later_addition VALUES (20, 'kept by name');`),
    );
    expect(decoded.counts.decoded).toBe(4 + 2 + 2 + 4 + 2 + 1);
    const of = (table: string) => decoded.items.filter((item) => item.fields?.get('table') === table);
    expect(of('message_text').map(bodyOf)).toEqual(['before', 'between', 'behind']);
    expect(of('message_media')).toMatchObject([{ kind: 'attachment' }]);
    const twenty = decoded.items.find((item) => item.messageId === 'k20');
    expect(twenty?.attachments).toEqual([
      { name: 'Media/there.jpg', mime: null, size: 9, sha256: null, present: false },
    ]);
    expect(twenty?.fields?.get('message_later_addition')).toEqual(new Map([['anything', 'kept by name']]));
    expect(twenty?.sources.map((source) => source.row)).toEqual([20, 20]);
    expect(codes(decoded)).toEqual(['BYTES_NOT_EXAMINED', 'REFERENCED_BUT_ABSENT']);
  });

  it('belong to the new table where both tables have the row', async () => {
    const decoded = await decode(
      makeDatabase(`${MESSAGE} ${sides}
        CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT, status INTEGER, data TEXT);
        INSERT INTO message VALUES (1, 1, 0, 'new1', 0, 1, 0, 'one');
        INSERT INTO messages VALUES (1, '447700900123@s.whatsapp.net', 0, 'old1', 0, 'one'), (2, '447700900123@s.whatsapp.net', 0, 'old2', 0, 'two');
        INSERT INTO message_text VALUES (1, 'a'), (2, 'b'), (3, 'c');`),
    );
    expect(decoded.counts.decoded).toBe(4 + 2 + 1 + 2 + 3);
    const sourcesOf = (id: string) => decoded.items.find((item) => item.messageId === id)?.sources.length;
    expect([sourcesOf('new1'), sourcesOf('old1'), sourcesOf('old2')]).toEqual([1, 0, 1]);
    expect(codes(decoded)).toEqual(['BYTES_NOT_EXAMINED']);
  });
});

describe('a store with its write-ahead log', () => {
  it.each(['msgstore.db', 'Databases/msgstore.db'])(
    'shows what was committed there, and cites that file: %s',
    async (name) => {
      const folder = mkdtempSync(join(tmpdir(), 'whatsapp-wal-'));
      const path = join(folder, 'msgstore.db');
      const db = new DatabaseSync(path);
      try {
        db.exec(
          `PRAGMA journal_mode = WAL; ${MESSAGE} INSERT INTO message VALUES (1, 1, 0, 'a', 0, 1, 0, 'in the log')`,
        );
        const wal = memorySource(new Uint8Array(readFileSync(`${path}-wal`)));
        const file = { name, source: memorySource(new Uint8Array(readFileSync(path))) };
        const beside = (other: string) => (other === 'msgstore.db-wal' ? wal : null);
        const context = { keyring: { keys: [] }, scratch: new MemoryScratch() };
        const plan = await whatsappMessageStore.prepare({ ...file, beside }, context);
        const out = new BatchWriter();
        const decoder = whatsappMessageStore.open(plan, { ...file, beside }, context);
        decoder.decode(plan.units[0] as Unit, out);
        expect(readItem(out.batch().items, 0)).toMatchObject({
          messageId: 'a',
          locator: { path: `${name}-wal`, row: 1 },
        });
      } finally {
        db.close();
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe('a store of several units', () => {
  it('decodes the same as in one, every row once, side rows with their messages', async () => {
    const decoded = await decode(
      makeDatabase(`${MESSAGE} CREATE TABLE message_text (message_row_id INTEGER PRIMARY KEY, description TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
        INSERT INTO message SELECT i, 1, i % 2, 'key' || i, 0, 1700000000000 + i, 0, 'text ' || i FROM n;
        INSERT INTO message_text SELECT _id, 'side ' || _id FROM message WHERE _id % 3 = 0;
        DELETE FROM message WHERE _id = 6000;`),
    );
    expect(decoded.plan.units.length).toBeGreaterThan(2);
    for (const unit of decoded.plan.units) expect(unit.records).toBeLessThanOrEqual(4096);
    const messages = decoded.items.filter((item) => item.messageId !== null);
    expect(messages.map((item) => item.locator.row)).toEqual(
      Array.from({ length: 9000 }, (_, i) => i + 1).filter((i) => i !== 6000),
    );
    for (const item of messages) expect(item.sources.length).toBe((item.locator.row ?? 0) % 3 === 0 ? 1 : 0);
    expect(decoded.items.filter((item) => item.fields?.get('table') === 'message_text')).toHaveLength(1);
    expect(codes(decoded)).not.toContain('RECORD_MALFORMED');
  });
});

describe('a store of long rows', () => {
  it('is cut into units by bytes as well, side rows and orphans included', async () => {
    const decoded = await decode(
      makeDatabase(`${MESSAGE} CREATE TABLE message_text (message_row_id INTEGER PRIMARY KEY, description TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
        INSERT INTO message SELECT i, 1, 0, 'key' || i, 0, 1700000000000 + i, 0, hex(zeroblob(400000)) FROM n;
        INSERT INTO message_text SELECT _id + 30, hex(zeroblob(300000)) FROM message;`),
    );
    expect(decoded.plan.units.length).toBeGreaterThan(4);
    expect(decoded.counts.decoded).toBe(6 + 60 + 60);
    expect(decoded.items.filter((item) => item.messageId !== null).map((item) => item.sources.length)).toEqual(
      Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : 1)),
    );
    expect(codes(decoded)).not.toContain('RECORD_MALFORMED');
  });
});

describe('a store damaged anywhere', () => {
  let plain: Uint8Array;

  beforeAll(async () => {
    const read = (name: string) => new Uint8Array(readFileSync(folder + name));
    const keyring = readKeyFiles([{ name: 'root-key.txt', bytes: read('root-key.txt') }], () => null);
    const source = memorySource(read('msgstore.db.crypt15'));
    const scratch = new MemoryScratch();
    const opened = await unlock(source, readContainer(source, 'crypt15') as Container, {
      context: { keyring, scratch },
      path: 'x',
    });
    if (!('handle' in opened)) throw new Error('the fixture does not open');
    const content: ByteSource = scratch.open(opened.handle);
    plain = content.read(0, content.length);
  });

  it('decodes what is left, and what is counted is decoded', async () => {
    const random = new Random(5);
    for (let i = 0; i < 60; i++) {
      const bytes = plain.slice();
      const flips = 1 + random.below(20);
      for (let n = 0; n < flips; n++) {
        const at =
          i % 2 === 0 ? random.below(bytes.length) : random.below(bytes.length / 4096) * 4096 + random.below(12);
        bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
      }
      const decoded = await decode(bytes);
      expect(codes(decoded)).not.toContain('RECORD_MALFORMED');
      expect(decoded.counts.decoded).toBe(decoded.counts.records);
    }
  });

  it('cut at any page says so', async () => {
    for (let pages = 0; pages < plain.length / 4096; pages += 7) {
      const decoded = await decode(plain.subarray(0, pages * 4096 + (pages % 3)));
      expect(decoded.findings.some((finding) => finding.class !== 'note')).toBe(true);
      expect(codes(decoded)).not.toContain('RECORD_MALFORMED');
    }
  });
});
