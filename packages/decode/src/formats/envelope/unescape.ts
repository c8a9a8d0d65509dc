import { hexDigit } from './byte-classes.ts';

export interface Unescaping {
  readonly start: number;
  readonly end: number;
  readonly into: Uint8Array;
  readonly at: number;
}

const BACKSLASH = 0x5c;
/** What stands for a control character after a backslash (RFC 8259 section 7), by its letter; 0: none. */
const LETTERS = new Uint8Array(128);
for (const [letter, byte] of Object.entries({ b: 8, t: 9, n: 10, f: 12, r: 13, '"': 0x22, '\\': 0x5c, '/': 0x2f })) {
  LETTERS[letter.charCodeAt(0)] = byte;
}

/** The byte that `\letter` stands for; 0 where there is no such escape. */
export function escapeByte(letter: number): number {
  return LETTERS[letter] ?? 0;
}

/** Text of a JSON string whose escapes were checked already, as UTF-8. Half a surrogate pair becomes U+FFFD: `coerced`. */
export function unescapeJson(
  source: Uint8Array,
  { start, end, into, at }: Unescaping,
): { end: number; coerced: boolean } {
  let to = at;
  let coerced = false;
  for (let i = start; i < end; ) {
    const byte = source[i] as number;
    if (byte !== BACKSLASH) {
      into[to++] = byte;
      i++;
      continue;
    }
    const letter = source[i + 1] as number;
    if (letter !== 0x75) {
      into[to++] = escapeByte(letter);
      i += 2;
      continue;
    }
    let point = unit(source, i + 2);
    i += 6;
    if (point >= 0xd800 && point < 0xe000) {
      const low = point < 0xdc00 && source[i] === BACKSLASH && source[i + 1] === 0x75 ? unit(source, i + 2) : 0;
      if (low >= 0xdc00 && low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        i += 6;
      } else {
        point = 0xfffd;
        coerced = true;
      }
    }
    to = putUtf8(into, to, point);
  }
  return { end: to, coerced };
}

/** Text of a quoted CSV field: a doubled quote is one quote (RFC 4180 section 2.7). Gives the end of what it wrote. */
export function unescapeCsv(source: Uint8Array, { start, end, into, at }: Unescaping, quote: number): number {
  let to = at;
  for (let i = start; i < end; i++) {
    const byte = source[i] as number;
    into[to++] = byte;
    if (byte === quote) i++;
  }
  return to;
}

function unit(source: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value = (value << 4) | hexDigit(source[at + i] as number);
  return value;
}

function putUtf8(into: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    into[at] = point;
    return at + 1;
  }
  if (point < 0x800) {
    into[at] = 0xc0 | (point >> 6);
    into[at + 1] = 0x80 | (point & 0x3f);
    return at + 2;
  }
  if (point < 0x10000) {
    into[at] = 0xe0 | (point >> 12);
    into[at + 1] = 0x80 | ((point >> 6) & 0x3f);
    into[at + 2] = 0x80 | (point & 0x3f);
    return at + 3;
  }
  into[at] = 0xf0 | (point >> 18);
  into[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  into[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  into[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}
