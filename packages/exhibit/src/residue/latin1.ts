/** Bytes as text of one character each, without the substitutions of windows-1252. */
export function latin1Of(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 8192) out += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return out;
}

/** UTF-8 of a text, one character a byte. */
export function utf8Latin1(text: string): string {
  return latin1Of(new TextEncoder().encode(text));
}
