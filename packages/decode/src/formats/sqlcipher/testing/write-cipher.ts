import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** How an encrypted fixture is written; numbers are those of the SQLCipher documentation, given by the test. */
export interface WriteOptions {
  readonly pageSize: number;
  readonly reserve: number;
  readonly hmac: 'sha1' | 'sha256' | 'sha512' | null;
  readonly kdf: 'sha1' | 'sha256' | 'sha512';
  readonly iterations: number;
  readonly passphrase?: string;
  readonly rawKey?: Buffer;
  readonly clearHeader?: number;
  readonly bigEndian?: boolean;
}

export const SALT: Buffer = createHash('md5').update('salt of the fixture').digest();

/** A database by SQL whose pages keep `reserve` bytes free, as page ciphers need them. */
export function plainDatabase(fill: (db: DatabaseSync) => void, { pageSize, reserve }: WriteOptions): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'cipher-test-'));
  const path = join(folder, 'db');
  try {
    let db = new DatabaseSync(path);
    db.exec(`PRAGMA page_size = ${pageSize}; CREATE TABLE x (a); DROP TABLE x; VACUUM`);
    db.close();
    // SQLite keeps the number that an empty database has; its first page ends that much earlier.
    const empty = readFileSync(path);
    empty[20] = reserve;
    empty.writeUInt16BE(pageSize - reserve, 105);
    writeFileSync(path, empty);
    db = new DatabaseSync(path);
    fill(db);
    db.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Encrypts a database page by page. */
export function encryptDatabase(plain: Buffer, options: WriteOptions): Buffer {
  const { pageSize, reserve, clearHeader = 16 } = options;
  const key = options.rawKey ?? pbkdf2Sync(options.passphrase ?? '', SALT, options.iterations, 32, options.kdf);
  const out = Buffer.alloc(plain.length);
  for (let page = 1; page * pageSize <= plain.length; page++) {
    const source = plain.subarray((page - 1) * pageSize, page * pageSize);
    const sealed = out.subarray((page - 1) * pageSize, page * pageSize);
    const from = page === 1 ? clearHeader : 0;
    const end = pageSize - reserve;
    const iv = createHash('md5').update(`iv ${page}`).digest();
    const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
    if (page === 1) (clearHeader > 16 ? source.subarray(0, clearHeader) : SALT).copy(sealed);
    Buffer.concat([cipher.update(source.subarray(from, end)), iv]).copy(sealed, from);
    if (options.hmac === null) continue;
    const macSalt = Buffer.from(SALT.map((byte) => byte ^ 0x3a));
    const macKey = pbkdf2Sync(key, macSalt, 2, 32, options.kdf);
    const number = Buffer.alloc(4);
    if (options.bigEndian === true) number.writeUInt32BE(page);
    else number.writeUInt32LE(page);
    const mac = createHmac(options.hmac, macKey)
      .update(sealed.subarray(from, end + 16))
      .update(number);
    mac.digest().copy(sealed, end + 16);
  }
  return out;
}
