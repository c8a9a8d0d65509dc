import { createDecipheriv, createHmac } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inflateSync } from 'node:zlib';
import { makeKeys, writeBackup } from '../../fixtures/whatsapp/backup-file.ts';
import { whatsApp } from './lab.ts';

const PAGE_HEADER_RIGHT = 8;
/** Field 3 { field 1: 16 bytes }: where a crypt15 header holds its IV. */
const IV_MARK = Buffer.from('1a120a10', 'hex');

/** The database inside the crypt15 fixture, by node:crypto alone. */
export function fixtureDatabase(): Buffer {
  const file = readFileSync(join(whatsApp, 'msgstore.db.crypt15'));
  const root = Buffer.from(readFileSync(join(whatsApp, 'root-key.txt'), 'utf8').trim(), 'hex');
  const inner = createHmac('sha256', Buffer.alloc(32)).update(root).digest();
  const key = createHmac('sha256', inner).update('backup encryption').update(Buffer.of(1)).digest();
  const iv = file.subarray(file.indexOf(IV_MARK) + 4).subarray(0, 16);
  const start = headerEnd(file);
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(file.subarray(-32, -16));
  return inflateSync(Buffer.concat([decipher.update(file.subarray(start, -32)), decipher.final()]));
}

/** A clear message store whose table of messages is a tree that leads back to its own root. */
export function writeLoopedDatabase(path: string): void {
  const bytes = fixtureDatabase();
  writeFileSync(path, bytes);
  const db = new DatabaseSync(path, { readOnly: true });
  const row = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'message'").get();
  db.close();
  const root = Number(row?.rootpage);
  const start = (root - 1) * bytes.readUInt16BE(16);
  if (bytes[start] !== 5) throw new Error('the table of the fixture is no interior page');
  bytes.writeUInt32BE(root, start + PAGE_HEADER_RIGHT);
  writeFileSync(path, bytes);
}

/** A crypt15 backup, properly sealed with the key of `seed`, that unpacks to `size` bytes of nothing. */
export async function writeBomb(path: string, size: number, seed: number): Promise<string> {
  const plain = `${path}.plain`;
  const bytes = Buffer.alloc(size);
  bytes.write('SQLite format 3\0', 'latin1');
  writeFileSync(plain, bytes);
  const keys = makeKeys(seed);
  await writeBackup(plain, path, { kind: 'crypt15', keys, iv: Buffer.alloc(16, 7), suffix: '10', level: 9 });
  rmSync(plain);
  return Buffer.from(keys.root).toString('hex');
}

function headerEnd(file: Buffer): number {
  let length = 0;
  let at = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = file[at++] as number;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) return at + length;
  }
}
