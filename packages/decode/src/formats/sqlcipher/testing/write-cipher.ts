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
  readonly saltMask?: number;
}

export const SALT: Buffer = createHash('md5').update('salt of the fixture').digest();

/** A database by SQL and its write-ahead log as they stand while it is open: the log holds what `later` did. */
export function databaseWithLog(
  fill: (db: DatabaseSync) => void,
  later: (db: DatabaseSync) => void,
  options: WriteOptions,
): { readonly main: Buffer; readonly wal: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'cipher-test-'));
  const path = join(folder, 'db');
  try {
    writeFileSync(path, plainDatabase(fill, options));
    const db = new DatabaseSync(path);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
    later(db);
    const files = { main: readFileSync(path), wal: readFileSync(`${path}-wal`) };
    db.close();
    return files;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A database by SQL whose pages keep `reserve` bytes free, as page ciphers need them. */
export function plainDatabase(
  fill: (db: DatabaseSync) => void,
  { pageSize, reserve }: Pick<WriteOptions, 'pageSize' | 'reserve'>,
): Buffer {
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
  const { pageSize } = options;
  const pages: Buffer[] = [];
  for (let page = 1; page * pageSize <= plain.length; page++) {
    pages.push(encryptPage(page, plain.subarray((page - 1) * pageSize, page * pageSize), options));
  }
  return Buffer.concat(pages);
}

function encryptPage(page: number, source: Buffer, options: WriteOptions): Buffer {
  const { pageSize, reserve, clearHeader = 16 } = options;
  const { key, macKey } = keysOf(options);
  const sealed = Buffer.alloc(pageSize);
  const from = page === 1 ? clearHeader : 0;
  const end = pageSize - reserve;
  const iv = createHash('md5').update(`iv ${page}`).digest();
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  if (page === 1) (clearHeader > 16 ? source.subarray(0, clearHeader) : SALT).copy(sealed);
  Buffer.concat([cipher.update(source.subarray(from, end)), iv]).copy(sealed, from);
  if (options.hmac === null) return sealed;
  const number = Buffer.alloc(4);
  if (options.bigEndian === true) number.writeUInt32BE(page);
  else number.writeUInt32LE(page);
  const mac = createHmac(options.hmac, macKey)
    .update(sealed.subarray(from, end + 16))
    .update(number);
  mac.digest().copy(sealed, end + 16);
  return sealed;
}

const known = new WeakMap<WriteOptions, { readonly key: Buffer; readonly macKey: Buffer }>();

function keysOf(options: WriteOptions): { readonly key: Buffer; readonly macKey: Buffer } {
  const made = known.get(options);
  if (made !== undefined) return made;
  const key = options.rawKey ?? pbkdf2Sync(options.passphrase ?? '', SALT, options.iterations, 32, options.kdf);
  const macSalt = Buffer.from(SALT.map((byte) => byte ^ (options.saltMask ?? 0x3a)));
  const keys = { key, macKey: pbkdf2Sync(key, macSalt, 2, 32, options.kdf) };
  known.set(options, keys);
  return keys;
}

const FRAME_HEADER = 24;
const WAL_HEADER = 32;

/** A write-ahead log whose frames hold encrypted pages, with its running checksums made anew over them. */
export function encryptLog(wal: Buffer, options: WriteOptions): Buffer {
  const out = Buffer.from(wal);
  const isLittle = wal.readUInt32BE(0) === 0x377f0682;
  let sums: readonly [number, number] = sumsOver(out.subarray(0, 24), [0, 0], isLittle);
  for (let at = WAL_HEADER; at + FRAME_HEADER + options.pageSize <= out.length; at += FRAME_HEADER + options.pageSize) {
    const page = out.subarray(at + FRAME_HEADER, at + FRAME_HEADER + options.pageSize);
    encryptPage(out.readUInt32BE(at), Buffer.from(page), options).copy(page);
    sums = sumsOver(page, sumsOver(out.subarray(at, at + 8), sums, isLittle), isLittle);
    out.writeUInt32BE(sums[0], at + 16);
    out.writeUInt32BE(sums[1], at + 20);
  }
  return out;
}

function sumsOver(bytes: Buffer, from: readonly [number, number], isLittle: boolean): readonly [number, number] {
  let [first, second] = from;
  for (let i = 0; i < bytes.length; i += 8) {
    first = (first + (isLittle ? bytes.readUInt32LE(i) : bytes.readUInt32BE(i)) + second) >>> 0;
    second = (second + (isLittle ? bytes.readUInt32LE(i + 4) : bytes.readUInt32BE(i + 4)) + first) >>> 0;
  }
  return [first, second];
}
