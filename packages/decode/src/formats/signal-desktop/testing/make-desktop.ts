import { createCipheriv, createHash, createHmac } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { encryptDatabase, plainDatabase, type WriteOptions } from '../../sqlcipher/testing/write-cipher.ts';

export const KEY: Buffer = Buffer.from('5a'.repeat(32), 'hex');
const OPTIONS: WriteOptions = {
  pageSize: 4096,
  reserve: 80,
  hmac: 'sha512',
  kdf: 'sha512',
  iterations: 1,
  rawKey: KEY,
};
const OWN = '11111111-1111-4111-8111-111111111111';
const ANN = '22222222-2222-4222-8222-222222222222';
const LOCAL_KEY = Buffer.alloc(64, 9);

export const photo: Buffer = Buffer.alloc(5000, 'a picture that is none ');
export const old: Buffer = Buffer.from('a file of before 2024, in clear');

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** An attachment as Signal Desktop keeps it since 2024. */
export function sealFile(content: Buffer): Buffer {
  const iv = Buffer.alloc(16, 3);
  const padded = Buffer.concat([content, Buffer.alloc(123)]);
  const cipher = createCipheriv('aes-256-cbc', LOCAL_KEY.subarray(0, 32), iv);
  const body = Buffer.concat([iv, cipher.update(padded), cipher.final()]);
  return Buffer.concat([body, createHmac('sha256', LOCAL_KEY.subarray(32)).update(body).digest()]);
}

/** Values for columns that the schema of a year has; the rest of a row is JSON. */
interface Said {
  readonly id: string;
  readonly json: Record<string, unknown>;
  readonly columns: Record<string, string | number>;
}

const messages: readonly Said[] = [
  {
    id: 'm-1',
    json: {
      editHistory: [
        { body: 'Hello', timestamp: 1_700_000_000_900 },
        { body: 'Helo', timestamp: 1_700_000_000_000 },
      ],
    },
    columns: {
      type: 'incoming',
      body: 'Hello',
      sent_at: 1_700_000_000_000,
      conversationId: 'c-ann',
      received_at_ms: 1_700_000_000_050,
    },
  },
  {
    id: 'm-2',
    json: {
      quote: { id: 1_700_000_000_000, authorAci: ANN, text: 'Hello' },
      reactions: [{ emoji: '👍', fromId: 'c-ann', targetTimestamp: 1_700_000_001_000, timestamp: 1_700_000_001_500 }],
    },
    columns: { type: 'outgoing', body: 'Look', sent_at: 1_700_000_001_000, conversationId: 'c-ann' },
  },
  {
    id: 'm-3',
    json: {},
    columns: {
      type: 'incoming',
      body: 'in the group',
      sent_at: 1_700_000_002_000,
      conversationId: 'c-group',
      sourceServiceId: ANN,
    },
  },
  {
    id: 'm-4',
    json: { deletedForEveryone: true },
    columns: { type: 'incoming', sent_at: 1_700_000_003_000, conversationId: 'c-ann' },
  },
  { id: 'm-5', json: {}, columns: { type: 'keychange', sent_at: 1_700_000_004_000, conversationId: 'c-ann' } },
];

const attachment = {
  contentType: 'image/jpeg',
  fileName: 'photo.jpg',
  size: photo.length,
  path: 'ab/abcd',
  plaintextHash: sha256(photo),
  localKey: LOCAL_KEY.toString('base64'),
};
const clear = { contentType: 'text/plain', fileName: 'old.txt', size: old.length, path: 'cd\\cdef' };
const absent = { contentType: 'image/png', size: 10, path: 'ef/gone' };

