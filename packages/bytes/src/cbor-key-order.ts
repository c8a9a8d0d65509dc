import { compareBytes } from './compare-bytes.ts';

const encoder = new TextEncoder();

/**
 * Order of two map keys as RFC 8949 4.2.1 wants it, the bytewise order of their encodings: 0, 1, .., −1, −2, ..,
 * then text by its length in UTF-8, then by its bytes.
 */
export function compareCborKeys(a: string | number, b: string | number): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b) : 1;
  if (typeof b === 'string') return -1;
  if (a < 0 && b < 0) return b - a;
  return a < 0 ? 1 : b < 0 ? -1 : a - b;
}

function compareTexts(a: string, b: string): number {
  const left = encoder.encode(a);
  const right = encoder.encode(b);
  return left.length - right.length || compareBytes(left, right);
}
