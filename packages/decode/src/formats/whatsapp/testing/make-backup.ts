import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Keyring } from '../../../keyring.ts';

export const ROOT: Uint8Array = new Uint8Array(32).fill(0x42);
export const KEYRING: Keyring = { keys: [{ for: 'whatsapp-crypt15', bytes: ROOT, source: 'test key' }] };
const IV = new Uint8Array(16).fill(7);

/** A crypt15 backup around any packed content: what the tag says is right, whatever the content is. */
export function makeCrypt15(packed: Uint8Array, options: { md5?: boolean } = {}): Uint8Array {
  const message = Uint8Array.of(0x08, 1, 0x1a, 18, 0x0a, 16, ...IV);
  const header = concatBytes([Uint8Array.of(message.length), message]);
  const cipher = createCipheriv('aes-256-gcm', backupKey(), IV);
  const body = concatBytes([header, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
  return options.md5 === false ? body : concatBytes([body, createHash('md5').update(body).digest()]);
}

/** HKDF-SHA-256 (RFC 5869) without salt, one block, as the app's key is derived. */
function backupKey(): Buffer {
  const pseudorandom = createHmac('sha256', Buffer.alloc(32)).update(ROOT).digest();
  return createHmac('sha256', pseudorandom).update('backup encryption').update(Buffer.of(1)).digest();
}

function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The bytes of a database made by SQL. */
export function makeDatabase(sql: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'whatsapp-test-'));
  try {
    const path = join(folder, 'db');
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA journal_mode = DELETE; ${sql}`);
    db.close();
    return new Uint8Array(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A ZIP with deflated members. */
export function makeZip(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const packed = deflateRawSync(bytes);
    const text = new TextEncoder().encode(name);
    const fields = [le(0, 2), le(8, 2), le(0, 4), le(crc32(bytes), 4), le(packed.length, 4), le(bytes.length, 4)];
    const local = concatBytes([le(0x04034b50, 4), le(20, 2), ...fields, le(text.length, 2), le(0, 2), text, packed]);
    directory.push(
      concatBytes([le(0x02014b50, 4), le(20, 2), le(20, 2), ...fields, le(text.length, 2), le(0, 12), le(at, 4), text]),
    );
    parts.push(local);
    at += local.length;
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  const count = le(directory.length, 2);
  return concatBytes([
    ...parts,
    ...directory,
    le(0x06054b50, 4),
    le(0, 4),
    count,
    count,
    le(size, 4),
    le(at, 4),
    le(0, 2),
  ]);
}

function le(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) & 0xff);
}
