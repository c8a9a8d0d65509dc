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

function compareTexts(left: string, right: string): number {
  // What is written for a lone surrogate is U+FFFD, so that is what is compared.
  const a = left.toWellFormed();
  const b = right.toWellFormed();
  return utf8Length(a) - utf8Length(b) || compareCodePoints(a, b);
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A surrogate pair is two units and four bytes, so two bytes a unit.
    if (unit > 0x7f) length += unit > 0x7ff && !isSurrogate(unit) ? 2 : 1;
  }
  return length;
}

/** The order of code points, which is that of UTF-8 bytes; the order of UTF-16 units puts U+E000 after U+10000. */
function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate belongs to a code point beyond all that are one unit.
    return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xe000;
}
