import { createCipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Plain, writeBinaryPlist } from './write-binary-plist.ts';

export const PASSWORD = 'pässword';
const CLASS = 3;
const CLASS_KEY = Buffer.alloc(32, 0x33);

/** A file as it was on the device. */
export interface DeviceFile {
  readonly domain: string;
  readonly path: string;
  readonly content: Buffer;
  /** What the list says of its size, where that is not the content's. */
  readonly size?: number;
}

export interface BackupOptions {
  readonly encrypted: boolean;
  /** Two rounds of PBKDF2, as since iOS 10.2. */
  readonly twoRounds?: boolean;
  readonly list?: 'db' | 'mbdb';
  /** MBFile says the class, and its key by reference. */
  readonly verbose?: boolean;
}

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

function wrap(key: Buffer, secret: Buffer): Buffer {
  const cipher = createCipheriv('id-aes256-wrap', key, Buffer.alloc(8, 0xa6));
  return Buffer.concat([cipher.update(secret), cipher.final()]);
}

function encrypt(key: Buffer, content: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16));
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

function tlv(tag: string, value: Buffer | number): Buffer {
  const bytes = typeof value === 'number' ? be(value, 4) : value;
  return Buffer.concat([Buffer.from(tag), be(bytes.length, 4), bytes]);
}

function be(value: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) & 0xff));
}

function le32(value: number): Buffer {
  return be(value, 4).reverse();
}

function keybag(twoRounds: boolean): Buffer {
  const [salt, first] = [Buffer.alloc(20, 1), Buffer.alloc(20, 2)];
  const start = twoRounds ? pbkdf2Sync(PASSWORD, first, 50, 32, 'sha256') : Buffer.from(PASSWORD);
  const key = pbkdf2Sync(start, salt, 20, 32, 'sha1');
  const head = [
    tlv('VERS', 3),
    tlv('TYPE', 1),
    tlv('UUID', Buffer.alloc(16, 9)),
    tlv('HMCK', Buffer.alloc(40)),
    tlv('WRAP', 0),
  ];
  const rounds = [tlv('SALT', salt), tlv('ITER', 20)];
  const slow = twoRounds ? [tlv('DPWT', 1), tlv('DPIC', 50), tlv('DPSL', first)] : [];
  const entry = (id: number, wrapped: Buffer) => [
    tlv('UUID', Buffer.alloc(16, id)),
    tlv('CLAS', id),
    tlv('WRAP', 2),
    tlv('KTYP', 0),
    tlv('WPKY', wrapped),
  ];
  return Buffer.concat([
    ...head,
    ...rounds,
    ...slow,
    ...entry(CLASS, wrap(key, CLASS_KEY)),
    ...entry(11, wrap(key, Buffer.alloc(32, 4))),
  ]);
}

function fileKeyOf({ path }: DeviceFile): Buffer {
  return createHash('sha256').update(`key of ${path}`).digest();
}

function archive(file: DeviceFile, { encrypted, verbose }: BackupOptions): Buffer {
  const key = Buffer.concat([le32(CLASS), wrap(CLASS_KEY, fileKeyOf(file))]);
  const data: Plain = verbose === true ? { 'NS.data': { uid: 3 } } : { 'NS.data': key };
  const root: Record<string, Plain> = {
    Size: file.size ?? file.content.length,
    Mode: 0o100644,
    LastModified: 1_700_000_000,
    Birth: 1_690_000_000,
  };
  if (encrypted) root.EncryptionKey = { uid: 2 };
  if (verbose === true) root.ProtectionClass = CLASS;
  return writeBinaryPlist({
    $version: 100000,
    $archiver: 'NSKeyedArchiver',
    $top: { root: { uid: 1 } },
    $objects: ['$null', root, data, key],
  });
}

function manifestDatabase(files: readonly DeviceFile[], options: BackupOptions): Buffer {
  return databaseOf((db) => {
    db.exec('CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB)');
    const insert = db.prepare('INSERT INTO Files VALUES (?, ?, ?, ?, ?)');
    for (const file of files)
      insert.run(sha1(`${file.domain}-${file.path}`), file.domain, file.path, 1, archive(file, options));
    const folder = writeBinaryPlist({ $top: { root: { uid: 1 } }, $objects: ['$null', { Mode: 0o40755, Size: 0 }] });
    insert.run(sha1('HomeDomain-Library'), 'HomeDomain', 'Library', 2, folder);
  });
}

function manifestRecords(files: readonly DeviceFile[], { encrypted }: BackupOptions): Buffer {
  const text = (value: Buffer | null) =>
    value === null ? Buffer.from([255, 255]) : Buffer.concat([be(value.length, 2), value]);
  const records = files.map((file) => {
    const key = encrypted ? Buffer.concat([le32(CLASS), wrap(CLASS_KEY, fileKeyOf(file))]) : null;
    const texts = [Buffer.from(file.domain), Buffer.from(file.path), null, null, key].map(text);
    const fixed = [
      be(0o100644, 2),
      be(7, 8),
      be(501, 4),
      be(501, 4),
      be(1_400_000_000, 4),
      be(1, 4),
      be(1_390_000_000, 4),
    ];
    const property = [text(Buffer.from('name')), text(Buffer.from('value'))];
    return Buffer.concat([...texts, ...fixed, be(file.content.length, 8), be(CLASS, 1), be(1, 1), ...property]);
  });
  return Buffer.concat([Buffer.from('mbdb\x05\x00', 'latin1'), ...records]);
}

/** The files of a backup folder by path. */
export function makeIosBackup(files: readonly DeviceFile[], options: BackupOptions): Map<string, Buffer> {
  const manifestKey = Buffer.alloc(32, 0x44);
  const plist: Record<string, Plain> = {
    IsEncrypted: options.encrypted,
    Version: '10.0',
    Lockdown: { ProductVersion: '17.0' },
  };
  if (options.encrypted) {
    plist.BackupKeyBag = keybag(options.twoRounds === true);
    plist.ManifestKey = Buffer.concat([le32(CLASS), wrap(CLASS_KEY, manifestKey)]);
  }
  const folder = new Map([['Manifest.plist', writeBinaryPlist(plist)]]);
  const isFlat = options.list === 'mbdb';
  for (const file of files) {
    const id = sha1(`${file.domain}-${file.path}`);
    folder.set(
      isFlat ? id : `${id.slice(0, 2)}/${id}`,
      options.encrypted ? encrypt(fileKeyOf(file), file.content) : file.content,
    );
  }
  if (isFlat) folder.set('Manifest.mbdb', manifestRecords(files, options));
  else {
    const database = manifestDatabase(files, options);
    folder.set('Manifest.db', options.encrypted ? encrypt(manifestKey, database) : database);
  }
  return folder;
}

export function databaseOf(fill: (db: DatabaseSync) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'ios-test-'));
  try {
    const db = new DatabaseSync(join(folder, 'db'));
    fill(db);
    db.close();
    return readFileSync(join(folder, 'db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
