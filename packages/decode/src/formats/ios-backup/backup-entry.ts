import { CustodyError } from '@custody/bytes';
import { readBinaryPlist } from '../../plist/binary-plist.ts';
import { KeyedArchive } from '../../plist/keyed-archive.ts';
import { plistBytes, plistNumber } from '../../plist/plist-value.ts';

/** One file, folder or link of a backup, as its manifest lists it. */
export interface BackupEntry {
  /** SHA-1 of domain, `-` and path, hex: the name of the file that holds the content. */
  readonly fileId: string;
  readonly domain: string;
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'unknown';
  /** Null where the manifest does not say. */
  readonly size: number | null;
  readonly mode: number | null;
  /** Seconds since 1970. */
  readonly modified: number | null;
  readonly created: number | null;
  readonly protectionClass: number | null;
  /** Class and wrapped key; null where the file is not encrypted. */
  readonly key: Uint8Array | null;
  /** False where what describes the file could not be read. */
  readonly isReadable: boolean;
}

/** Bits of a mode that tell files, folders and links (POSIX sys/stat.h, as Apple has it). */
const KINDS: Readonly<Record<number, BackupEntry['kind']>> = { 8: 'file', 4: 'folder', 10: 'link' };
/** `flags` of the table Files. */
const FLAGS: Readonly<Record<number, BackupEntry['kind']>> = { 1: 'file', 2: 'folder', 4: 'link' };

export function kindOf(mode: number | null, flags: number | null): BackupEntry['kind'] {
  return KINDS[((mode ?? 0) >>> 12) & 15] ?? FLAGS[flags ?? 0] ?? 'unknown';
}

/** What a row of Files says, its archived MBFile included. */
export function readEntry(row: {
  readonly fileId: string;
  readonly domain: string;
  readonly path: string;
  readonly flags: number | null;
  readonly file: Uint8Array | null;
}): BackupEntry {
  const archive = archiveOf(row.file);
  const number = (name: string): number | null => (archive === null ? null : plistNumber(archive.value(name)));
  const mode = number('Mode');
  return {
    fileId: row.fileId,
    domain: row.domain,
    path: row.path,
    kind: kindOf(mode, row.flags),
    size: number('Size'),
    mode,
    modified: number('LastModified'),
    created: number('Birth'),
    protectionClass: number('ProtectionClass'),
    key: archive === null ? null : plistBytes(archive.value('EncryptionKey')),
    isReadable: archive !== null,
  };
}

function archiveOf(file: Uint8Array | null): KeyedArchive | null {
  if (file === null) return null;
  try {
    return new KeyedArchive(readBinaryPlist(file));
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
}