/** The tables of 2025, with the rows that stand in tables of their own there. */
function createColumns(db: DatabaseSync): void {
  db.exec(
    'CREATE TABLE conversations (id TEXT PRIMARY KEY, json TEXT, type TEXT, members TEXT, name TEXT, e164 TEXT, serviceId TEXT, groupId TEXT)',
  );
  db.exec(`CREATE TABLE messages (rowid INTEGER PRIMARY KEY ASC, id TEXT UNIQUE, json TEXT, type TEXT, body TEXT, sent_at INTEGER,
    received_at_ms INTEGER, conversationId TEXT, sourceServiceId TEXT, hasAttachments INTEGER)`);
  db.exec(`CREATE TABLE message_attachments (messageId TEXT NOT NULL, editHistoryIndex INTEGER NOT NULL, attachmentType TEXT,
    orderInMessage INTEGER, contentType TEXT, fileName TEXT, size INTEGER, path TEXT, plaintextHash TEXT, localKey TEXT) STRICT`);
  db.exec(
    'CREATE TABLE reactions (conversationId TEXT, emoji TEXT, fromId TEXT, messageId TEXT, targetTimestamp INTEGER, timestamp INTEGER)',
  );
  db.exec(
    'CREATE TABLE callsHistory (callId TEXT PRIMARY KEY, peerId TEXT, ringerId TEXT, mode TEXT, type TEXT, direction TEXT, status TEXT, timestamp INTEGER)',
  );
  db.exec(
    `INSERT INTO callsHistory VALUES ('7', '${ANN}', NULL, 'Direct', 'Audio', 'Incoming', 'Missed', 1700000005000)`,
  );
  db.exec(
    "INSERT INTO reactions VALUES ('c-ann', '👍', 'c-ann', 'm-2', 1700000001000, 0), ('c-ann', '😀', 'c-ann', 'm-3', 1700000002000, 0)",
  );
  const put = db.prepare('INSERT INTO message_attachments VALUES (?, -1, ?, 0, ?, ?, ?, ?, ?, ?)');
  for (const [id, file] of [
    ['m-2', attachment],
    ['m-2', clear],
    ['m-2', absent],
    ['gone', absent],
  ] as const) {
    const { contentType, fileName, size, path, plaintextHash, localKey } = {
      fileName: null,
      plaintextHash: null,
      localKey: null,
      ...file,
    };
    put.run(id, 'attachment', contentType, fileName, size, path, plaintextHash, localKey);
  }
}

/** `columns`: the schema since 2025; `json`: that of 2018, where nearly everything stands in JSON. */
export function makeDesktop(schema: 'columns' | 'json'): {
  readonly database: Buffer;
  readonly plain: Buffer;
  readonly files: Map<string, Buffer>;
} {
  const plain = plainDatabase((db) => {
    db.exec('CREATE TABLE items (id TEXT PRIMARY KEY, json TEXT); CREATE TABLE sessions (id TEXT, record TEXT)');
    db.exec("INSERT INTO sessions VALUES ('secret', 'secret')");
    db.prepare('INSERT INTO items VALUES (?, ?)').run('uuid_id', JSON.stringify({ id: 'uuid_id', value: `${OWN}.1` }));
    if (schema === 'columns') createColumns(db);
    else {
      db.exec('CREATE TABLE conversations (id TEXT PRIMARY KEY, json TEXT)');
      db.exec('CREATE TABLE messages (id TEXT PRIMARY KEY, json TEXT, conversationId TEXT, hasAttachments INTEGER)');
    }
    const people = [
      ['c-own', { type: 'private', uuid: OWN, serviceId: OWN, name: 'Own Name', e164: '+31655500101' }],
      ['c-ann', { type: 'private', uuid: ANN, serviceId: ANN, name: 'Ann', e164: '+31655500102' }],
      ['c-group', { type: 'group', groupId: 'g==', name: 'Team', membersV2: [{ aci: OWN }, { aci: ANN }] }],
    ] as const;
    const put = (table: string, id: string, json: object, columns: Record<string, string | number>): void => {
      const names = ['id', 'json', ...Object.keys(columns)];
      const insert = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      db.prepare(insert).run(id, JSON.stringify(json), ...Object.values(columns));
    };
    for (const [id, { ...values }] of people) {
      const { membersV2, uuid, ...columns } = { membersV2: undefined, uuid: undefined, ...values };
      if (schema === 'columns') put('conversations', id, { id, membersV2 }, columns);
      else put('conversations', id, { id, membersV2, uuid, ...columns }, {});
    }
    for (const { id, json, columns } of messages) {
      if (schema === 'columns') put('messages', id, { id, ...json }, columns);
      else {
        const attachments = id === 'm-2' ? [attachment, clear, absent] : [];
        put(
          'messages',
          id,
          { id, ...json, ...columns, attachments },
          { conversationId: columns.conversationId as string },
        );
      }
    }
  }, OPTIONS);
  const files = new Map([
    ['attachments.noindex/ab/abcd', sealFile(photo)],
    ['attachments.noindex/cd/cdef', old],
    ['config.json', Buffer.from(JSON.stringify({ key: KEY.toString('hex') }))],
  ]);
  return { database: encryptDatabase(plain, OPTIONS), plain, files };
}
