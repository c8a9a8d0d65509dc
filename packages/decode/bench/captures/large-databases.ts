import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { createDeflate } from 'node:zlib';
import { PASSWORD as IOS_PASSWORD, makeIosBackup, sha1 } from '../../src/formats/ios-backup/testing/make-ios-backup.ts';
import { CaptureSink, saying } from './capture-sink.ts';

/** What was written: the file to decode, its folder where it is one, and the keyring in JSON. */
export interface WrittenCapture {
  readonly path: string;
  readonly inside?: string;
  readonly keys: readonly Record<string, unknown>[];
}

const AT = 1_700_000_000_000;
const PIECE = 4 * 1024 * 1024;

/** A database of rows up to a size; `reserve` bytes stay free on each page, as page ciphers need them. */
function fill(
  path: string,
  { schema, reserve = 0, size }: { readonly schema: string; readonly reserve?: number; readonly size: number },
  rows: (db: DatabaseSync) => (i: number) => void,
): void {
  rmSync(path, { force: true });
  let db = new DatabaseSync(path);
  db.exec('PRAGMA page_size = 4096; CREATE TABLE x (a); DROP TABLE x; VACUUM');
  db.close();
  const empty = readFileSync(path);
  empty[20] = reserve;
  empty.writeUInt16BE(4096 - reserve, 105);
  writeFileSync(path, empty);
  db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ${schema}`);
  const add = rows(db);
  for (let i = 1; ; ) {
    db.exec('BEGIN');
    for (const end = i + 50_000; i < end; i++) add(i);
    db.exec('COMMIT');
    if (statSync(path).size >= size) break;
  }
  db.close();
}

const insert = (db: DatabaseSync, table: string, count: number): StatementSync =>
  db.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: count }, () => '?').join(',')})`);

function* piecesOf(path: string, piece = PIECE): Generator<Buffer> {
  const fd = openSync(path, 'r');
  const { size } = statSync(path);
  for (let at = 0; at < size; at += piece) {
    const bytes = Buffer.alloc(Math.min(piece, size - at));
    readSync(fd, bytes, 0, bytes.length, at);
    yield bytes;
  }
  closeSync(fd);
}

const WHATSAPP = `CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, raw_string TEXT);
  INSERT INTO jid VALUES (1, '447700900123', 's.whatsapp.net', '447700900123@s.whatsapp.net'),
    (2, '120363000000000042', 'g.us', '120363000000000042@g.us');
  CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, subject TEXT);
  INSERT INTO chat VALUES (1, 1, NULL), (2, 2, 'A group');
  CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER,
    timestamp INTEGER, message_type INTEGER, text_data TEXT);
  CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, file_size INTEGER, file_hash TEXT);`;

/** A crypt15 backup of a large store. */
export async function largeCrypt15(folder: string, size: number): Promise<WrittenCapture> {
  const plain = join(folder, 'plain.db');
  fill(plain, { schema: WHATSAPP, size }, (db) => {
    const [message, media] = [insert(db, 'message', 8), insert(db, 'message_media', 4)];
    return (i) => {
      message.run(i, 1 + (i % 2), i % 3 === 0 ? 1 : 0, `KEY${i}`, 1, AT + i, 0, saying(i, 230));
      if (i % 50 === 0) media.run(i, `Media/WhatsApp Images/IMG-${i}.jpg`, 1000, null);
    };
  });
  const root = Buffer.alloc(32, 0x42);
  const inner = createHmac('sha256', Buffer.alloc(32)).update(root).digest();
  const key = createHmac('sha256', inner).update('backup encryption\u0001').digest();
  const iv = Buffer.alloc(16, 7);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const [path, md5] = [join(folder, 'msgstore.db.crypt15'), createHash('md5')];
  const sink = new CaptureSink(path);
  const put = (bytes: Uint8Array) => {
    md5.update(bytes);
    sink.write(bytes);
  };
  const header = Buffer.concat([Buffer.of(0x08, 1, 0x1a, 18, 0x0a, 16), iv]);
  put(Buffer.concat([Buffer.of(header.length), header]));
  const deflate = createDeflate({ level: 1 });
  const packed = (async () => {
    for await (const bytes of deflate) put(cipher.update(bytes as Buffer));
  })();
  for (const piece of piecesOf(plain)) {
    if (!deflate.write(piece)) await new Promise((resolve) => deflate.once('drain', resolve));
  }
  deflate.end();
  await packed;
  cipher.final();
  put(cipher.getAuthTag());
  sink.write(md5.digest());
  sink.end();
  rmSync(plain);
  return { path, keys: [{ for: 'whatsapp-crypt15', hex: root.toString('hex') }] };
}

