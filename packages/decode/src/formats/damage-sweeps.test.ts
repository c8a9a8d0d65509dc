import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Format } from '../format.ts';
import type { Keyring } from '../keyring.ts';
import { sweepDamage } from '../testing/sweep-damage.ts';
import { imessage } from './imessage/index.ts';
import { makeMessages } from './imessage/testing/make-messages.ts';
import { matrixKeyExport } from './matrix/index.ts';
import { writeKeyExport } from './matrix/testing/write-keys.ts';
import { conversation as room } from './matrix/testing/write-room.ts';
import { signalBackupV2 } from './signal-backup-v2/index.ts';
import { conversation as frames } from './signal-backup-v2/testing/conversation.ts';
import { framesOf, OWN_ACI, POOL, remoteFile, TOKEN } from './signal-backup-v2/testing/write-backup.ts';
import { whatsappCrypt15, whatsappMessageStore } from './whatsapp/index.ts';
import { KEYRING, makeCrypt15, makeDatabase } from './whatsapp/testing/make-backup.ts';

interface Swept {
  readonly format: Format;
  readonly name: string;
  readonly bytes: () => Uint8Array;
  readonly keyring?: Keyring;
  readonly borders?: readonly number[];
}

const source = 'test';
const store = (): Uint8Array =>
  makeDatabase(`CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, raw_string TEXT);
    INSERT INTO jid VALUES (1, '447700900123', 's.whatsapp.net', '447700900123@s.whatsapp.net');
    CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, subject TEXT); INSERT INTO chat VALUES (1, 1, NULL);
    CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER,
      timestamp INTEGER, message_type INTEGER, text_data TEXT);
    ${Array.from({ length: 60 }, (_, i) => `INSERT INTO message VALUES (${i + 1}, 1, ${i % 2}, 'K${i}', 0, ${1_700_000_000_000 + i}, 0, 'message ${i} ${'of some length '.repeat(9)}');`).join('')}`);
const pages = Array.from({ length: 8 }, (_, i) => i * 4096 + 100);
const signalKeys: Keyring = {
  keys: [
    { for: 'signal-backup-v2', passphrase: POOL, id: OWN_ACI, source },
    { for: 'signal-backup-v2-token', bytes: new Uint8Array(TOKEN), source },
  ],
};

/** Formats whose own tests do not sweep in this way. Where text stands alone, as WhatsApp's, a cut between messages cannot be seen. */
const SWEPT: readonly Swept[] = [
  { format: imessage, name: 'sms.db', bytes: () => new Uint8Array(makeMessages()), borders: pages },
  { format: whatsappMessageStore, name: 'msgstore.db', bytes: store, borders: pages },
  {
    ...{ format: whatsappCrypt15, name: 'msgstore.db.crypt15', keyring: KEYRING, borders: [1, 20, 36, 60] },
    bytes: () => makeCrypt15(deflateSync(store())),
  },
  {
    ...{ format: signalBackupV2, name: 'signal.backup', keyring: signalKeys, borders: [0, 8, 9, 109, 125] },
    bytes: () => new Uint8Array(remoteFile(framesOf(frames).bytes)),
  },
  {
    ...{ format: matrixKeyExport, name: 'keys.txt', borders: [0, 37, 100] },
    bytes: () => new Uint8Array(Buffer.from(writeKeyExport(room().sessions, 'x', 10))),
    keyring: { keys: [{ for: 'matrix-key-export', passphrase: 'x', source }] },
  },
];

describe('cut at every border and 200 places, one bit changed at 500', () => {
  it.each(SWEPT)(
    '$format.name',
    async ({ format, bytes, ...options }) => {
      expect(await sweepDamage(format, bytes(), { keyring: { keys: [] }, seed: 11, few: 6, ...options })).toEqual([]);
    },
    900_000,
  );
});
