import type { ByteCursor } from './byte-cursor.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const LF = 0x0a;
const SPACE = 0x20;

/** Messages have at most some kilobytes: longer elements are not read. */
export const LONGEST_ELEMENT: number = 16 * 1024 * 1024;
const LONGEST_KEY = 4096;

/** A place where the text is no JSON, or ends too early. */
export class StructureFault {
  readonly offset: number;
  readonly isEnd: boolean;

  constructor(offset: number, isEnd: boolean) {
    this.offset = offset;
    this.isEnd = isEnd;
  }
}

/** An element of an array, or what stands where one should. */
export interface Element {
  readonly offset: number;
  readonly length: number;
  /** False: it has no end, or none before a limit; the next one was found by its place in the line. */
  readonly whole: boolean;
}

/**
 * Elements of an array of objects, from behind its `[` or from an element on; leaves the cursor behind the `]`. Telegram
 * writes one value a line, and a text in JSON has no line ends: so an object's end is the brace under its beginning, and
 * damage inside one costs no other. Where objects do not stand on lines of their own, braces are matched.
 * Ends with a fault where the array does not.
 */
export function* arrayElements(cursor: ByteCursor, until: number): Generator<Element, StructureFault | null> {
  let indent: Uint8Array | null = null;
  while (cursor.at < until) {
    cursor.skipSpace();
    if (cursor.at >= until) return null;
    const byte = cursor.peek();
    if (byte === COMMA) {
      cursor.at++;
    } else if (byte === CLOSE_ARRAY) {
      cursor.at++;
      return null;
    } else if (byte === OPEN_OBJECT) {
      indent ??= indentOf(cursor);
      const offset = cursor.at;
      const whole = skipObject(cursor, indent, until);
      yield { offset, length: cursor.at - offset, whole };
    } else {
      // Not what an array of objects holds: go on at the next object in line, or give up.
      const offset = cursor.at;
      if (byte === -1 || indent === null || !resume(cursor, indent, until))
        return new StructureFault(offset, byte === -1);
      yield { offset, length: cursor.at - offset, whole: false };
    }
  }
  return null;
}

/** Line end and spaces in front of the object here; null where it is not alone in its line. */
function indentOf(cursor: ByteCursor): Uint8Array | null {
  const before = cursor.slice(Math.max(0, cursor.at - 64), cursor.at);
  const line = before.lastIndexOf(LF);
  if (line < 0 || before.subarray(line + 1).some((byte) => byte !== SPACE && byte !== 0x09)) return null;
  return before.slice(line);
}

function skipObject(cursor: ByteCursor, indent: Uint8Array | null, until: number): boolean {
  const start = cursor.at;
  const limit = Math.min(until, start + LONGEST_ELEMENT);
  if (indent === null) return skipBalanced(cursor, limit);
  const close = cursor.find(withByte(indent, CLOSE_OBJECT), start, limit);
  const next = cursor.find(withByte(indent, OPEN_OBJECT), start + 1, close < 0 ? limit : close);
  if (next >= 0) {
    cursor.at = next + indent.length;
    return false;
  }
  cursor.at = close < 0 ? limit : close + indent.length + 1;
  return close >= 0;
}

/** To the next object that stands as deep as its siblings. */
function resume(cursor: ByteCursor, indent: Uint8Array, until: number): boolean {
  const next = cursor.find(withByte(indent, OPEN_OBJECT), cursor.at, until);
  const end = cursor.find(withByte(indent.subarray(0, -1), CLOSE_ARRAY), cursor.at, next < 0 ? until : next);
  if (end >= 0) cursor.at = end + indent.length - 1;
  else if (next >= 0) cursor.at = next + indent.length;
  else return false;
  return true;
}

function withByte(bytes: Uint8Array, byte: number): Uint8Array {
  const joined = new Uint8Array(bytes.length + 1);
  joined.set(bytes);
  joined[bytes.length] = byte;
  return joined;
}

/** Over the value here, whatever it is. False where it does not end before `limit`. */
export function skipBalanced(cursor: ByteCursor, limit: number): boolean {
  let depth = 0;
  while (cursor.at < limit) {
    const byte = cursor.peek();
    if (byte === QUOTE) {
      if (!skipString(cursor, limit)) return false;
    } else {
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        // The end of what the value stands in.
        if (depth === 0) return true;
        depth--;
      } else if (byte === COMMA && depth === 0) return true;
      cursor.at++;
      if (depth === 0 && (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY)) return true;
      continue;
    }
    if (depth === 0) return true;
  }
  return false;
}

function skipString(cursor: ByteCursor, limit: number): boolean {
  for (cursor.at++; cursor.at < limit; cursor.at++) {
    const byte = cursor.peek();
    if (byte === BACKSLASH) cursor.at++;
    else if (byte === QUOTE) {
      cursor.at++;
      return true;
    }
  }
  return false;
}

/** Into the members of the object here, one key after the other; the cursor stands at each value when its key is given. */
export function* objectKeys(cursor: ByteCursor): Generator<string, StructureFault | null> {
  cursor.skipSpace();
  if (cursor.peek() !== OPEN_OBJECT) return new StructureFault(cursor.at, cursor.peek() === -1);
  cursor.at++;
  for (;;) {
    cursor.skipSpace();
    const byte = cursor.peek();
    if (byte === COMMA) cursor.at++;
    else if (byte === CLOSE_OBJECT) {
      cursor.at++;
      return null;
    } else if (byte === QUOTE) {
      const start = cursor.at;
      const isKey = skipString(cursor, Math.min(cursor.length, start + LONGEST_KEY));
      const key = isKey ? parsed(cursor.slice(start, cursor.at)) : null;
      cursor.skipSpace();
      if (typeof key !== 'string' || cursor.peek() !== COLON) return new StructureFault(start, cursor.peek() === -1);
      cursor.at++;
      cursor.skipSpace();
      yield key;
    } else return new StructureFault(cursor.at, byte === -1);
  }
}

/** The value here, read whole; undefined where it is longer than an element or no JSON. */
export function smallValue(cursor: ByteCursor): unknown {
  const start = cursor.at;
  if (!skipBalanced(cursor, Math.min(cursor.length, start + LONGEST_ELEMENT))) return undefined;
  return parsed(cursor.slice(start, cursor.at));
}

export function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch {
    return undefined;
  }
}

export function isArrayHere(cursor: ByteCursor): boolean {
  return cursor.peek() === OPEN_ARRAY;
}

export function isObjectHere(cursor: ByteCursor): boolean {
  return cursor.peek() === OPEN_OBJECT;
}