/** Encrypts a database as SQLCipher 4 does with a raw key. */
function encryptPages(plain: string, path: string, key: Buffer): void {
  const salt = Buffer.alloc(16, 0x51);
  const macKey = pbkdf2Sync(key, Buffer.from(salt.map((byte) => byte ^ 0x3a)), 2, 32, 'sha512');
  const sink = new CaptureSink(path);
  const number = Buffer.alloc(4);
  let page = 0;
  for (const piece of piecesOf(plain)) {
    for (let at = 0; at < piece.length; at += 4096) {
      number.writeUInt32LE(++page);
      const iv = createHash('md5').update(number).digest();
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
      const body = Buffer.concat([cipher.update(piece.subarray(at + (page === 1 ? 16 : 0), at + 4016)), iv]);
      if (page === 1) sink.write(salt);
      sink.write(body);
      sink.write(createHmac('sha512', macKey).update(body).update(number).digest());
    }
  }
  sink.end();
  rmSync(plain);
}

const CIPHER_KEY = Buffer.alloc(32, 0x5a);

export function largeSqlcipher(folder: string, size: number): WrittenCapture {
  const [plain, path] = [join(folder, 'plain.db'), join(folder, 'large.db')];
  fill(
    plain,
    { schema: 'CREATE TABLE note (id INTEGER PRIMARY KEY, at INTEGER, text TEXT)', reserve: 80, size },
    (db) => {
      const note = insert(db, 'note', 3);
      return (i) => note.run(i, AT + i, saying(i, 280));
    },
  );
  encryptPages(plain, path, CIPHER_KEY);
  return { path, keys: [{ for: 'sqlcipher', hex: CIPHER_KEY.toString('hex') }] };
}

const DESKTOP = `CREATE TABLE items (id TEXT PRIMARY KEY, json TEXT);
  CREATE TABLE conversations (id TEXT PRIMARY KEY, json TEXT, type TEXT, members TEXT, name TEXT, e164 TEXT, serviceId TEXT, groupId TEXT);
  INSERT INTO conversations VALUES ('c-own', '{}', 'private', NULL, 'Own', '+31655500101', '11111111-1111-4111-8111-111111111111', NULL),
    ('c-ann', '{}', 'private', NULL, 'Ann', '+31655500102', '22222222-2222-4222-8222-222222222222', NULL);
  INSERT INTO items VALUES ('uuid_id', '{"id":"uuid_id","value":"11111111-1111-4111-8111-111111111111.1"}');
  CREATE TABLE messages (rowid INTEGER PRIMARY KEY ASC, id TEXT UNIQUE, json TEXT, type TEXT, body TEXT, sent_at INTEGER,
    received_at_ms INTEGER, conversationId TEXT, sourceServiceId TEXT, hasAttachments INTEGER);
  CREATE TABLE message_attachments (messageId TEXT NOT NULL, editHistoryIndex INTEGER NOT NULL, attachmentType TEXT,
    orderInMessage INTEGER, contentType TEXT, fileName TEXT, size INTEGER, path TEXT, plaintextHash TEXT, localKey TEXT) STRICT;
  CREATE TABLE reactions (conversationId TEXT, emoji TEXT, fromId TEXT, messageId TEXT, targetTimestamp INTEGER, timestamp INTEGER);`;

export function largeDesktop(folder: string, size: number): WrittenCapture {
  const [plain, path] = [join(folder, 'plain.db'), join(folder, 'Signal', 'sql', 'db.sqlite')];
  fill(plain, { schema: DESKTOP, reserve: 80, size }, (db) => {
    const [message, reaction] = [insert(db, 'messages', 10), insert(db, 'reactions', 6)];
    return (i) => {
      const id = createHash('md5').update(String(i)).digest('hex');
      const type = i % 3 === 0 ? 'outgoing' : 'incoming';
      message.run(
        i,
        id,
        `{"id":"${id}","timestamp":${AT + i}}`,
        type,
        saying(i, 230),
        AT + i,
        AT + i,
        'c-ann',
        null,
        0,
      );
      if (i % 100 === 0) reaction.run('c-ann', '👍', 'c-ann', id, AT + i, AT + i + 1);
    };
  });
  encryptPages(plain, path, CIPHER_KEY);
  writeFileSync(join(folder, 'Signal', 'config.json'), JSON.stringify({ key: CIPHER_KEY.toString('hex') }));
  return { path: join(folder, 'Signal'), inside: 'sql/db.sqlite', keys: [] };
}

