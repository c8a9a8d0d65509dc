/** Text of a small file: UTF-8, or with a byte order mark as editors and shells on Windows save it; null where it is none. */
export function textOfKeyFile(bytes: Uint8Array): string | null {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // TypeError, and nothing else: the bytes are not text of this encoding.
    return null;
  }
}
