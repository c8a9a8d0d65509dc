import { randomBytes } from 'node:crypto';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { READ_FLAGS } from './directory-read.ts';
import type { Syncs } from './directory-sync.ts';
import { dropTempLinks } from './directory-temp.ts';

/** Destroyed objects up to this length are overwritten in place, too: keys and secrets are far below it. */
const OVERWRITTEN = 1024 * 1024;

/**
 * The stored file for writing, or null where that is not possible. Stored files are read-only even for their owner,
 * so the mode is lifted through a handle, which follows no link.
 */
export async function openForErasure(path: string): Promise<FileHandle | null> {
  let reader: FileHandle | null = null;
  try {
    reader = await open(path, READ_FLAGS);
    await reader.chmod(0o600);
    return await open(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  } finally {
    await reader?.close();
  }
}

/**
 * Overwrites a file that has lost its name. Best effort on the medium, after the promise is kept: an empty object
 * stands in its place already.
 */
export async function erase(old: FileHandle, vault: { readonly temp: string; readonly syncs: Syncs }): Promise<void> {
  const before = await old.stat();
  if (before.nlink > 0) await dropTempLinks(vault.temp, before.ino);
  const { nlink, size } = await old.stat();
  // A link from outside the vault is somebody's deliberate copy; it is not ours to alter.
  if (nlink > 0 || size === 0 || size > OVERWRITTEN) return;
  await old.write(randomBytes(size), 0, size, 0);
  await vault.syncs.file(old);
}
