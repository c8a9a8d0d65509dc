/** Bits of `byteClass`: what a single UTF-8 byte can be part of. */
export const DIGIT = 1;
export const UPPER = 2;
export const LOWER = 4;
export const HEX = 8;
/** Ends the prefilter's skipping: something may begin here. */
export const TRIGGER = 16;
/** A byte of a character beyond ASCII. Some are punctuation, so rules look closer where it matters. */
export const HIGH = 32;
export const BASE58 = 64;
export const SPACE = 128;
export const LETTER: number = UPPER | LOWER;
export const ALNUM: number = DIGIT | UPPER | LOWER;

function classify(): Uint8Array {
  const table = new Uint8Array(256);
  const add = (chars: string, bits: number): void => {
    for (const char of chars) {
      const at = char.charCodeAt(0);
      table[at] = (table[at] as number) | bits;
    }
  };
  const lower = 'abcdefghijklmnopqrstuvwxyz';
  add('0123456789', DIGIT | HEX | TRIGGER);
  add(lower, LOWER);
  add(lower.toUpperCase(), UPPER);
  add('abcdefABCDEF', HEX);
  add('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz', BASE58);
  add('@:.([{', TRIGGER);
  add(' \t\r\n', SPACE);
  for (let b = 0x80; b < 0x100; b++) table[b] = HIGH;
  // First bytes of characters that may have to be read as plainer ones.
  for (const b of [0xc2, 0xce, 0xcf, 0xd0, 0xd1, 0xd9, 0xdb, 0xe0, 0xe2, 0xef, 0xf0]) table[b] = HIGH | TRIGGER;
  return table;
}

export const byteClass: Uint8Array = classify();

/** Whether byte `b` (or -1 outside the text) is an ASCII letter or digit. */
export function isAlnum(b: number): boolean {
  return b >= 0 && ((byteClass[b] as number) & ALNUM) !== 0;
}

export function isDigit(b: number): boolean {
  return b >= 0x30 && b <= 0x39;
}

/** Lower case of an ASCII byte; other bytes as they are. */
export function lowerByte(b: number): number {
  return b >= 0x41 && b <= 0x5a ? b + 32 : b;
}

/** Upper case of an ASCII byte; other bytes as they are. */
export function upperByte(b: number): number {
  return b >= 0x61 && b <= 0x7a ? b - 32 : b;
}
