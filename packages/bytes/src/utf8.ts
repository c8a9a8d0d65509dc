import { type BytesErrorCode, FormatError } from './errors.ts';

const encoder = new TextEncoder();
// ignoreBOM keeps a leading U+FEFF: dropping it would change what a hash was taken over.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const fatal = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
/** Below this many bytes a loop beats the call into TextDecoder. */
const SHORT = 24;

/** UTF-8 of `text`; a lone surrogate becomes U+FFFD. */
export function utf8Encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Text of `bytes[start..end)`. Throws FormatError UTF8_INVALID, with the offset, where it is not UTF-8 (RFC 3629). */
export function utf8Decode(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const short = end - start <= SHORT ? asciiText(bytes, start, end) : null;
  if (short !== null) return short;
  try {
    return fatal.decode(bytes.subarray(start, end));
  } catch (cause) {
    throw invalidUtf8(utf8ValidUpTo(bytes, start, end), cause);
  }
}

/** Text of `bytes[start..end)` with U+FFFD for what is not UTF-8. For display; never hash or compare its result. */
export function utf8DecodeLossy(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const short = end - start <= SHORT ? asciiText(bytes, start, end) : null;
  return short ?? decoder.decode(bytes.subarray(start, end));
}

/** Offset of the first byte of `bytes[start..end)` that is not well-formed UTF-8; `end` where all of it is. */
export function utf8ValidUpTo(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let at = start;
  while (at < end) {
    const length = (bytes[at] as number) < 0x80 ? 1 : sequenceLength(bytes, at, end);
    if (length === 0) return at;
    at += length;
  }
  return end;
}

/** The error utf8Decode throws, for those who check bytes without making text of them. */
export function invalidUtf8(offset: number, cause?: unknown): FormatError<BytesErrorCode> {
  return new FormatError('UTF8_INVALID', `not UTF-8 from offset ${offset}`, { cause, detail: { offset } });
}

/** Length of the sequence of two to four bytes at `at`, 0 where it is none (table 3-7 of the Unicode standard). */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > end) return 0;
  // The second byte excludes overlong forms (E0, F0), surrogates (ED) and what is beyond U+10FFFF (F4).
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] as number;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  return length;
}

function asciiText(bytes: Uint8Array, start: number, end: number): string | null {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte > 0x7f) return null;
    text += String.fromCharCode(byte);
  }
  return text;
}