const IOS_CHATS = `CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZSESSIONTYPE INTEGER, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);
  CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZMEMBERJID VARCHAR);
  CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZFILESIZE INTEGER, ZMEDIALOCALPATH VARCHAR);
  INSERT INTO ZWACHATSESSION VALUES (1, 0, '31655500102@s.whatsapp.net', 'Bob');
  CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZISFROMME INTEGER, ZMESSAGETYPE INTEGER, ZCHATSESSION INTEGER,
    ZGROUPMEMBER INTEGER, ZMEDIAITEM INTEGER, ZMESSAGEDATE TIMESTAMP, ZFROMJID VARCHAR, ZTOJID VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR);`;
const SMS = `CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT, service TEXT);
  CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT, style INTEGER, chat_identifier TEXT);
  CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT UNIQUE, text TEXT, handle_id INTEGER, service TEXT, date INTEGER, is_from_me INTEGER);
  CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, PRIMARY KEY (chat_id, message_id));
  INSERT INTO handle VALUES (1, '+31655500102', 'iMessage');
  INSERT INTO chat VALUES (1, 'iMessage;-;+31655500102', 45, '+31655500102');`;

function fillMessages(path: string, size: number): void {
  fill(path, { schema: SMS, size }, (db) => {
    const [message, joined] = [insert(db, 'message', 7), insert(db, 'chat_message_join', 2)];
    return (i) => {
      message.run(i, `GUID-${i}`, saying(i, 230), 1, 'iMessage', BigInt(AT + i) * 1_000_000n, i % 2);
      joined.run(1, i);
    };
  });
}

function fillChats(path: string, size: number): void {
  const bob = '31655500102@s.whatsapp.net';
  fill(path, { schema: IOS_CHATS, size }, (db) => {
    const message = insert(db, 'ZWAMESSAGE', 11);
    return (i) => {
      const [from, to] = i % 2 ? [null, bob] : [bob, null];
      message.run(i, i % 2, 0, 1, null, null, 700_000_000 + i, from, to, `S-${i}`, saying(i, 230));
    };
  });
}

/** A backup folder: a quarter iMessage, half WhatsApp, a quarter 10,000 other files. Stores are written in place of small ones. */
export function largeIos(folder: string, size: number): WrittenCapture {
  const root = join(folder, 'backup');
  const [sms, chats] = [join(folder, 'sms.db'), join(folder, 'ChatStorage.sqlite')];
  fillMessages(sms, size / 4);
  fillChats(chats, size / 2);
  const other = Array.from({ length: 10_000 }, (_, i) => {
    const content = Buffer.alloc(Math.floor(size / 40_000), i);
    return { domain: 'CameraRollDomain', path: `Media/DCIM/IMG_${i}.JPG`, content };
  });
  const group = 'AppDomainGroup-group.net.whatsapp.WhatsApp.shared';
  const named = [
    { domain: 'HomeDomain', path: 'Library/SMS/sms.db', from: sms },
    { domain: group, path: 'ChatStorage.sqlite', from: chats },
  ].map((one) => ({ ...one, content: Buffer.alloc(0), size: statSync(one.from).size }));
  for (const [path, bytes] of makeIosBackup([...named, ...other], { encrypted: true, twoRounds: true })) {
    const store = named.find((one) => path.endsWith(sha1(`${one.domain}-${one.path}`)));
    const sink = new CaptureSink(join(root, path));
    if (store === undefined) sink.write(bytes);
    else encryptStore(store.from, store.path, sink);
    sink.end();
  }
  for (const path of [sms, chats]) rmSync(path);
  return { path: root, inside: 'Manifest.plist', keys: [{ for: 'ios-backup', passphrase: IOS_PASSWORD }] };
}

function encryptStore(from: string, path: string, sink: CaptureSink): void {
  const key = createHash('sha256').update(`key of ${path}`).digest();
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16));
  for (const piece of piecesOf(from)) sink.write(cipher.update(piece));
  sink.write(cipher.final());
}
