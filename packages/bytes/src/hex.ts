import { type BytesErrorCode, FormatError } from './errors.ts';

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex, two digits a byte. */
export function hexEncode(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += PAIRS[bytes[i] as number];
  return text;
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
