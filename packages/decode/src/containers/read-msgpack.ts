import { type BinaryCursor, type BinaryValue, MOST_LEVELS, NotBinary, narrow, Tagged } from './binary-value.ts';

/** One MessagePack value at the cursor (the MessagePack specification, "Formats"). Throws Incomplete or NotBinary. */
export function readMsgpack(cursor: BinaryCursor, level = 0): BinaryValue {
  if (level > MOST_LEVELS) throw new NotBinary(`nesting deeper than ${MOST_LEVELS}`);
  const first = cursor.byte();
  if (first < 0x80) return first;
  if (first < 0x90) return mapOf(cursor, first & 15, level);
  if (first < 0xa0) return arrayOf(cursor, first & 15, level);
  if (first < 0xc0) return cursor.text(first & 31);
  if (first >= 0xe0) return first - 256;
  if (first >= 0xc4 && first <= 0xc6) return cursor.take(length(cursor, first - 0xc4));
  if (first >= 0xc7 && first <= 0xc9) return extension(cursor, length(cursor, first - 0xc7));
  if (first >= 0xcc && first <= 0xcf) return cursor.uint(1 << (first - 0xcc));
  if (first >= 0xd4 && first <= 0xd8) return extension(cursor, 1 << (first - 0xd4));
  if (first >= 0xd9 && first <= 0xdb) return cursor.text(length(cursor, first - 0xd9));
  return other(cursor, first, level);
}

function other(cursor: BinaryCursor, first: number, level: number): BinaryValue {
  switch (first) {
    case 0xc0:
      return null;
    case 0xc2:
    case 0xc3:
      return first === 0xc3;
    case 0xca:
      return cursor.take(4).readFloatBE();
    case 0xcb:
      return cursor.take(8).readDoubleBE();
    case 0xd0:
      return cursor.take(1).readInt8();
    case 0xd1:
      return cursor.take(2).readInt16BE();
    case 0xd2:
      return cursor.take(4).readInt32BE();
    case 0xd3:
      return narrow(cursor.take(8).readBigInt64BE());
    case 0xdc:
    case 0xdd:
      return arrayOf(cursor, length(cursor, first - 0xdb), level);
    case 0xde:
    case 0xdf:
      return mapOf(cursor, length(cursor, first - 0xdd), level);
    default:
      throw new NotBinary('a first byte without a meaning');
  }
}

/** A length of 1, 2 or 4 bytes, by its power of two. */
function length(cursor: BinaryCursor, power: number): number {
  return cursor.count(cursor.uint(1 << power));
}

function extension(cursor: BinaryCursor, size: number): Tagged {
  return new Tagged(cursor.take(1).readInt8(), cursor.take(size));
}

function arrayOf(cursor: BinaryCursor, count: number, level: number): BinaryValue[] {
  return Array.from({ length: cursor.count(count) }, () => readMsgpack(cursor, level + 1));
}

function mapOf(cursor: BinaryCursor, count: number, level: number): Map<BinaryValue, BinaryValue> {
  const map = new Map<BinaryValue, BinaryValue>();
  for (let i = cursor.count(count); i > 0; i--) {
    const key = readMsgpack(cursor, level + 1);
    if (map.has(key)) throw new NotBinary('a map names a key twice');
    map.set(key, readMsgpack(cursor, level + 1));
  }
  return map;
}
