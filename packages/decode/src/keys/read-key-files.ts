import type { Keyring, SuppliedKey } from '../keyring.ts';
import { isProfileFile } from '../profile/is-profile-file.ts';
import { PROFILE_PURPOSE } from '../profile/supplied-profiles.ts';
import { readKeyMaterial } from './key-material.ts';
import { isKeyring, keyringInvalid, type ReadFile, readKeyring } from './read-keyring.ts';

/** A file given with `--keys`: its name for messages, and its bytes. */
export interface KeyFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Key files are small; a whole disk image given by mistake is not read as one. */
const LONGEST = 64 * 1024 * 1024;

/**
 * One keyring of all supplied files: each a keyring in JSON, or a platform's own key file (Java-serialised WhatsApp
 * key, 64 hex digits, anything else as `for: file`). Files that a keyring names are read through `readFile`.
 * Throws UsageError KEYRING_INVALID with every mistake at once; no message holds a key.
 */
export function readKeyFiles(files: readonly KeyFile[], readFile: ReadFile): Keyring {
  const mistakes: string[] = [];
  const keys: SuppliedKey[] = [];
  for (const { name, bytes } of files) {
    if (bytes.length === 0) mistakes.push(`${name}: empty`);
    else if (bytes.length > LONGEST) mistakes.push(`${name}: ${bytes.length} bytes, longer than any key file`);
    else if (isProfileFile(bytes)) keys.push({ for: PROFILE_PURPOSE, bytes: bytes.slice(), source: name });
    else if (isKeyring(bytes)) keys.push(...readKeyring(name, bytes, readFile, mistakes));
    else keys.push({ ...readKeyMaterial(bytes), source: name });
  }
  if (mistakes.length > 0) throw keyringInvalid(mistakes);
  return { keys };
}
