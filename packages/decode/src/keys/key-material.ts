import { hexDecode } from '@custody/bytes';
import { readJavaByteArray } from './java-byte-array.ts';
import { textOfKeyFile } from './text-of-key-file.ts';
import { WHATSAPP_KEY_LENGTH } from './whatsapp-key-file.ts';

/** What a key file turned out to hold. `for` is `file` where the bytes alone do not tell. */
export interface KeyMaterial {
  readonly for: string;
  readonly bytes: Uint8Array;
}

/** Length of the crypt15 root key and of 64 hex digits. */
export const ROOT_KEY_LENGTH = 32;
/** 64 hex digits with white space around and between: longer texts are not looked at as hex. */
const LONGEST_HEX_TEXT = 256;

/** Recognises a platform key file: a Java-serialised WhatsApp key, 64 hex digits, or bytes of unknown purpose. */
export function readKeyMaterial(file: Uint8Array): KeyMaterial {
  const inner = readJavaByteArray(file);
  if (inner?.length === WHATSAPP_KEY_LENGTH) return { for: 'whatsapp-key', bytes: inner.slice() };
  if (inner?.length === ROOT_KEY_LENGTH) return { for: 'whatsapp-crypt15', bytes: inner.slice() };
  return { for: 'file', bytes: readHexText(file) ?? file.slice() };
}

/** The 32 bytes of a text of 64 hex digits (white space allowed, as the app shows them in groups); null otherwise. */
export function readHexText(file: Uint8Array): Uint8Array | null {
  if (file.length < 2 * ROOT_KEY_LENGTH || file.length > LONGEST_HEX_TEXT) return null;
  return readHexKey(textOfKeyFile(file) ?? '', ROOT_KEY_LENGTH);
}

/** Hex digits to bytes; null where it is no hex or, with `length`, of another length. Never throws: errors echo input. */
export function readHexKey(text: string, length?: number): Uint8Array | null {
  const digits = text.replace(/[\s:]+/g, '').replace(/^0x/i, '');
  if (digits.length === 0 || digits.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(digits)) return null;
  if (length !== undefined && digits.length !== 2 * length) return null;
  return hexDecode(digits.toLowerCase());
}
