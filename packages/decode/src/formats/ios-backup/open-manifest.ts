import { CustodyError } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { rootOf } from './backup-files.ts';
import { CbcSource, unpaddedLength } from './cbc-source.ts';
import { DatabaseManifest, type Manifest, RecordManifest } from './manifest.ts';
import { isMbdb } from './mbdb.ts';
import type { BackupKeys } from './unlock.ts';

/** Held in memory as a whole: some 200 bytes a file. */
const LONGEST_RECORDS = 1024 * 1024 * 1024;
const MAGIC = 'SQLite format 3\0';

export function isRefused(manifest: Manifest | Finding): manifest is Finding {
  return 'code' in manifest;
}

/** The list of the backup's files; else the finding that says why there is none. */
export function openManifest(file: CaptureFile, keys: BackupKeys | null): Manifest | Finding {
  const root = rootOf(file);
  const path = `${root}Manifest.db`;
  const says = (code: Finding['code'], detail: string) => finding(code, path, { records: null, detail });
  const database = file.folder?.open(path) ?? null;
  const records = file.folder?.open(`${root}Manifest.mbdb`) ?? null;
  if (database === null && records !== null) return openRecords(records, `${root}Manifest.mbdb`);
  if (database === null) {
    const detail =
      'Manifest.db is not beside Manifest.plist: it holds the keys of all files, so that nothing can be opened. The whole folder of the backup is needed.';
    return says('TRUNCATED', detail);
  }
  const isClear = startsClear(database);
  if (!isClear && keys?.manifest == null) {
    return says('FORMAT_UNKNOWN', 'Manifest.db is encrypted, and the keybag opens no key for it.');
  }
  const source = isClear ? database : decrypted(database, (keys as BackupKeys).manifest as Uint8Array);
  try {
    const manifest = new DatabaseManifest(source, isClear ? path : `${path}!aes-cbc`);
    return manifest.hasFiles
      ? manifest
      : says('FORMAT_UNKNOWN', 'Manifest.db has no table Files: nothing in it lists files.');
  } catch (error) {
    if (!(error instanceof CustodyError) || error.family !== 'format') throw error;
    const why = isClear ? '' : 'The password is right: the keybag opened. ';
    return says(
      isClear ? 'FORMAT_UNKNOWN' : 'KEY_PROVEN_THEN_DAMAGE',
      `${why}Manifest.db is damaged: ${error.message}.`,
    );
  }
}

function openRecords(source: ByteSource, path: string): Manifest | Finding {
  const says = (code: Finding['code'], detail: string) => finding(code, path, { records: null, detail });
  if (source.length > LONGEST_RECORDS) return says('LIMIT_EXCEEDED', 'Manifest.mbdb is longer than any is.');
  if (!isMbdb(source.read(0, 6))) return says('FORMAT_UNKNOWN', 'Manifest.mbdb does not begin as one.');
  return new RecordManifest(source, path);
}

function startsClear(source: ByteSource): boolean {
  const head = source.read(0, MAGIC.length);
  return head.length === MAGIC.length && head.every((byte, i) => byte === MAGIC.charCodeAt(i));
}

function decrypted(source: ByteSource, key: Uint8Array): ByteSource {
  return new CbcSource(source, key, unpaddedLength(source, key) ?? source.length);
}
