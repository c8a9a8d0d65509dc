import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '@custody/bytes';
import { isProfileFile, PROFILE_PURPOSE, type SuppliedKey } from '@custody/decode';

/** The bytes of a profile file. */
export async function readProfileFile(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw new UsageError('KEYS_UNREADABLE', `${path}: ${why}`);
  });
  if (!isProfileFile(bytes)) {
    throw new UsageError('ARGUMENT_INVALID', `${path} is no profile: it does not begin with "custodyProfile"`);
  }
  return bytes;
}

/** A profile as it is supplied, and kept, with the keys. */
export async function suppliedProfile(path: string): Promise<SuppliedKey> {
  return { for: PROFILE_PURPOSE, bytes: await readProfileFile(path), source: basename(path) };
}
