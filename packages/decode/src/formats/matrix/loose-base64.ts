/**
 * Bytes of base64 in either alphabet, with or without padding; null where another character stands in it. Unlike the strict
 * decoder of @custody/bytes it takes spare bits as they come: implementations of Matrix differ there.
 */
export function looseBase64(text: string | null): Buffer | null {
  if (text === null) return null;
  // Buffer skips what is no digit, so that the length tells.
  const bytes = Buffer.from(text, 'base64');
  const digits = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  return digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4) ? bytes : null;
}

/** Base64 without padding, as Matrix writes keys and session ids. */
export function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64').replace(/=+$/, '');
}
