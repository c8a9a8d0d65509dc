import type { TextEncoding } from './header.ts';

/** Bytes of a text without a string being made. */
export interface TextSpan {
  bytes: Uint8Array;
  start: number;
  end: number;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text as a string; what is no valid text becomes U+FFFD (the bytes found stay at hand as `blob`). */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  return encoding === 'utf-8' ? utf8.decode(bytes) : utf16ToString(bytes, encoding === 'utf-16le');
}

const encoder = new TextEncoder();

/** UTF-8 of a text stored as UTF-16; lone surrogates become U+FFFD, a trailing odd byte is dropped. */
export function utf16ToUtf8(bytes: Uint8Array, encoding: TextEncoding): Uint8Array {
  return encoder.encode(utf16ToString(bytes, encoding === 'utf-16le'));
}

/** A text in the database's encoding. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'utf-8') return encoder.encode(text);
  const bytes = new Uint8Array(text.length * 2);
  const low = encoding === 'utf-16le' ? 0 : 1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i + low] = unit & 0xff;
    bytes[2 * i + 1 - low] = unit >>> 8;
  }
  return bytes;
}

/** Units that one call of `String.fromCharCode` takes without outgrowing the stack. */
const UNITS_AT_A_TIME = 4096;

function utf16ToString(bytes: Uint8Array, littleEndian: boolean): string {
  const units = new Uint16Array(bytes.length >>> 1);
  const low = littleEndian ? 0 : 1;
  for (let i = 0; i < units.length; i++) units[i] = bytes[2 * i + low]! | (bytes[2 * i + 1 - low]! << 8);
  let text = '';
  for (let i = 0; i < units.length; i += UNITS_AT_A_TIME) {
    text += String.fromCharCode(...units.subarray(i, i + UNITS_AT_A_TIME));
  }
  return text.toWellFormed();
}
