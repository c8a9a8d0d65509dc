import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { constants, lstat, readdir, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { FileCalls, StoreFile } from './directory-calls.ts';

/** Whatever its maker does, a temporary file untouched for so long is nobody's any more. */
const STALE_MS = 3_600_000;
/** Mode of stored objects from the first byte on: read-only for its owner, nothing for others. */
const OBJECT_MODE = 0o400;
const NAME = /^([0-9]+)-([0-9a-f]{8})-[0-9a-f]{24}$/;

/** Where process numbers are comparable: one boot of one machine, one process namespace (containers share folders). */
const place: string = createHash('sha256')
  .update(
    [
      hostname(),
      tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')),
      tryRead(() => readlinkSync('/proc/self/ns/pid')),
    ].join('\n'),
  )
  .digest('hex')
  .slice(0, 8);

function tryRead(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

export interface TempFile {
  readonly path: string;
  readonly handle: StoreFile;
}

/** A new empty file that nobody else has, named after this process so that a later one can tell it is dead. */
export async function openTemp(folder: string, calls: FileCalls): Promise<TempFile> {
  const path = join(folder, `${process.pid}-${place}-${randomBytes(12).toString('hex')}`);
  const handle = await calls.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, OBJECT_MODE);
  return { path, handle };
}

/** Removes what processes that died left behind. Never fails: a vault that cannot be written can still be read. */
export async function sweepTemp(folder: string, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const info = await lstat(path).catch(() => null);
    if (info === null) continue;
    if (makerIsDead(name) || now - info.mtimeMs > STALE_MS) await unlink(path).catch(() => {});
  }
}

function makerIsDead(name: string): boolean {
  const match = NAME.exec(name);
  if (match === null || match[2] !== place) return false;
  try {
    process.kill(Number(match[1]), 0);
    return false;
  } catch (error) {
    // EPERM: alive, under another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Removes temporary names of one stored file: a process killed between link and unlink leaves one. */
export async function dropTempLinks(folder: string, inode: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const info = await lstat(path).catch(() => null);
    if (info?.ino === inode) await unlink(path).catch(() => {});
  }
}
