/** A longer file is none. */
export const LONGEST_PROFILE: number = 1024 * 1024;
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
