import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RESERVED } from './object-name.ts';
import { errnoOf } from './store-error.ts';
import type { ObjectInfo } from './vault.ts';

/** Lengths are asked for in groups of this many, each group at once. */
const GROUP = 32;

interface Entry {
  /** The name from the root; a folder's ends in a slash, which is what makes the order that of whole names. */
  readonly key: string;
  readonly folder: boolean;
  /** The key's UTF-8 bytes, one character each: what the order is by. */
  readonly order: string;
}

/** Everything below `root` that starts with `prefix`, by name bytes. Folders that vanish meanwhile are left out. */
export async function* listDirectory(root: string, prefix: string): AsyncGenerator<ObjectInfo, void, undefined> {
  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  yield* listFolder(root, start, prefix);
}

async function* listFolder(root: string, folder: string, prefix: string): AsyncGenerator<ObjectInfo, void, undefined> {
  const entries = (await readFolder(join(root, folder)))
    .map((dirent): Entry => {
      const isFolder = dirent.isDirectory();
      const key = folder + dirent.name + (isFolder ? '/' : '');
      return { key, folder: isFolder, order: Buffer.from(key, 'utf8').toString('latin1') };
    })
    .filter(({ key }) => key !== `${RESERVED}/` && (key.startsWith(prefix) || prefix.startsWith(key)))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  for (let at = 0; at < entries.length; at += GROUP) {
    const group = entries.slice(at, at + GROUP);
    const lengths = await Promise.all(group.map(async (e) => (e.folder ? null : lengthOf(join(root, e.key)))));
    for (const [i, entry] of group.entries()) {
      const length = lengths[i];
      if (entry.folder) yield* listFolder(root, entry.key, prefix);
      else if (typeof length === 'number' && entry.key.startsWith(prefix)) yield { name: entry.key, length };
    }
  }
}

async function readFolder(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return [];
    throw error;
  }
}

async function lengthOf(path: string): Promise<number | null> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
