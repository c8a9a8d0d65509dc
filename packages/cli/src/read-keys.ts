import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UsageError } from '@custody/bytes';
import { readKeyFiles, type SuppliedKey } from '@custody/decode';

/** Key files are read here once; their bytes go no further than memory and the sealed store. */
export async function readKeys(paths: readonly string[]): Promise<readonly SuppliedKey[]> {
  const keys: SuppliedKey[] = [];
  for (const path of paths) {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(
        'KEYS_UNREADABLE',
        `--keys ${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`,
      );
    });
    const beside = (_keyring: string, name: string) => readIfThere(resolve(dirname(path), name));
    keys.push(...readKeyFiles([{ name: basename(path), bytes }], beside).keys);
  }
  return keys;
}

function readIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
