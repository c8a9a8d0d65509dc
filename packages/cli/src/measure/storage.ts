import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** What a case stores under one prefix. */
export interface Stored {
  readonly objects: number;
  readonly bytes: number;
}

/** Objects and bytes of a case in a directory, by the first part of their names. */
export async function storageOf(folder: string): Promise<Readonly<Record<string, Stored>>> {
  const found: Record<string, { objects: number; bytes: number }> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const prefix = relative(folder, path).split(sep)[0] as string;
    const { objects, bytes } = found[prefix] ?? { objects: 0, bytes: 0 };
    found[prefix] = { objects: objects + 1, bytes: bytes + (await stat(path)).size };
  }
  return found;
}

/** Bytes of everything but the sealed original, as a part of the capture's length. */
export function besideOriginal(storage: Readonly<Record<string, Stored>>, length: number): number {
  const all = Object.values(storage).reduce((sum, { bytes }) => sum + bytes, 0);
  return (all - (storage.originals?.bytes ?? 0)) / length;
}
