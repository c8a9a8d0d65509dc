import { createDecipheriv, createHash } from 'node:crypto';
import type { ByteSource } from '../../byte-source.ts';
import { type JsonObject, objectOf, textOf } from './json-value.ts';
import { looseBase64 } from './loose-base64.ts';

/** An encrypted file as an event names it (Matrix specification, "Sending encrypted attachments"). */
export interface EncryptedFile {
  readonly url: string;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Of the ciphertext. */
  readonly sha256: Uint8Array;
}

const PIECE = 1024 * 1024;

/** Reads an `EncryptedFile` object, version v2; null where a part is missing or has another length. */
export function readEncryptedFile(file: JsonObject): EncryptedFile | null {
  const key = looseBase64(textOf(objectOf(file, 'key'), 'k'));
  const iv = looseBase64(textOf(file, 'iv'));
  const sha256 = looseBase64(textOf(objectOf(file, 'hashes'), 'sha256'));
  const url = textOf(file, 'url');
  if (key?.length !== 32 || iv?.length !== 16 || sha256?.length !== 32) return null;
  return { url: url ?? '', key, iv, sha256 };
}

/** SHA-256 of a file's content, or null where the hash that the event states is not that of the ciphertext. */
export function openAttachment(
  file: EncryptedFile,
  source: ByteSource,
  take: (piece: Uint8Array) => void = () => {},
): string | null {
  if (!hashOf(source).equals(file.sha256)) return null;
  const decipher = createDecipheriv('aes-256-ctr', file.key, file.iv);
  const hash = createHash('sha256');
  for (let at = 0; at < source.length; at += PIECE) {
    const piece = decipher.update(source.read(at, PIECE));
    hash.update(piece);
    take(piece);
  }
  return hash.digest('hex');
}

/** SHA-256 of a file as it stands. */
export function hashOf(source: ByteSource): Buffer {
  const hash = createHash('sha256');
  for (let at = 0; at < source.length; at += PIECE) hash.update(source.read(at, PIECE));
  return hash.digest();
}
