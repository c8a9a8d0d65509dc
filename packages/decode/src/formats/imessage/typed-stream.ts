import { utf8DecodeLossy } from '@custody/bytes';

/** `NSString` as a class name in a typed stream; NSMutableString names it as its parent. */
const STRING_CLASS = [0x4e, 0x53, 0x53, 0x74, 0x72, 0x69, 0x6e, 0x67];
/** Marks in front of lengths of 2 and 4 bytes; shorter ones stand alone. */
const TWO_BYTES = 0x81;
const FOUR_BYTES = 0x82;
/** `+`: the type of the bytes of a string. */
const BYTES = 0x2b;
/** Bytes between the name of the class and the type of its bytes. */
const MOST_BETWEEN = 16;

/**
 * The text of an NSAttributedString in a typed stream (`attributedBody`): the first string object's bytes. Null where there
 * is none. Format: typedstream.h of GNUstep, and the streams themselves; attributes are not read.
 */
export function typedStreamText(bytes: Uint8Array): string | null {
  const at = indexOf(bytes, STRING_CLASS);
  if (at < 0) return null;
  const from = at + STRING_CLASS.length;
  for (let i = from; i < Math.min(from + MOST_BETWEEN, bytes.length); i++) {
    if (bytes[i] !== BYTES) continue;
    const { length, start } = lengthAt(bytes, i + 1);
    return length === null || start + length > bytes.length
      ? null
      : utf8DecodeLossy(bytes.subarray(start, start + length));
  }
  return null;
}

function lengthAt(bytes: Uint8Array, at: number): { readonly length: number | null; readonly start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = bytes[at] ?? TWO_BYTES;
  if (first === TWO_BYTES && at + 3 <= bytes.length) return { length: view.getUint16(at + 1, true), start: at + 3 };
  if (first === FOUR_BYTES && at + 5 <= bytes.length) return { length: view.getUint32(at + 1, true), start: at + 5 };
  return { length: first < 0x80 ? first : null, start: at + 1 };
}

function indexOf(bytes: Uint8Array, part: readonly number[]): number {
  for (let at = bytes.indexOf(part[0] as number); at >= 0; at = bytes.indexOf(part[0] as number, at + 1)) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
