import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { IntegrityError, releaseBytes, UsageError } from '@custody/bytes';
import type { FileCalls, StoreFile } from './directory-calls.ts';
import type { VaultErrorCode } from './errors.ts';
import { missing, type StoreAct } from './store-error.ts';
import type { ByteRange } from './vault.ts';

/** Links are not followed; O_NONBLOCK, because opening a pipe put in an object's place would otherwise never return. */
export const READ_FLAGS: number = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** A stream is read in pieces of 1 MiB. */
const PIECE = 1024 * 1024;

export interface StoredFile {
  readonly handle: StoreFile;
  readonly size: number;
  readonly inode: number;
}

/** The stored file, which the caller closes. Throws OBJECT_MISSING for a folder, OBJECT_NOT_PLAIN for what is no file. */
export async function openStored(path: string, act: StoreAct, calls: FileCalls): Promise<StoredFile> {
  const handle = await calls.open(path, READ_FLAGS);
  try {
    const info = await handle.stat();
    if (info.isDirectory()) throw missing(act);
    if (!info.isFile()) {
      throw new IntegrityError<VaultErrorCode>(
        'OBJECT_NOT_PLAIN',
        `${act.what} in ${act.location} is not a plain file.`,
      );
    }
    return { handle, size: info.size, inode: info.ino };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The range to read of an object of `size` bytes. Throws RANGE_INVALID, OBJECT_SHORT. */
export function resolveRange(range: ByteRange | undefined, size: number, act: StoreAct): ByteRange {
  if (range === undefined) return { offset: 0, length: size };
  const { offset, length } = range;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new UsageError<VaultErrorCode>('RANGE_INVALID', `Not a range of bytes: ${offset}+${length}.`);
  }
  if (offset + length > size) {
    throw new IntegrityError<VaultErrorCode>(
      'OBJECT_SHORT',
      `${act.what} in ${act.location} has ${size} bytes, but bytes up to ${offset + length} are needed: it was cut or replaced.`,
      { detail: { size, offset, length } },
    );
  }
  return range;
}

export async function readFully(handle: StoreFile, range: ByteRange, act: StoreAct): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(range.length);
  for (let at = 0; at < range.length; ) {
    const { bytesRead } = await handle.read(bytes, at, range.length - at, range.offset + at);
    if (bytesRead === 0) resolveRange(range, range.offset + at, act);
    at += bytesRead;
  }
  return bytes;
}

/** Rooms that stored bytes are read back into, kept for the next object: as many as were compared at once. */
const rooms: Uint8Array[] = [];
const ROOM = 128 * 1024;

/** Whether the file begins with `bytes`, which it is as long as. */
export async function holdsBytes(handle: StoreFile, bytes: Uint8Array): Promise<boolean> {
  const room = rooms.pop() ?? Buffer.allocUnsafeSlow(ROOM);
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(room, 0, Math.min(ROOM, bytes.length - at), at);
      if (bytesRead === 0) return false;
      if (Buffer.compare(room.subarray(0, bytesRead), bytes.subarray(at, at + bytesRead)) !== 0) return false;
      at += bytesRead;
    }
    return true;
  } finally {
    rooms.push(room);
  }
}

/** The next piece is read while one is worked on. */
export async function* readPieces(
  handle: StoreFile,
  range: ByteRange,
  act: StoreAct,
): AsyncGenerator<Uint8Array, void, undefined> {
  const end = range.offset + range.length;
  const piece = (number: number): Promise<Uint8Array> => {
    const offset = range.offset + number * PIECE;
    const reading = readFully(handle, { offset, length: Math.min(PIECE, end - offset) }, act);
    // Met where it is awaited, unless the consumer stops before.
    reading.catch(() => {});
    return reading;
  };
  const count = Math.ceil(range.length / PIECE);
  let next = count === 0 ? null : piece(0);
  for (let number = 1; next !== null; number++) {
    const bytes = await next;
    next = number < count ? piece(number) : null;
    yield bytes;
  }
}

/** SHA-256 of a whole stored file, of which a few pieces at a time are in memory. */
export async function digestFile({ handle, size }: StoredFile, act: StoreAct): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(handle, { offset: 0, length: size }, act)) {
    hash.update(piece);
    releaseBytes(piece);
  }
  return hash.digest();
}
