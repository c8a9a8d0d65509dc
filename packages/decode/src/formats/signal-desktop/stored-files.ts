import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { base64Decode } from '@custody/bytes';
import type { Attachment } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import { type FileDigest, fileDigest } from '../../file-digest.ts';
import type { RowTally } from '../../row-store/row-tally.ts';

/** What a row or the JSON of a message says about a file. */
export interface StatedFile {
  readonly path: string | null;
  readonly name: string | null;
  readonly mime: string | null;
  readonly size: number | null;
  /** SHA-256 of the content, hex. */
  readonly plaintextHash: string | null;
  /** Base64 of 64 bytes: AES-256 key and HMAC-SHA256 key; null for files of before 2024, which stand in clear. */
  readonly localKey: string | null;
}

const PIECE = 1024 * 1024;
const IV_LENGTH = 16;
const MAC_LENGTH = 32;
const KEYS_LENGTH = 64;

/** Opens a file that a message names, and says what became of it. */
export function openStatedFile(
  stated: StatedFile,
  attached: (path: string) => ByteSource | null,
  tally: RowTally,
): Attachment {
  const { name, mime, size, plaintextHash } = stated;
  const source = stated.path === null ? null : attached(stated.path.replaceAll('\\', '/'));
  if (source === null) {
    tally.absentFiles++;
    return { name: name ?? stated.path, mime, size, sha256: hashIn(plaintextHash), present: false };
  }
  const found = stated.localKey === null ? fileDigest(source) : decryptedDigest(source, stated.localKey, size);
  const isWhole = found !== null && (plaintextHash === null || found.sha256 === plaintextHash.toLowerCase());
  if (isWhole) return { name: name ?? stated.path, mime, size: found.size, sha256: found.sha256, present: true };
  tally.damagedFiles++;
  return { name: name ?? stated.path, mime, size, sha256: null, present: false };
}

function hashIn(hash: string | null): string | null {
  return hash !== null && /^[0-9a-f]{64}$/i.test(hash) ? hash.toLowerCase() : null;
}

/** IV, AES-256-CBC, HMAC-SHA256 over both; padded, so `size` says where the content ends. Null where the MAC is wrong. */
function decryptedDigest(source: ByteSource, localKey: string, size: number | null): FileDigest | null {
  const keys = keysIn(localKey);
  const macAt = source.length - MAC_LENGTH;
  if (keys === null || macAt < 2 * IV_LENGTH || (macAt - IV_LENGTH) % IV_LENGTH !== 0) return null;
  const iv = source.read(0, IV_LENGTH);
  const hmac = createHmac('sha256', keys.subarray(32)).update(iv);
  const decipher = createDecipheriv('aes-256-cbc', keys.subarray(0, 32), iv);
  const hash = createHash('sha256');
  let left = size ?? Number.POSITIVE_INFINITY;
  let length = 0;
  const take = (plain: Uint8Array): void => {
    const part = plain.subarray(0, Math.min(plain.length, left));
    hash.update(part);
    left -= part.length;
    length += part.length;
  };
  for (let at = IV_LENGTH; at < macAt; at += PIECE) {
    const piece = source.read(at, Math.min(PIECE, macAt - at));
    hmac.update(piece);
    take(decipher.update(piece));
  }
  if (!timingSafeEqual(hmac.digest(), source.read(macAt, MAC_LENGTH))) return null;
  take(decipher.final());
  return size !== null && length < size ? null : { sha256: hash.digest('hex'), size: length };
}

function keysIn(localKey: string): Uint8Array | null {
  try {
    const keys = base64Decode(localKey);
    return keys.length === KEYS_LENGTH ? keys : null;
  } catch {
    return null;
  }
}
