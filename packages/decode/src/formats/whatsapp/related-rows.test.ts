import { base64Encode, sha256, sha256Hex, utf8Decode, utf8Encode } from '@custody/bytes';
import { BatchWriter, type Finding, type Item, LEAF_ITEM, readItem } from '@custody/evidence';
import { describe, expect, it } from 'vitest';
import type { CaptureFile } from '../../format.ts';
import { detectFormat, probeOf } from '../../registry.ts';
import { decodeCapture } from '../../testing/decode-capture.ts';
import { MemoryScratch } from '../../testing/memory-scratch.ts';
import { memorySource } from '../../testing/memory-source.ts';
import { whatsappMessageStore } from './index.ts';
import { makeDatabase } from './testing/make-backup.ts';

const BASE = `CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, raw_string TEXT);
  INSERT INTO jid VALUES (1, '447700900123', 's.whatsapp.net', '447700900123@s.whatsapp.net'),
    (2, '447700900123', 's.whatsapp.net', '447700900123:7@s.whatsapp.net');
  CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, subject TEXT);
  INSERT INTO chat VALUES (1, 1, NULL);
  CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER,
    timestamp INTEGER, message_type INTEGER, text_data TEXT);
  INSERT INTO message VALUES (1, 1, 0, 'k1', 0, 1700000000000, 66, 'When?'), (2, 1, 0, 'k2', 0, 1700000001000, 7, NULL),
    (3, 1, 0, 'k3', 0, 1700000002000, 42, NULL), (4, 1, 0, 'k4', 0, 1700000003000, 1, NULL);`;

const decode = (sql: string) => decodeCapture(whatsappMessageStore, makeDatabase(sql), { name: 'msgstore.db' });
const text = (item: Item | undefined) => (item?.body == null ? null : utf8Decode(item.body));
const ofTable = (items: readonly Item[], table: string) => items.filter(({ fields }) => fields?.get('table') === table);

