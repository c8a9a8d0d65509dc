import { latin1Of } from './latin1.ts';

/** RFC 4648 sections 4 and 6. */
const ALPHABETS: Readonly<Record<5 | 6, string>> = {
  6: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  5: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
};

const values = { 5: valuesOf(ALPHABETS[5]), 6: valuesOf(ALPHABETS[6]) } as const;

/** Bytes of digits of `bits` bits each from the `skip`-th on, one character a byte; what is left over is left out. */
export function baseText(digits: string, bits: 5 | 6, skip: number): string {
  const table = values[bits];
  const bytes = new Uint8Array(Math.max(0, Math.floor(((digits.length - skip) * bits) / 8)));
  let held = 0;
  let width = 0;
  let at = 0;
  for (let i = skip; i < digits.length && at < bytes.length; i++) {
    held = ((held << bits) | (table[digits.charCodeAt(i)] as number)) & 0xfff;
    width += bits;
    if (width < 8) continue;
    width -= 8;
    bytes[at++] = held >> width;
  }
  return latin1Of(bytes);
}

function valuesOf(alphabet: string): Uint8Array {
  const table = new Uint8Array(128);
  for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}
