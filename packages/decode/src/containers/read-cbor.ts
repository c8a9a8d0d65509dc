import { BinaryCursor, type BinaryValue, MOST_LEVELS, NotBinary, narrow, Tagged } from './binary-value.ts';

/** RFC 8949 3: the end of an item of unknown length. */
const BREAK = 0xff;
const INDEFINITE = 31;

/** One CBOR item, deterministic or not, at the cursor (RFC 8949). Throws Incomplete or NotBinary. */
export function readCbor(cursor: BinaryCursor, level = 0): BinaryValue {
  if (level > MOST_LEVELS) throw new NotBinary(`nesting deeper than ${MOST_LEVELS}`);
  const initial = cursor.byte();
  const [major, info] = [initial >> 5, initial & 31];
  if (major === 7) return simple(cursor, info);
  if (info === INDEFINITE) return indefinite(cursor, major, level);
  const argument = argumentOf(cursor, info);
  switch (major) {
    case 0:
      return argument;
    case 1:
      return narrow(-1n - BigInt(argument));
    case 2:
      return cursor.take(cursor.count(argument));
    case 3:
      return cursor.text(cursor.count(argument));
    case 4:
      return Array.from({ length: cursor.count(argument) }, () => readCbor(cursor, level + 1));
    case 5: {
      const map = new Map<BinaryValue, BinaryValue>();
      for (let i = cursor.count(argument); i > 0; i--) addMember(map, cursor, level);
      return map;
    }
    default:
      return new Tagged(Number(argument), readCbor(cursor, level + 1));
  }
}

/** One item that fills the bytes; null where they are none. */
export function wholeCbor(bytes: Uint8Array): BinaryValue | null {
  const cursor = new BinaryCursor(Buffer.from(bytes));
  try {
    const value = readCbor(cursor);
    return cursor.at === bytes.length ? value : null;
  } catch {
    return null;
  }
}

function addMember(map: Map<BinaryValue, BinaryValue>, cursor: BinaryCursor, level: number): void {
  const key = readCbor(cursor, level + 1);
  if (map.has(key)) throw new NotBinary('a map names a key twice');
  map.set(key, readCbor(cursor, level + 1));
}

function argumentOf(cursor: BinaryCursor, info: number): number | bigint {
  if (info < 24) return info;
  if (info > 27) throw new NotBinary('a reserved length');
  return cursor.uint(1 << (info - 24));
}

function simple(cursor: BinaryCursor, info: number): BinaryValue {
  switch (info) {
    case 20:
    case 21:
      return info === 21;
    case 22:
    case 23:
      return null;
    case 25:
      return half(cursor.take(2).readUInt16BE());
    case 26:
      return cursor.take(4).readFloatBE();
    case 27:
      return cursor.take(8).readDoubleBE();
    default:
      throw new NotBinary('a simple value without a meaning');
  }
}

/** IEEE 754 binary16 (RFC 8949 appendix D). */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : (fraction + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

function indefinite(cursor: BinaryCursor, major: number, level: number): BinaryValue {
  const isEnd = () => {
    if (cursor.byte() === BREAK) return true;
    cursor.at--;
    return false;
  };
  if (major === 5) {
    const map = new Map<BinaryValue, BinaryValue>();
    while (!isEnd()) addMember(map, cursor, level);
    return map;
  }
  if (major < 2 || major > 4) throw new NotBinary('no item of unknown length');
  const parts: BinaryValue[] = [];
  while (!isEnd()) parts.push(readCbor(cursor, level + 1));
  if (major === 4) return parts;
  if (major === 3 && parts.every((part) => typeof part === 'string')) return parts.join('');
  if (major === 2 && parts.every((part) => part instanceof Uint8Array)) return Buffer.concat(parts as Uint8Array[]);
  throw new NotBinary('a string with parts of another type');
}