describe('rows that belong to others', () => {
  it('polls: options and votes with the words chosen', async () => {
    const { items, findings } = await decode(`${BASE}
      CREATE TABLE message_poll (message_row_id INTEGER PRIMARY KEY, selectable_options_count INTEGER);
      INSERT INTO message_poll VALUES (1, 1);
      CREATE TABLE message_poll_option (_id INTEGER PRIMARY KEY, message_row_id INTEGER, option_name TEXT, vote_total INTEGER);
      INSERT INTO message_poll_option VALUES (11, 1, 'now', 1), (12, 1, 'later', 0);
      CREATE TABLE message_add_on (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER,
        parent_message_row_id INTEGER, timestamp INTEGER, message_add_on_type INTEGER);
      INSERT INTO message_add_on VALUES (5, 1, 0, 'vote', 1, 1, 1700000004000, 67);
      CREATE TABLE message_add_on_poll_vote (message_add_on_row_id INTEGER PRIMARY KEY, sender_timestamp INTEGER);
      INSERT INTO message_add_on_poll_vote VALUES (5, 1700000004000);
      CREATE TABLE message_add_on_poll_vote_selected_option (_id INTEGER PRIMARY KEY, message_add_on_row_id INTEGER, message_poll_option_id INTEGER);
      INSERT INTO message_add_on_poll_vote_selected_option VALUES (1, 5, 11);`);
    expect(ofTable(items, 'message_poll_option').map((item) => [text(item), item.refs, item.sentAt?.utc])).toEqual([
      ['now', [{ rel: 'part-of', id: 'k1' }], 1700000000000],
      ['later', [{ rel: 'part-of', id: 'k1' }], 1700000000000],
    ]);
    const [chosen] = ofTable(items, 'message_add_on_poll_vote_selected_option');
    expect([text(chosen), chosen?.refs]).toEqual(['now', [{ rel: 'part-of', id: 'vote' }]]);
    expect(findings.filter(({ class: of }) => of !== 'note')).toEqual([]);
  });

  it('marks of view-once, events of the app in words, devices, previews', async () => {
    const { items, counts } = await decode(`${BASE}
      CREATE TABLE message_view_once_media (message_row_id INTEGER PRIMARY KEY, state INTEGER);
      INSERT INTO message_view_once_media VALUES (3, 0);
      CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER);
      INSERT INTO message_system VALUES (2, 11);
      CREATE TABLE user_device (_id INTEGER PRIMARY KEY, user_jid_row_id INTEGER, device_jid_row_id INTEGER, key_index INTEGER);
      INSERT INTO user_device VALUES (1, 1, 2, 3);
      CREATE TABLE primary_device_version (user_jid_row_id INTEGER PRIMARY KEY, version INTEGER);
      INSERT INTO primary_device_version VALUES (1, 2);
      CREATE TABLE message_thumbnails (thumbnail BLOB, timestamp INTEGER, key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT);
      INSERT INTO message_thumbnails VALUES (X'ffd8', 1700000000, '447700900123@s.whatsapp.net', 0, 'k4');`);
    const byId = (id: string) => items.find(({ messageId }) => messageId === id);
    expect(byId('k3')?.fields?.get('view_once')).toBe(true);
    expect(byId('k2')).toMatchObject({ direction: 'system' });
    expect(byId('k2')?.fields?.get('event_in_words')).toBe('group created');
    const devices = items.filter(({ kind }) => kind === 'device');
    expect(devices.map(({ sender }) => sender?.value)).toEqual(['+447700900123', '+447700900123']);
    expect(items.find(({ kind }) => kind === 'attachment')).toMatchObject({
      refs: [{ rel: 'part-of', id: 'k4' }],
      attachments: [{ sha256: sha256Hex(Uint8Array.of(0xff, 0xd8)), present: true }],
    });
    expect(counts.records).toBe(counts.decoded);
  });

  it('the address book in a file of its own', async () => {
    const book =
      makeDatabase(`CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT, display_name TEXT, wa_name TEXT, number TEXT);
      INSERT INTO wa_contacts VALUES (1, '447700900123@s.whatsapp.net', 'Ada', 'ada', '+44 7700 900123');
      CREATE TABLE wa_block_list (jid TEXT); INSERT INTO wa_block_list VALUES ('447700900199@s.whatsapp.net');`);
    expect(detectFormat(probeOf('x', memorySource(book)))[0]?.format.name).toBe('whatsapp-msgstore');
    const { items } = await decodeCapture(whatsappMessageStore, book, { name: 'wa.db' });
    expect(items.map(({ kind, sender, recipients }) => [kind, sender ?? recipients?.[0]])).toEqual([
      ['contact', { type: 'phone', value: '+447700900123', display: 'Ada' }],
      ['note', { type: 'phone', value: '+447700900199' }],
    ]);
  });
});

