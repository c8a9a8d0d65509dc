import { databaseOf } from '../../ios-backup/testing/make-ios-backup.ts';
import { writeBinaryPlist } from '../../ios-backup/testing/write-binary-plist.ts';

/** Seconds between 1970 and 2001. */
const EPOCH = 978_307_200;
export const SENT = 1_700_000_000;
export const photo: Buffer = Buffer.alloc(3000, 'a picture that is none ');

/** An NSAttributedString as the typed streams of Messages hold it, up to its text. */
export function typedStream(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length =
    bytes.length < 128 ? Buffer.from([bytes.length]) : Buffer.from([0x81, bytes.length & 255, bytes.length >>> 8]);
  const head =
    '\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+';
  return Buffer.concat([Buffer.from(head, 'latin1'), length, bytes, Buffer.from([0x86, 0x84, 2, 0x69, 0x49])]);
}

const SCHEMA = `
  CREATE TABLE handle (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, country TEXT, service TEXT);
  CREATE TABLE chat (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT, style INTEGER, chat_identifier TEXT, display_name TEXT, account_login TEXT);
  CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE, text TEXT, attributedBody BLOB, handle_id INTEGER DEFAULT 0,
    service TEXT, account TEXT, date INTEGER, date_read INTEGER, date_delivered INTEGER, is_from_me INTEGER DEFAULT 0, item_type INTEGER DEFAULT 0,
    other_handle INTEGER DEFAULT 0, group_action_type INTEGER DEFAULT 0, associated_message_guid TEXT, associated_message_type INTEGER DEFAULT 0,
    thread_originator_guid TEXT, date_edited INTEGER DEFAULT 0, date_retracted INTEGER DEFAULT 0, message_summary_info BLOB);
  CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT, created_date INTEGER, filename TEXT, mime_type TEXT, transfer_name TEXT, total_bytes INTEGER);
  CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, PRIMARY KEY (chat_id, message_id));
  CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
  CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
  CREATE TABLE deleted_messages (ROWID INTEGER PRIMARY KEY, guid TEXT);
  CREATE TABLE kvtable (key TEXT, value BLOB);
  INSERT INTO kvtable VALUES ('setting', 1);
  INSERT INTO handle (id, service) VALUES ('+31655500102', 'iMessage'), ('ann@example.org', 'iMessage');
  INSERT INTO chat (guid, style, chat_identifier, display_name, account_login) VALUES
    ('iMessage;-;+31655500102', 45, '+31655500102', NULL, 'P:+31655500101'), ('iMessage;+;chat123', 43, 'chat123', 'Team', 'P:+31655500101');
  INSERT INTO chat_handle_join VALUES (1, 1), (2, 1), (2, 2);
  INSERT INTO deleted_messages VALUES (1, 'GUID-GONE');`;

interface Said {
  readonly guid: string;
  readonly chat: number;
  readonly columns: Record<string, string | number | bigint | Buffer>;
}

/** Nanoseconds since 2001, `after` seconds behind the first message. */
const nano = (after: number): bigint => BigInt(SENT - EPOCH + after) * 1_000_000_000n;

const summary = writeBinaryPlist({
  ec: {
    '0': [
      { d: SENT - EPOCH + 2.5, t: typedStream('Frst') },
      { d: SENT - EPOCH + 9.5, t: typedStream('First') },
    ],
  },
  otr: { '0': { le: 5, lo: 0 } },
});

const said: readonly Said[] = [
  { guid: 'G-1', chat: 1, columns: { text: 'Hello', handle_id: 1, date: nano(0), date_read: nano(5) } },
  {
    guid: 'G-2',
    chat: 1,
    columns: {
      attributedBody: typedStream('x'.repeat(200)),
      is_from_me: 1,
      date: nano(1),
      thread_originator_guid: 'G-1',
    },
  },
  {
    guid: 'G-3',
    chat: 1,
    columns: { text: 'First', handle_id: 1, date: nano(2), date_edited: nano(9), message_summary_info: summary },
  },
  {
    guid: 'G-4',
    chat: 1,
    columns: {
      text: 'Loved “Hello”',
      is_from_me: 1,
      date: nano(3),
      associated_message_guid: 'p:0/G-1',
      associated_message_type: 2000,
    },
  },
  {
    guid: 'G-5',
    chat: 1,
    columns: {
      is_from_me: 1,
      date: nano(4),
      date_retracted: nano(6),
      message_summary_info: writeBinaryPlist({ rp: [0] }),
    },
  },
  { guid: 'G-6', chat: 2, columns: { text: 'in the group', handle_id: 2, date: SENT - EPOCH } },
  {
    guid: 'G-7',
    chat: 2,
    columns: { handle_id: 1, other_handle: 2, item_type: 1, group_action_type: 1, date: nano(8) },
  },
];

/** sms.db with one of everything that is decoded. */
export function makeMessages(): Buffer {
  return databaseOf((db) => {
    db.exec(SCHEMA);
    said.forEach(({ guid, chat, columns }, i) => {
      const names = ['guid', 'account', ...Object.keys(columns)];
      const insert = `INSERT INTO message (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      db.prepare(insert).run(guid, 'p:+31655500101', ...Object.values(columns));
      db.prepare('INSERT INTO chat_message_join VALUES (?, ?)').run(chat, i + 1);
    });
    const file = db.prepare(
      'INSERT INTO attachment (guid, filename, mime_type, transfer_name, total_bytes) VALUES (?, ?, ?, ?, ?)',
    );
    file.run('A-1', '~/Library/SMS/Attachments/ab/11/A-1/photo.jpg', 'image/jpeg', 'photo.jpg', photo.length);
    file.run('A-2', '~/Library/SMS/Attachments/cd/12/A-2/gone.png', 'image/png', 'gone.png', 10);
    file.run('A-3', '~/Library/SMS/Attachments/ef/13/A-3/lost.png', 'image/png', 'lost.png', 10);
    db.exec('INSERT INTO message_attachment_join VALUES (1, 1), (1, 2)');
  });
}
