const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BASE64_URL = /^[A-Za-z0-9_-]*={0,2}$/;

/**
 * Bytes of base64 with or without padding; null where another character stands in it. Unlike the strict decoder of
 * @custody/bytes it takes spare bits as they come: implementations of Matrix differ there.
 */
export function looseBase64(text: string | null, alphabet: 'standard' | 'url' = 'standard'): Buffer | null {
  if (text === null || !(alphabet === 'url' ? BASE64_URL : BASE64).test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  const digits = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  return digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4) ? bytes : null;
}

/** Base64 without padding, as Matrix writes keys and session ids. */
export function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64').replace(/=+$/, '');
}