describe('media of a directory capture', () => {
  const hash = (content: string) => base64Encode(sha256(utf8Encode(content)));
  const SQL = `${BASE} CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, file_hash TEXT);
    INSERT INTO message_media VALUES (1, 'Media/WhatsApp Images/a.jpg', '${hash('a')}'), (2, 'Media/WhatsApp Images/b.jpg', '${hash('b')}'),
      (3, 'Media/WhatsApp Images/c.jpg', '${hash('c')}'), (4, 'Media/WhatsApp Images/d.jpg', '${hash('d')}');`;
  const FILES: Readonly<Record<string, string>> = {
    'phone/Databases/msgstore.db': '',
    'phone/Media/WhatsApp Images/a.jpg': 'a',
    'phone/Media/WhatsApp Images/b.jpg': 'changed',
    'phone/Media/WhatsApp Images/renamed.jpg': 'c',
    'phone/Media/WhatsApp Images/nobody.jpg': 'x',
  };

  async function decodeFolder(sql: string, files: Readonly<Record<string, string>>) {
    const file: CaptureFile = {
      ...{ name: 'phone/Databases/msgstore.db', source: memorySource(makeDatabase(sql)) },
      folder: {
        names: Object.keys(files),
        open: (path) => (files[path] === undefined ? null : memorySource(utf8Encode(files[path]))),
      },
    };
    const context = { keyring: { keys: [] }, scratch: new MemoryScratch() };
    const plan = await whatsappMessageStore.prepare(file, context);
    const decoder = whatsappMessageStore.open(structuredClone({ state: plan.state }), file, context);
    const out = new BatchWriter();
    const summaries = plan.units.map((unit) => decoder.decode(unit, out).summary);
    const batch = out.batch();
    const items = [...batch.kinds].flatMap((kind, i) =>
      kind === LEAF_ITEM ? [structuredClone(readItem(batch.items, batch.rows[i] as number))] : [],
    );
    const attached = items.flatMap(({ attachments }) => attachments).map(({ present, size }) => [present, size]);
    const findings: Finding[] = [...plan.findings, ...(whatsappMessageStore.finish?.(plan, summaries).findings ?? [])];
    return { plan, items, attached, findings };
  }

  it('is found by path and by hash; what disagrees and what nobody names is said', async () => {
    const { plan, attached, findings } = await decodeFolder(SQL, FILES);
    expect(attached).toEqual([
      [true, 1],
      [true, 7],
      [true, 1],
      [false, null],
    ]);
    expect([...(plan.covers ?? [])].sort()).toEqual(Object.keys(FILES).slice(1).sort());
    const said = findings.filter(({ code }) => code !== 'BYTES_NOT_EXAMINED');
    expect(said.map(({ code, class: of, records }) => [code, of, records])).toEqual([
      ['CONFLICTING_COPIES', 'note', 0],
      ['NOT_COVERED', 'note', 0],
      ['REFERENCED_BUT_ABSENT', 'note', 1],
      ['CONFLICTING_COPIES', 'doubt', 1],
    ]);
  });

  it('is found by its hash where a row names no path, in either schema; what stands under it is its text', async () => {
    const sql = `${BASE} CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, file_hash TEXT, media_caption TEXT);
      INSERT INTO message_media VALUES (4, NULL, '${hash('a')}', 'the van');
      CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT, media_wa_type TEXT, media_name TEXT, media_hash TEXT);
      INSERT INTO messages VALUES (50, '447700900123@s.whatsapp.net', 0, 'o1', '1', NULL, '${hash('c')}');`;
    const files = { ...FILES, 'phone/Databases/msgstore.db-wal': '' };
    const { plan, items, attached } = await decodeFolder(sql, files);
    expect(attached).toEqual([
      [true, 1],
      [true, 1],
    ]);
    expect(items.filter(({ attachments }) => attachments.length > 0).map(text)).toEqual(['the van', null]);
    expect(plan.covers).toContain('phone/Databases/msgstore.db-wal');
    const book = await decodeFolder('CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT)', FILES);
    expect(book.plan.covers).toEqual([]);
  });
});

it('in old tables, events name whom they are about, and what was deleted for everyone refers to itself', async () => {
  const { items } = await decode(`${BASE} INSERT INTO message VALUES (9, 1, 0, 'k9', 0, 1700000004000, 15, NULL);
    CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT, key_from_me INTEGER, key_id TEXT, status INTEGER, media_wa_type TEXT,
      media_size INTEGER, remote_resource TEXT);
    INSERT INTO messages VALUES (20, '1-2@g.us', 1, 'event', 6, '0', 12, '447700900123@s.whatsapp.net'),
      (21, '1-2@g.us', 0, 'gone', 0, '15', 0, '447700900123@s.whatsapp.net'), (22, '1-2@g.us', 1, 'own', 0, '0', 0, 'a,b');`);
  const byId = new Map(items.map((item) => [item.messageId, item]));
  expect(byId.get('event')).toMatchObject({ kind: 'membership', sender: { type: 'phone', value: '+447700900123' } });
  for (const id of ['gone', 'k9']) {
    expect(byId.get(id)).toMatchObject({ kind: 'deletion', refs: [{ rel: 'deletes', id }] });
  }
  expect(byId.get('own')?.fields?.get('remote_resource')).toBe('a,b');
});

it('says which number stands behind a LID', async () => {
  const { items } = await decode(`${BASE} INSERT INTO jid VALUES (5, '1234567', 'lid', '1234567@lid');
    CREATE TABLE jid_map (lid_row_id INTEGER PRIMARY KEY, jid_row_id INTEGER, sort_id INTEGER); INSERT INTO jid_map VALUES (5, 1, 1);`);
  expect(ofTable(items, 'jid_map')).toMatchObject([
    { kind: 'contact', sender: { value: '1234567@lid' }, recipients: [{ type: 'phone', value: '+447700900123' }] },
  ]);
});
