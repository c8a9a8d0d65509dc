import { createHash } from 'node:crypto';
import { utf8DecodeLossy } from '@custody/bytes';
import { type BackupEntry, kindOf } from './backup-entry.ts';

/** "mbdb" and version 5.0. */
const HEADER = [0x6d, 0x62, 0x64, 0x62, 5, 0];
/** Of a record after its five texts: mode, inode, owner, group, three times, size, class, number of properties. */
const FIXED = 40;

export function isMbdb(bytes: Uint8Array): boolean {
  return HEADER.every((byte, i) => bytes[i] === byte);
}

export const MBDB_HEADER: number = HEADER.length;

/** A record of Manifest.mbdb (backups before iOS 10) and where it ends. */
export interface MbdbRecord {
  readonly entry: BackupEntry;
  readonly end: number;
}

/** The record at an offset; null where there is no whole one. Layout: iphonedevwiki "Manifest.mbdb", read for the fields. */
export function readMbdbRecord(bytes: Uint8Array, offset: number): MbdbRecord | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = offset;
  const value = (): Uint8Array | null | undefined => {
    if (at + 2 > bytes.length) return undefined;
    const length = view.getUint16(at);
    at += 2;
    if (length === 0xffff) return null;
    if (at + length > bytes.length) return undefined;
    at += length;
    return bytes.subarray(at - length, at);
  };
  // Domain, path, target of a link, hash of the content, wrapped key.
  const parts = [value(), value(), value(), value(), value()];
  if (parts.includes(undefined) || at + FIXED > bytes.length) return null;
  const [domain, path, , , key] = parts.map((part) => part ?? null);
  const fixed = at;
  at += FIXED;
  for (let left = (bytes[fixed + FIXED - 1] as number) * 2; left > 0; left--) if (value() === undefined) return null;
  const mode = view.getUint16(fixed);
  const domainText = utf8DecodeLossy(domain ?? new Uint8Array(0));
  const pathText = utf8DecodeLossy(path ?? new Uint8Array(0));
  const entry: BackupEntry = {
    fileId: fileIdOf(domainText, pathText),
    domain: domainText,
    path: pathText,
    kind: kindOf(mode, null),
    size: Number(view.getBigUint64(fixed + 30)),
    mode,
    modified: view.getUint32(fixed + 18),
    created: view.getUint32(fixed + 26),
    protectionClass: bytes[fixed + 38] as number,
    key: key === null || key === undefined || key.length === 0 ? null : key.slice(),
    isReadable: true,
  };
  return { entry, end: at };
}

/** The name under which a file is kept. */
export function fileIdOf(domain: string, path: string): string {
  return createHash('sha1').update(`${domain}-${path}`).digest('hex');
}
