/** A rowid or integer value: a number where a double holds it exactly, else a bigint. */
export type Rowid = number | bigint;

/**
 * Bytes that the varint at `pos` takes, 1 to 9. The caller checks that they lie inside what it trusts.
 * Varints: https://www.sqlite.org/fileformat2.html#varint
 */
export function varintSize(bytes: Uint8Array, pos: number): number {
  let size = 1;
  while (size < 9 && bytes[pos + size - 1]! >= 0x80) size++;
  return size;
}

/** The varint at `pos` as an unsigned number; inexact above 2^53, which no length or serial type reaches. */
export function readVarint(bytes: Uint8Array, pos: number): number {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[pos + i]!;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return value;
  }
  return value * 256 + (bytes[pos + 8]! | 0);
}

/** The varint at `pos` as the signed 64-bit integer it stands for. */
export function readRowid(bytes: Uint8Array, pos: number): Rowid {
  // Seven bytes hold 49 bits: exact as a number, never negative.
  if (varintSize(bytes, pos) <= 7) return readVarint(bytes, pos);
  return narrow(BigInt.asIntN(64, readBigVarint(bytes, pos)));
}

/** Eight bytes, big-endian two's complement. */
export function readInt64(bytes: Uint8Array, pos: number): Rowid {
  const high = (bytes[pos]! << 24) | (bytes[pos + 1]! << 16) | (bytes[pos + 2]! << 8) | bytes[pos + 3]!;
  const low = ((bytes[pos + 4]! << 24) | (bytes[pos + 5]! << 16) | (bytes[pos + 6]! << 8) | bytes[pos + 7]!) >>> 0;
  const value = high * 0x1_0000_0000 + low;
  if (Number.isSafeInteger(value)) return value;
  return (BigInt(high) << 32n) | BigInt(low);
}

function readBigVarint(bytes: Uint8Array, pos: number): bigint {
  let value = 0n;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[pos + i]!;
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return value;
  }
  return (value << 8n) | BigInt(bytes[pos + 8]! | 0);
}

function narrow(value: bigint): Rowid {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
