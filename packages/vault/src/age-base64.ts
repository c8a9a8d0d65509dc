/** https://age-encryption.org/v1, "Conventions": standard base64 without padding, canonical only. */
export function encodeAgeBase64(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  const pad = text.indexOf('=');
  return pad < 0 ? text : text.slice(0, pad);
}

/** Null for any text but the canonical one: wrong characters, padding, stray bits. */
export function decodeAgeBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return encodeAgeBase64(bytes) === text ? bytes : null;
}
