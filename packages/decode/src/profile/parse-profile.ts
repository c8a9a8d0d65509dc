import { createRequire } from 'node:module';
import { utf8Decode } from '@custody/bytes';
import type * as Yaml from 'yaml';
import { LONGEST_PROFILE } from './is-profile-file.ts';
import { profileInvalid } from './read-profile.ts';

/**
 * A profile file as a value: JSON, or YAML 1.2 (of which JSON is a part).
 * @throws UsageError PROFILE_INVALID for a text that is neither, with the line.
 */
export function parseProfile(bytes: Uint8Array): unknown {
  if (bytes.length > LONGEST_PROFILE) throw profileInvalid([`/: longer than ${LONGEST_PROFILE} bytes`]);
  let text: string;
  try {
    text = utf8Decode(bytes);
  } catch {
    throw profileInvalid(['/: not UTF-8']);
  }
  try {
    return yaml().parse(text, { schema: 'core', maxAliasCount: 0, prettyErrors: true, uniqueKeys: true });
  } catch (error) {
    throw profileInvalid([`/: neither JSON nor YAML: ${(error as Error).message.split('\n')[0]}`]);
  }
}

/** Loaded for the first profile that is read: threads that decode never read one. */
function yaml(): typeof Yaml {
  return createRequire(import.meta.url)('yaml') as typeof Yaml;
}
