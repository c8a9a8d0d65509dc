import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { makeMessages } from '../formats/imessage/testing/make-messages.ts';
import { PASSWORD as IOS, makeIosBackup } from '../formats/ios-backup/testing/make-ios-backup.ts';
import { PASSPHRASE, conversation as steps, writeBackup } from '../formats/signal-backup/testing/write-backup.ts';
import { conversation as frames } from '../formats/signal-backup-v2/testing/conversation.ts';
import {
  backupFolder,
  FOLDER,
  framesOf,
  OWN_ACI,
  POOL,
  remoteFile,
  TOKEN,
} from '../formats/signal-backup-v2/testing/write-backup.ts';
import { KEY as DESKTOP, makeDesktop } from '../formats/signal-desktop/testing/make-desktop.ts';
import { encryptDatabase, plainDatabase } from '../formats/sqlcipher/testing/write-cipher.ts';
import { makeZip, members, PASSWORD as THREEMA } from '../formats/threema/testing/make-threema.ts';
import { makeCrypt15, makeDatabase, ROOT } from '../formats/whatsapp/testing/make-backup.ts';
import { database as chats, PHOTO_PATH, photo } from '../formats/whatsapp-ios/testing/make-chat-storage.ts';
import { makeWire, PASSWORD as WIRE } from '../formats/wire/testing/make-wire.ts';
import type { SuppliedKey } from '../keyring.ts';
import { readKeyFiles } from '../keys/read-key-files.ts';
import { formatByName } from '../registry.ts';
import type { IntactCapture } from './intact-capture.ts';

const source = 'test';
const fixtures = fileURLToPath(new URL('../../../../fixtures/whatsapp/', import.meta.url));
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(fixtures + name));
const pages = (count: number): number[] => Array.from({ length: count }, (_, i) => i * 4096 + 100);
const only = (name: string, bytes: Uint8Array): Pick<IntactCapture, 'name' | 'files'> => ({
  name,
  files: new Map([[name, new Uint8Array(bytes)]]),
});

/** A message store of WhatsApp for Android with sixty messages. */
export function whatsappStore(): Uint8Array {
  const said = (i: number): string => `message ${i} ${'of some length '.repeat(9)}`;
  return makeDatabase(`CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, raw_string TEXT);
    INSERT INTO jid VALUES (1, '447700900123', 's.whatsapp.net', '447700900123@s.whatsapp.net');
    CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, subject TEXT); INSERT INTO chat VALUES (1, 1, NULL);
    CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER,
      timestamp INTEGER, message_type INTEGER, text_data TEXT);
    ${Array.from({ length: 60 }, (_, i) => `INSERT INTO message VALUES (${i + 1}, 1, ${i % 2}, 'K${i}', 0, ${1_700_000_000_000 + i}, 0, '${said(i)}');`).join('')}`);
}

function whatsapp(): IntactCapture[] {
  const { keys } = readKeyFiles([{ name: 'keyring.json', bytes: fixture('keyring.json') }], (_from, path) =>
    fixture(path),
  );
  const old = ['crypt12', 'crypt14'].map((kind): IntactCapture => {
    const name = `msgstore.db.${kind}`;
    return { format: formatByName(`whatsapp-${kind}`), ...only(name, fixture(name)), keys, borders: [1, 67, 99] };
  });
  return [
    ...old,
    {
      format: formatByName('whatsapp-crypt15'),
      ...only('msgstore.db.crypt15', makeCrypt15(deflateSync(whatsappStore()))),
      keys: [{ for: 'whatsapp-crypt15', bytes: ROOT, source }],
      borders: [1, 20, 36, 60],
    },
    {
      ...{ format: formatByName('whatsapp-msgstore'), keys: [], borders: pages(8) },
      ...only('msgstore.db', whatsappStore()),
    },
    {
      ...{ format: formatByName('whatsapp-ios'), name: 'ChatStorage.sqlite', keys: [], borders: pages(8) },
      files: new Map<string, Uint8Array>([
        ['ChatStorage.sqlite', new Uint8Array(chats)],
        [`Message/${PHOTO_PATH}`, photo],
      ]),
    },
  ];
}

function signal(): IntactCapture[] {
  const pool: SuppliedKey = { for: 'signal-backup-v2', passphrase: POOL, id: OWN_ACI, source };
  const token: SuppliedKey = { for: 'signal-backup-v2-token', bytes: new Uint8Array(TOKEN), source };
  const sealed = framesOf(frames).bytes;
  const remote = { ...only('signal.backup', remoteFile(sealed)), keys: [pool, token], borders: [8, 9, 109, 125] };
  const { database, files } = makeDesktop('columns');
  return [
    {
      ...{ format: formatByName('signal-backup'), keys: [{ for: 'signal-backup', passphrase: PASSPHRASE, source }] },
      ...only('signal.backup', writeBackup(steps(), 1).bytes),
      borders: [4, 40, 60],
    },
    {
      ...{ format: formatByName('signal-backup-v2'), name: `${FOLDER}/metadata`, keys: [pool] },
      files: backupFolder(sealed),
    },
    { ...remote, format: formatByName('signal-backup-v2') },
    { ...remote, format: formatByName('signal-backup-v2-damaged') },
    {
      ...{ format: formatByName('signal-desktop'), name: 'sql/db.sqlite', borders: [16, ...pages(4)] },
      files: new Map<string, Uint8Array>([...files, ['sql/db.sqlite', database]]),
      keys: [{ for: 'signal-desktop', bytes: new Uint8Array(DESKTOP), source }],
    },
  ];
}

function cipher(): IntactCapture {
  const rawKey = Buffer.alloc(32, 7);
  const options = { pageSize: 4096, reserve: 80, hmac: 'sha512', kdf: 'sha512', iterations: 2, rawKey } as const;
  const bytes = plainDatabase((db) => {
    db.exec('CREATE TABLE talk (id INTEGER PRIMARY KEY, said TEXT); BEGIN');
    const insert = db.prepare('INSERT INTO talk (said) VALUES (?)');
    for (let i = 0; i < 200; i++) insert.run(`line ${i} ${'of some length '.repeat(i % 7)}`);
    db.exec('COMMIT');
  }, options);
  const keys = [{ for: 'sqlcipher', bytes: new Uint8Array(rawKey), source }];
  return {
    format: formatByName('sqlcipher'),
    ...only('x.db', encryptDatabase(bytes, options)),
    keys,
    borders: [16, ...pages(5)],
  };
}

/** Captures of apps and devices, one a format or more. */
export async function intactApps(): Promise<readonly IntactCapture[]> {
  const photoOf = { domain: 'CameraRollDomain', path: 'Media/a.jpg', content: Buffer.alloc(3000, 7) };
  const device = [photoOf, { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: makeMessages() }];
  return [
    ...whatsapp(),
    ...signal(),
    cipher(),
    { format: formatByName('imessage'), ...only('sms.db', makeMessages()), keys: [], borders: pages(8) },
    {
      ...{ format: formatByName('ios-backup'), name: 'Manifest.plist' },
      files: makeIosBackup(device, { encrypted: true, twoRounds: true }),
      keys: [{ for: 'ios-backup', passphrase: IOS, source }],
    },
    {
      ...{ format: formatByName('threema-backup'), keys: [{ for: 'threema-backup', passphrase: THREEMA, source }] },
      ...only('threema-backup.zip', await makeZip(members())),
    },
    {
      ...{ format: formatByName('wire-backup'), keys: [{ for: 'wire-backup', passphrase: WIRE, source }] },
      ...only('backup.android_wbu', await makeWire()),
    },
  ];
}
