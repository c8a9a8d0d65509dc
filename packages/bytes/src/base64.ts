import { type BytesErrorCode, FormatError } from './errors.ts';

const COMMON = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const latin1 = new TextDecoder('latin1');
const PAD = 0x3d;
/** Up to here a loop beats the call into TextDecoder, and what it joins is one flat string; longer ones would stay trees of parts. */
const SHORT = 12;

interface Alphabet {
  readonly digits: Uint8Array;
  /** By character code: the digit's value, or -1. */
  readonly values: Int8Array;
  readonly padded: boolean;
}

const STANDARD: Alphabet = alphabet('+/', true);
const URL_SAFE: Alphabet = alphabet('-_', false);

/** Base64 with padding (RFC 4648 section 4). */
export function base64Encode(bytes: Uint8Array): string {
  return encode(bytes, STANDARD);
}

/** Bytes of padded base64. Throws FormatError BASE64_INVALID unless `text` is exactly what base64Encode would write. */
export function base64Decode(text: string): Uint8Array {
  return decode(text, STANDARD);
}

/** Base64url without padding (RFC 4648 section 5, as in JOSE). */
export function base64UrlEncode(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE);
}

/** Bytes of unpadded base64url, as strict as base64Decode. */
export function base64UrlDecode(text: string): Uint8Array {
  return decode(text, URL_SAFE);
}

function alphabet(last: string, padded: boolean): Alphabet {
  const text = COMMON + last;
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i++) values[text.charCodeAt(i)] = i;
  return { digits: Uint8Array.from(text, (c) => c.charCodeAt(0)), values, padded };
}

function encode(bytes: Uint8Array, { digits, padded }: Alphabet): string {
  const full = Math.ceil(bytes.length / 3) * 4;
  const out = new Uint8Array(full).fill(PAD);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const rest = bytes.length - i;
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out[at] = digits[group >>> 18] as number;
    out[at + 1] = digits[(group >>> 12) & 63] as number;
    if (rest > 1) out[at + 2] = digits[(group >>> 6) & 63] as number;
    if (rest > 2) out[at + 3] = digits[group & 63] as number;
    at += 4;
  }
  return asciiText(padded ? out : out.subarray(0, Math.ceil((bytes.length * 4) / 3)));
}

function asciiText(ascii: Uint8Array): string {
  if (ascii.length > SHORT) return latin1.decode(ascii);
  let text = '';
  for (let i = 0; i < ascii.length; i++) text += String.fromCharCode(ascii[i] as number);
  return text;
}

function decode(text: string, { values, padded }: Alphabet): Uint8Array {
  let length = text.length;
  if (padded) {
    if (length % 4 !== 0) throw invalid(length, 'padding is missing');
    if (text.endsWith('==')) length -= 2;
    else if (text.endsWith('=')) length -= 1;
  }
  if (length % 4 === 1) throw invalid(length, 'a single digit is left over');
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    const value = unit < 128 ? (values[unit] as number) : -1;
    if (value < 0) throw invalid(i, 'not a base64 digit');
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >>> bits;
    }
  }
  // Leftover bits must be zero, or two texts would stand for the same bytes (RFC 4648 3.5).
  if ((held & ((1 << bits) - 1)) !== 0) throw invalid(length - 1, 'bits are left over');
  return bytes;
}

function invalid(offset: number, what: string): FormatError<BytesErrorCode> {
  return new FormatError('BASE64_INVALID', `${what} at character ${offset}`, { detail: { offset } });
}
