import { type BytesErrorCode, FormatError } from './errors.ts';

const DIGITS: Uint8Array = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const latin1 = new TextDecoder('latin1');
/** Of longer input the decoder of text is quicker than a call with that many arguments. */
const SHORT = 32;

/**
 * Lower-case hex, two digits a byte. The text is one flat string: put together digit by digit it would stay a tree of
 * parts as long as it is kept, ten times its size.
 */
export function hexEncode(bytes: Uint8Array): string {
  const { length } = bytes;
  const codes: number[] | Uint8Array = length <= SHORT ? new Array<number>(length * 2) : new Uint8Array(length * 2);
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] as number;
    codes[2 * i] = DIGITS[byte >> 4] as number;
    codes[2 * i + 1] = DIGITS[byte & 15] as number;
  }
  return Array.isArray(codes) ? String.fromCharCode(...codes) : latin1.decode(codes);
}

/** Bytes of hex in either case. Throws FormatError HEX_INVALID at an odd length or any other character. */
export function hexDecode(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw invalid(text.length, 'an odd number of hex digits');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = digit(text.charCodeAt(2 * i));
    const low = digit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) throw invalid(high < 0 ? 2 * i : 2 * i + 1, 'not a hex digit');
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

function digit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function invalid(offset: number, what: string): FormatError<BytesErrorCode> {
  return new FormatError('HEX_INVALID', `${what} at character ${offset}`, { detail: { offset } });
}
