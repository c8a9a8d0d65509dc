import { createCipheriv, createHmac, hkdfSync, randomFillSync } from 'node:crypto';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { ZipWriter } from '@zip.js/zip.js';
import { conversation, FrameStream, PASSPHRASE } from '../../src/formats/signal-backup/testing/write-backup.ts';
import { people } from '../../src/formats/signal-backup-v2/testing/conversation.ts';
import {
  encode,
  FOLDER,
  framesOf,
  OWN_ACI,
  POOL,
  TOKEN,
} from '../../src/formats/signal-backup-v2/testing/write-backup.ts';
import { PASSWORD as THREEMA_PASSWORD } from '../../src/formats/threema/testing/make-threema.ts';
import { CaptureSink, saying } from './capture-sink.ts';
import type { WrittenCapture } from './large-databases.ts';

const AT = 1_700_000_000_000;
const INCOMING = 10_485_780;

/** A Signal backup of version 1: messages, and a file after every so many. */
export function largeSignal(
  folder: string,
  size: number,
  { every, file }: { readonly every: number; readonly file: number } = { every: 1000, file: 65_536 },
): WrittenCapture {
  const path = join(folder, 'signal-2026-01-02.backup');
  const sink = new CaptureSink(path);
  const frames = new FrameStream((bytes) => sink.write(bytes), 1);
  for (const step of conversation().slice(0, -1)) frames.write(step);
  const photo = Buffer.alloc(file, 5);
  for (let i = 100; sink.length < size; i++) {
    const values = [i, AT + i, AT + 9 + i, 1, 2, 1, INCOMING, saying(i, 230), 0, null];
    frames.write({ sql: 'INSERT INTO message VALUES (?,?,?,?,?,?,?,?,?,?)', values });
    if (i % every !== 0) continue;
    frames.write({
      sql: 'INSERT INTO attachment VALUES (?,?,?,?,?)',
      values: [i, i, 'image/jpeg', 'a.jpg', photo.length],
    });
    frames.write({ attachment: i, content: photo });
  }
  frames.write({ end: true });
  sink.end();
  return { path, keys: [{ for: 'signal-backup', passphrase: PASSPHRASE }] };
}

const hkdf = (key: Uint8Array | string, info: string | Buffer, length: number, salt: Uint8Array | string = '') =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length));

/** IV, AES-256-CBC of the gzip of what `plain` yields, HMAC over both. */
async function sealed(sink: CaptureSink, plain: Iterable<Buffer>, both: Buffer): Promise<void> {
  const iv = Buffer.alloc(16, 3);
  const cipher = createCipheriv('aes-256-cbc', both.subarray(32), iv);
  const mac = createHmac('sha256', both.subarray(0, 32)).update(iv);
  sink.write(iv);
  const put = (bytes: Buffer) => {
    mac.update(bytes);
    sink.write(bytes);
  };
  const packed = Readable.from(plain).pipe(createGzip({ level: 1 }));
  for await (const bytes of packed) put(cipher.update(bytes as Buffer));
  put(cipher.final());
  sink.write(mac.digest());
}

function* framesUpTo(sink: CaptureSink, size: number): Generator<Buffer> {
  yield framesOf(people).bytes;
  const text = (i: number) => saying(i, 230);
  for (let i = 0; sink.length < size; ) {
    const parts: Buffer[] = [];
    for (let n = 0; n < 1000; n++, i++) {
      const incoming = { dateReceived: AT + i, dateServerSent: AT + i, read: true };
      const chatItem = {
        chatId: 1,
        authorId: 2,
        dateSent: AT + i,
        incoming,
        standardMessage: { text: { body: text(i) } },
      };
      const frame = encode('Frame', { chatItem });
      const head = frame.length < 128 ? [frame.length] : [(frame.length & 127) | 128, frame.length >>> 7];
      parts.push(Buffer.from(head), frame);
    }
    yield Buffer.concat(parts);
  }
}

function signalKeys(withToken: boolean): { readonly both: Buffer; readonly backupKey: Buffer; readonly id: Buffer } {
  const backupKey = hkdf(POOL, '20240801_SIGNAL_BACKUP_KEY', 32);
  const aci = Buffer.from(OWN_ACI.replaceAll('-', ''), 'hex');
  const id = hkdf(backupKey, Buffer.concat([Buffer.from('20241024_SIGNAL_BACKUP_ID:'), aci]), 16);
  const info = `${withToken ? '20250708' : '20241007'}_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:`;
  const both = hkdf(backupKey, Buffer.concat([Buffer.from(info), id]), 64, withToken ? TOKEN : '');
  return { both, backupKey, id };
}

export async function largeRemote(folder: string, size: number): Promise<WrittenCapture> {
  const path = join(folder, 'signal.backup');
  const sink = new CaptureSink(path);
  sink.write(Buffer.concat([Buffer.from('SBACKUP\x01', 'latin1'), Buffer.of(100), Buffer.alloc(100, 7)]));
  await sealed(sink, framesUpTo(sink, size), signalKeys(true).both);
  sink.end();
  const key = { for: 'signal-backup-v2', passphrase: POOL, id: OWN_ACI };
  return { path, keys: [key, { for: 'signal-backup-v2-token', hex: TOKEN.toString('hex') }] };
}

