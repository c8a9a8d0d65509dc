/** Longest token that is looked at. */
const TOKEN_MAX = 1024 * 1024;
/** DER: GeneralizedTime (tag 24) of 15 bytes, as `genTime` of a TSTInfo has it (RFC 3161 section 2.4.2). */
const [TAG, LENGTH] = [0x18, 15];

/**
 * The time that a time-stamp token states, read from its first GeneralizedTime and not verified: whoever made the exhibit
 * may have written it. Null where there is none.
 */
export function statedTime(token: Uint8Array): string | null {
  const bytes = token.subarray(0, TOKEN_MAX);
  for (let at = bytes.indexOf(TAG); at >= 0; at = bytes.indexOf(TAG, at + 1)) {
    if (bytes[at + 1] !== LENGTH) continue;
    const text = String.fromCharCode(...bytes.subarray(at + 2, at + 2 + LENGTH));
    const part = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
    if (part !== null) return `${part[1]}-${part[2]}-${part[3]} ${part[4]}:${part[5]}:${part[6]} UTC`;
  }
  return null;
}
