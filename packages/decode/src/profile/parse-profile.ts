import { utf8Decode } from '@custody/bytes';
import { parse } from 'yaml';
import { profileInvalid } from './read-profile.ts';

const LONGEST_PROFILE = 1024 * 1024;
/** Where a profile says that it is one: JSON or YAML, among its first lines. */
const MARK = /^[\s{]*(?:#[^\n]*\n\s*)*"?custodyProfile"?\s*:/;

/** True for the bytes of a profile file, right or wrong in what it says. */
export function isProfileFile(bytes: Uint8Array): boolean {
  if (bytes.length > LONGEST_PROFILE) return false;
  return MARK.test(
    Buffer.from(bytes.subarray(0, 4096))
      .toString('latin1')
      .replace(/^\u00ef\u00bb\u00bf/, ''),
  );
}

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
    return parse(text, { schema: 'core', maxAliasCount: 0, prettyErrors: true, uniqueKeys: true });
  } catch (error) {
    throw profileInvalid([`/: neither JSON nor YAML: ${(error as Error).message.split('\n')[0]}`]);
  }
}
