import { hexDecode } from '@custody/bytes';
import { readJavaByteArray } from './java-byte-array.ts';
import { textOfKeyFile } from './text-of-key-file.ts';
import { WHATSAPP_KEY_LENGTH } from './whatsapp-key-file.ts';
import { withoutLabel } from './without-label.ts';

/** What a key file turned out to hold. `for` is `file` where the bytes alone do not tell. */
export interface KeyMaterial {
  readonly for: string;
  readonly bytes: Uint8Array;
}

/** Length of the crypt15 root key and of 64 hex digits. */
export const ROOT_KEY_LENGTH = 32;
/** 32 bytes in base64. */
const SHORTEST_TEXT = 44;
/** 64 hex digits with white space around and between: longer texts are not looked at as hex. */
const LONGEST_HEX_TEXT = 256;

/** Recognises a platform key file: a Java-serialised WhatsApp key, 64 hex digits, or bytes of unknown purpose. */
export function readKeyMaterial(file: Uint8Array): KeyMaterial {
  const inner = readJavaByteArray(file);
  if (inner?.length === WHATSAPP_KEY_LENGTH) return { for: 'whatsapp-key', bytes: inner.slice() };
  if (inner?.length === ROOT_KEY_LENGTH) return { for: 'whatsapp-crypt15', bytes: inner.slice() };
  return { for: 'file', bytes: readHexText(file) ?? file.slice() };
}

/** The 32 bytes of a text of 64 hex digits (in groups, as the app shows them, or with a label), or of base64; null otherwise. */
export function readHexText(file: Uint8Array): Uint8Array | null {
  if (file.length < SHORTEST_TEXT || file.length > LONGEST_HEX_TEXT) return null;
  const text = textOfKeyFile(file) ?? '';
  const bare = withoutLabel(text);
  return readHexKey(text, ROOT_KEY_LENGTH) ?? readHexKey(bare, ROOT_KEY_LENGTH) ?? readBase64Key(bare);
}

/** 32 bytes in base64 with its padding: a password of this form and length is not to be expected. */
function readBase64Key(text: string): Uint8Array | null {
  const digits = text.trim();
  return /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(digits) ? new Uint8Array(Buffer.from(digits, 'base64')) : null;
}

/** Hex digits to bytes; null where it is no hex or, with `length`, of another length. Never throws: errors echo input. */
export function readHexKey(text: string, length?: number): Uint8Array | null {
  const digits = text.replace(/[\s:\u2010-\u2013-]+/g, '').replace(/^0x/i, '');
  if (digits.length === 0 || digits.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(digits)) return null;
  if (length !== undefined && digits.length !== 2 * length) return null;
  return hexDecode(digits.toLowerCase());
}