export async function largeSnapshot(folder: string, size: number): Promise<WrittenCapture> {
  const root = join(folder, 'SignalBackups');
  const { both, backupKey, id } = signalKeys(false);
  const sink = new CaptureSink(join(root, FOLDER, 'main'));
  await sealed(sink, framesUpTo(sink, size), both);
  sink.end();
  const iv = Buffer.from('twelve bytes');
  const key = hkdf(backupKey, '20241011_SIGNAL_LOCAL_BACKUP_METADATA_KEY', 32);
  const encryptedId = createCipheriv('aes-256-ctr', key, Buffer.concat([iv, Buffer.alloc(4)])).update(id);
  writeFileSync(join(root, FOLDER, 'metadata'), encode('Metadata', { version: 1, backupId: { iv, encryptedId } }));
  writeFileSync(join(root, FOLDER, 'files'), '');
  return { path: root, inside: `${FOLDER}/metadata`, keys: [{ for: 'signal-backup-v2', passphrase: POOL }] };
}

/** A Threema backup: one conversation, and a tenth of the size in files. */
export async function largeThreema(folder: string, size: number): Promise<WrittenCapture> {
  const path = join(folder, 'threema-backup_ABCD1234.zip');
  const zip = new ZipWriter(Writable.toWeb(createWriteStream(path)), {
    zip64: true,
    useWebWorkers: false,
    password: THREEMA_PASSWORD,
    encryptionStrength: 3,
  });
  const rows = function* (): Generator<Buffer> {
    const head = 'apiid uid isoutbox isread issaved messagestae posted_at created_at modified_at type body'.split(' ');
    yield Buffer.from(`${head.map((name) => `"${name}"`).join(',')}\n`);
    for (let i = 0, written = 0; written < size * 0.9; ) {
      const lines: string[] = [];
      for (let n = 0; n < 1000; n++, i++)
        lines.push(
          `"m${i}","u${i}","${i % 2}","1","0","READ","${AT + i}","${AT + i}","${AT + i}","TEXT","${saying(i, 230)}"\n`,
        );
      const bytes = Buffer.from(lines.join(''));
      written += bytes.length;
      yield bytes;
    }
  };
  const add = (name: string, content: Iterable<Buffer>) =>
    zip.add(name, Readable.toWeb(Readable.from(content)) as ReadableStream<Uint8Array>, {
      level: name.endsWith('.csv') ? 1 : 0,
    });
  await add('settings', [Buffer.from('"version","27"\n')]);
  await add('contacts.csv', [
    Buffer.from('"identity","publickey","verification","identity_id"\n"AAAA1111","00","FULLY_VERIFIED","c1c1"\n'),
  ]);
  await add('message_c1c1.csv', rows());
  for (let i = 0; i < 10; i++) await add(`message_media_u${i}`, [randomFillSync(Buffer.alloc(Math.floor(size / 100)))]);
  await zip.close();
  return { path, keys: [{ for: 'threema-backup', passphrase: THREEMA_PASSWORD }] };
}

/** One chat of Telegram Desktop. */
export function largeTelegram(folder: string, size: number): WrittenCapture {
  const path = join(folder, 'result.json');
  const sink = new CaptureSink(path);
  sink.write('{\n "name": "Ada Example",\n "type": "personal_chat",\n "id": 2002,\n "messages": [\n');
  for (let i = 1; sink.length < size; i++) {
    const seconds = Math.floor(AT / 1000) + i;
    const message = {
      ...{
        id: i,
        type: 'message',
        date: new Date(seconds * 1000).toISOString().slice(0, 19),
        date_unixtime: String(seconds),
      },
      ...{ from: i % 2 ? 'Owen Example' : 'Ada Example', from_id: i % 2 ? 'user1001' : 'user2002' },
      ...{ text: saying(i, 230), text_entities: [{ type: 'plain', text: saying(i, 230) }] },
    };
    sink.write(`${i === 1 ? '' : ',\n'}  ${JSON.stringify(message, null, 1).replaceAll('\n', '\n  ')}`);
  }
  sink.write('\n ]\n}\n');
  sink.end();
  return { path, keys: [] };
}

export function largeText(folder: string, size: number): WrittenCapture {
  const path = join(folder, 'WhatsApp Chat with Ada.txt');
  const sink = new CaptureSink(path);
  for (let i = 0; sink.length < size; i++) {
    const [date, time] = new Date(AT + i * 20_000).toISOString().split(/[T.]/) as [string, string];
    const [year, month, day] = date.split('-') as [string, string, string];
    sink.write(`${day}/${month}/${year}, ${time.slice(0, 5)} - ${i % 2 ? 'Owen' : 'Ada'}: ${saying(i, 230)}\n`);
  }
  sink.end();
  return { path, keys: [] };
}
