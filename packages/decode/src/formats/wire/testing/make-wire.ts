import sodium from 'libsodium-wrappers-sumo';
import { makeZip } from '../../threema/testing/make-threema.ts';
import { makeDatabase } from '../../whatsapp/testing/make-backup.ts';

const utf8Encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const concatBytes = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

export const PASSWORD = 'invented password';
export const USER = '11111111-2222-4333-8444-555555555555';
const OTHER = '22222222-2222-4333-8444-555555555555';
const GROUP = '33333333-2222-4333-8444-555555555555';
/** Small enough that tests are quick: libsodium's least. */
const COST = { passes: 1, memory: 8192 };

const SCHEMA = `
  CREATE TABLE Users (_id TEXT PRIMARY KEY NOT NULL, name TEXT, email TEXT, phone TEXT, connection TEXT, handle TEXT);
  CREATE TABLE Conversations (_id TEXT PRIMARY KEY NOT NULL, remote_id TEXT, name TEXT, conv_type INTEGER);
  CREATE TABLE ConversationMembers (user_id TEXT, conv_id TEXT, role TEXT, PRIMARY KEY (user_id, conv_id));
  CREATE TABLE Messages (_id TEXT PRIMARY KEY NOT NULL, conv_id TEXT, msg_type TEXT, user_id TEXT, content TEXT, protos BLOB,
    time INTEGER, local_time INTEGER, edit_time INTEGER, quote TEXT, duration INTEGER);
  CREATE TABLE Likings (message_id TEXT, user_id TEXT, timestamp INTEGER, action INTEGER, PRIMARY KEY (message_id, user_id));
  CREATE TABLE MsgDeletion (message_id TEXT PRIMARY KEY NOT NULL, timestamp INTEGER);
  CREATE TABLE KeyValues (key TEXT PRIMARY KEY NOT NULL, value TEXT);`;

const ROWS = `
  INSERT INTO Users VALUES ('${USER}', 'Owen', 'OWEN@example.org', '+31970102030', 'self', 'owen'),
    ('${OTHER}', 'Ada', 'ada@example.org', NULL, 'accepted', 'ada');
  INSERT INTO Conversations VALUES ('${OTHER}', 'r-1', NULL, 2), ('${GROUP}', '${GROUP}', 'Team', 0);
  INSERT INTO ConversationMembers VALUES ('${OTHER}', '${GROUP}', 'wire_admin');
  INSERT INTO Messages VALUES
    ('m1', '${OTHER}', 'Text', '${OTHER}', '[{"type":"Text","content":"hi"}]', NULL, 1700000000000, 0, 0, NULL, 0),
    ('m2', '${OTHER}', 'Text', '${USER}', '[]', X'${text('all of it', 'm1')}', 1700000001000, 1700000000500, 0, 'm1', 0),
    ('m3', '${GROUP}', 'AnyAsset', '${OTHER}', NULL, X'${asset()}', 1700000002000, 0, 0, NULL, 0),
    ('m4', '${GROUP}', 'Recalled', '${OTHER}', NULL, NULL, 1700000003000, 0, 0, NULL, 0),
    ('m5', '${GROUP}', 'MemberJoin', '${OTHER}', NULL, NULL, 1700000004000, 0, 0, NULL, 0),
    ('m6', '${OTHER}', 'MissedCall', '${OTHER}', NULL, NULL, 1700000005000, 0, 0, NULL, 0);
  INSERT INTO Likings VALUES ('m1', '${USER}', 1700000006000, 1);
  INSERT INTO KeyValues VALUES ('sounds', 'FULL');`;

function field(number: number, bytes: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of((number << 3) | 2, bytes.length), bytes]);
}

function text(content: string, quoted: string): string {
  const quote = field(5, field(1, utf8Encode(quoted)));
  const inner = concatBytes([field(1, utf8Encode(content)), quote]);
  return Buffer.from(concatBytes([field(1, utf8Encode('id')), field(2, inner)])).toString('hex');
}

function asset(): string {
  const original = concatBytes([
    field(1, utf8Encode('image/png')),
    Uint8Array.of(0x10, 42),
    field(3, utf8Encode('a.png')),
  ]);
  return Buffer.from(field(11, field(1, original))).toString('hex');
}

/** The database of a backup, with more SQL where a test wants it. */
export function makeStore(more = ''): Uint8Array {
  return makeDatabase(`${SCHEMA}${ROWS}${more}`);
}

/** A backup around a ZIP, sealed by libsodium. */
export async function makeWire(members?: Parameters<typeof makeZip>[0]): Promise<Uint8Array> {
  const exported = JSON.stringify({ user_id: USER, version: 129, platform: 'android' });
  const zip = await makeZip(
    members ?? [
      ['export.json', exported],
      [USER, makeStore()],
    ],
    { password: null },
  );
  return sealWire(zip);
}

export async function sealWire(content: Uint8Array, user: string = USER): Promise<Uint8Array> {
  await sodium.ready;
  const salt = new Uint8Array(16).fill(9);
  const hash = (secret: string) =>
    sodium.crypto_pwhash(32, secret, salt, COST.passes, COST.memory, sodium.crypto_pwhash_ALG_ARGON2ID13);
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(hash(PASSWORD));
  const sealed = sodium.crypto_secretstream_xchacha20poly1305_push(
    state,
    content,
    null,
    sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL,
  );
  const numbers = new Uint8Array(8);
  new DataView(numbers.buffer).setUint32(0, COST.passes);
  new DataView(numbers.buffer).setUint32(4, COST.memory);
  return concatBytes([Uint8Array.of(0x57, 0x42, 0x55, 0x41, 0, 0, 2), salt, hash(user), numbers, header, sealed]);
}
