import { createDecipheriv, createHmac } from 'node:crypto';
import { constants, gunzipSync } from 'node:zlib';
import { equalBytes } from '@custody/bytes';
import type { MessageKeys } from './backup-keys.ts';
import { attempt, type Container } from './container.ts';
import { AES_BLOCK, BACKUP_VERSION, MAC_LENGTH, SHORTEST } from './layout.ts';
import { readMessage } from './schema/read-message.ts';
import { messageType } from './schema/schema.ts';

const CHUNK = 1024 * 1024;
/** Enough ciphertext to inflate the first message from, and to see the padding at the end. */
const START = 4096;
const END = 3 * AES_BLOCK;
/** Zeros and padding at the end that noise does not show: 2^-64. */
const TELLING = 8;

/** Which of these keys the MAC of a file verifies under, in one pass; null: under none. */
export function verifiedUnder<T extends { readonly keys: MessageKeys }>(
  { source, start }: Container,
  tried: readonly T[],
  progress?: (done: number) => void,
): T | null {
  const end = source.length - MAC_LENGTH;
  if (end - start < SHORTEST - MAC_LENGTH || (end - start) % AES_BLOCK !== 0) return null;
  const macs = tried.map(({ keys }) => createHmac('sha256', keys.mac));
  for (let at = start; at < end; at += CHUNK) {
    const chunk = source.read(at, Math.min(CHUNK, end - at));
    for (const mac of macs) mac.update(chunk);
    progress?.(at);
  }
  const stated = source.read(end, MAC_LENGTH);
  const digests = macs.map((mac) => mac.digest());
  return tried.find((_, i) => equalBytes(digests[i] as Uint8Array, stated)) ?? null;
}

/** Decrypted pieces (RFC 3602), the padding among them, from the IV at `start` to the last whole block before `end`. */
export function* decrypted(
  { source, start }: Container,
  { cipher }: MessageKeys,
  { end, piece = CHUNK }: { readonly end: number; readonly piece?: number },
): Generator<{ readonly bytes: Uint8Array; readonly done: number }> {
  const first = start + AES_BLOCK;
  const last = first + Math.max(0, Math.floor((end - first) / AES_BLOCK)) * AES_BLOCK;
  const decipher = createDecipheriv('aes-256-cbc', cipher, source.read(start, AES_BLOCK)).setAutoPadding(false);
  for (let at = first; at < last; at += piece) {
    const chunk = source.read(at, Math.min(piece, last - at));
    const bytes = decipher.update(chunk);
    const done = at + chunk.length;
    yield { bytes: done === last ? withoutPadding(bytes) : bytes, done };
  }
}

/** Without PKCS #7 padding (RFC 5652 6.3), where there is any. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  const pad = bytes.at(-1) ?? 0;
  if (pad === 0 || pad > AES_BLOCK || !bytes.subarray(-pad).every((byte) => byte === pad)) return bytes;
  return bytes.subarray(0, bytes.length - pad);
}

/**
 * Whether a key is the right one although the MAC does not verify: the content begins as a backup does, or ends as one
 * does. A wrong key shows neither: 2^-64 and less.
 */
export function fitsWithoutMac(container: Container, keys: MessageKeys): 'start' | 'end' | null {
  const { source, start } = container;
  if (source.length - start < AES_BLOCK * 2) return null;
  if (beginsUnder(container, keys)) return 'start';
  return endsAsBackup(container, keys) ? 'end' : null;
}

/** Whether the first bytes, decrypted under these keys, are the beginning of a backup. */
export function beginsUnder(container: Container, keys: MessageKeys): boolean {
  const end = Math.min(container.source.length, container.start + AES_BLOCK + START);
  const head = decrypted(container, keys, { end }).next();
  return head.done !== true && beginsAsBackup(head.value.bytes);
}

/** A compressed BackupInfo of the known version. Damage behind it must not hide it, so shorter prefixes are tried. */
export function beginsAsBackup(plain: Uint8Array): boolean {
  if (plain[0] !== 0x1f || plain[1] !== 0x8b || plain[2] !== 8) return false;
  for (let length = plain.length; length >= 64; length = Math.floor(length / 2)) {
    const inflated = inflatedPrefix(plain.subarray(0, length));
    if (inflated !== null && beginsAsFrames(inflated)) return true;
  }
  return false;
}

function inflatedPrefix(bytes: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 8 * CHUNK });
  } catch {
    // Not deflate as far as this.
    return null;
  }
}

/** Whether plain bytes begin with the message that leads every backup. */
export function beginsAsFrames(plain: Uint8Array): boolean {
  const length = plain[0] ?? 0;
  // Its fields are some 50 to 100 bytes: one byte of length, or two.
  const [size, at] = length < 0x80 ? [length, 1] : [(length & 0x7f) + ((plain[1] ?? 0x80) & 0x7f) * 128, 2];
  if (size < 2 || size > START || at + size > plain.length) return false;
  const info = attempt(() => readMessage(messageType('BackupInfo'), plain.subarray(at, at + size), new Map()));
  return info?.version === BACKUP_VERSION && info.backupTimeMs !== undefined;
}

/** PKCS #7 padding, behind the zeros that hide the length. */
function endsAsBackup({ source, start, path, kind, sealedId }: Container, keys: MessageKeys): boolean {
  const from = source.length - MAC_LENGTH - END - AES_BLOCK;
  if (from < start || (source.length - MAC_LENGTH - start) % AES_BLOCK !== 0) return false;
  const tail = { source, start: from, path, kind, sealedId };
  const [last] = decrypted(tail, keys, { end: source.length - MAC_LENGTH });
  if (last === undefined) return false;
  const before = last.bytes;
  const pad = END - before.length;
  if (pad === 0) return false;
  let zeros = 0;
  while (zeros < before.length && before[before.length - 1 - zeros] === 0) zeros++;
  return pad + zeros >= TELLING;
}
