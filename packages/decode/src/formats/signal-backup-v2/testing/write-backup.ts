import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { inventedProto } from './invented-proto.ts';

/** Writes invented backups with protobufjs and node:crypto; shares no code with the decoder. */
const { root } = protobuf.parse(inventedProto, { keepCase: true });

/** As an app would show it: capitals, groups, `#` for the letter and `=` for the digit. */
export const POOL: string = 'k0o1'.repeat(16);
export const SHOWN_POOL: string = 'K=#1 '.repeat(16);
export const OWN_ACI = '5a5a5a5a-0000-4000-8000-000000000001';
export const TOKEN: Buffer = Buffer.alloc(32, 0x31);
export const FOLDER = 'signal-backup-2026-01-02-03-04-05';
const IV = Buffer.from('invented iv here');

export type Json = { readonly [name: string]: unknown };

export function encode(type: string, message: Json): Buffer {
  const kind = root.lookupType(type);
  return Buffer.from(kind.encode(kind.fromObject(message as Record<string, unknown>)).finish());
}

function delimited(type: string, message: Json): Buffer {
  const kind = root.lookupType(type);
  return Buffer.from(kind.encodeDelimited(kind.fromObject(message as Record<string, unknown>)).finish());
}

export interface Frames {
  readonly bytes: Buffer;
  /** Where each message begins, and the end. */
  readonly offsets: readonly number[];
}

export function framesOf(frames: readonly Json[], version = 1): Frames {
  const info = delimited('Info', {
    version,
    backupTimeMs: 1_767_322_000_000,
    mediaRootBackupKey: Buffer.alloc(32, 9),
    currentAppVersion: 'Invented 1.0',
  });
  const parts = [info, ...frames.map((frame) => delimited('Frame', frame))];
  const offsets = [0];
  for (const part of parts) offsets.push((offsets.at(-1) as number) + part.length);
  return { bytes: Buffer.concat(parts), offsets };
}

const hkdf = (key: Uint8Array | string, info: string | Buffer, length: number, salt: Uint8Array | string = '') =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length));

function messageKeys(pool: string, id: Buffer, token: Buffer | null): { mac: Buffer; aes: Buffer } {
  const date = token === null ? '20241007' : '20250708';
  const info = Buffer.concat([Buffer.from(`${date}_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:`), id]);
  const both = hkdf(backupKey(pool), info, 64, token ?? '');
  return { mac: both.subarray(0, 32), aes: both.subarray(32) };
}

function backupKey(pool: string): Buffer {
  return hkdf(pool, '20240801_SIGNAL_BACKUP_KEY', 32);
}

function idOf(pool: string): Buffer {
  const aci = Buffer.from(OWN_ACI.replaceAll('-', ''), 'hex');
  return hkdf(backupKey(pool), Buffer.concat([Buffer.from('20241024_SIGNAL_BACKUP_ID:'), aci]), 16);
}

function padded(compressed: Buffer): Buffer {
  const bucket = Math.max(541, Math.floor(1.05 ** Math.ceil(Math.log(compressed.length) / Math.log(1.05))));
  return Buffer.concat([compressed, Buffer.alloc(Math.max(0, bucket - compressed.length))]);
}

function seal(plain: Buffer, { mac, aes }: { mac: Buffer; aes: Buffer }): Buffer {
  const cipher = createCipheriv('aes-256-cbc', aes, IV);
  const body = Buffer.concat([IV, cipher.update(plain), cipher.final()]);
  return Buffer.concat([body, createHmac('sha256', mac).update(body).digest()]);
}

/** A remote file: with a token behind its magic, without one bare. */
export function remoteFile(frames: Buffer, token: Buffer | null = TOKEN, pool: string = POOL): Buffer {
  const sealed = seal(padded(gzipSync(frames)), messageKeys(pool, idOf(pool), token));
  if (token === null) return sealed;
  const metadata = Buffer.alloc(100, 7);
  return Buffer.concat([Buffer.from('SBACKUP\x01', 'latin1'), Buffer.of(metadata.length), metadata, sealed]);
}

/** A file of a backup folder: its pointer in a message, its name and its bytes. */
export interface MediaFile {
  readonly pointer: Json;
  readonly name: string;
  readonly sealed: Buffer;
}

export function mediaFile(content: Buffer, described: { fileName?: string; contentType: string }): MediaFile {
  const localKey = createHash('sha512').update(content).digest();
  const plaintextHash = createHash('sha256').update(content).digest();
  const name = createHash('sha256').update(plaintextHash).update(localKey).digest('hex');
  const keys = { aes: localKey.subarray(0, 32), mac: localKey.subarray(32) };
  const locatorInfo = { key: Buffer.alloc(64, 3), size: content.length, localKey, plaintextHash };
  return { pointer: { ...described, locatorInfo }, name, sealed: seal(padded(content), keys) };
}

/** A backup folder by path, with the files that are there and the names that its list has. */
export function backupFolder(
  frames: Buffer,
  media: { readonly stored: readonly MediaFile[]; readonly listed: readonly string[] } = { stored: [], listed: [] },
): Map<string, Buffer> {
  const iv = Buffer.from('twelve bytes');
  const key = hkdf(backupKey(POOL), '20241011_SIGNAL_LOCAL_BACKUP_METADATA_KEY', 32);
  const counter = Buffer.concat([iv, Buffer.alloc(4)]);
  const encryptedId = createCipheriv('aes-256-ctr', key, counter).update(idOf(POOL));
  const sealed = seal(padded(gzipSync(frames)), messageKeys(POOL, idOf(POOL), null));
  return new Map([
    [`${FOLDER}/files`, Buffer.concat(media.listed.map((mediaName) => delimited('Entry', { mediaName })))],
    [`${FOLDER}/main`, sealed],
    [`${FOLDER}/metadata`, encode('Metadata', { version: 1, backupId: { iv, encryptedId } })],
    ...media.stored.map((one) => [`files/${one.name.slice(0, 2)}/${one.name}`, one.sealed] as const),
  ]);
}
