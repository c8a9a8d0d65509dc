/** A key of a cursor: its first eight bytes as two numbers, so that most comparisons look at no byte. */
export interface SortKey {
  type: number;
  high: number;
  low: number;
  bytes: Uint8Array;
  from: number;
  to: number;
}

/** Sets a key to `bytes[from..to)` of a type. */
export function setKey(key: SortKey, type: number, bytes: Uint8Array, span: { from: number; to: number }): void {
  key.type = type;
  key.bytes = bytes;
  key.from = span.from;
  key.to = span.to;
  key.high = fourBytes(bytes, span.from, span.to);
  key.low = fourBytes(bytes, span.from + 4, span.to);
}

/** Unsigned and big-endian, zero beyond the end. */
function fourBytes(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < at + 4; i++) value = (value << 8) | (i < end ? (bytes[i] as number) : 0);
  return value >>> 0;
}

/** Order of type, then bytes; a prefix sorts before what it begins. */
export function compareKeys(a: SortKey, b: SortKey): number {
  const order = a.type - b.type || a.high - b.high || a.low - b.low;
  if (order !== 0) return order;
  const lengthA = a.to - a.from;
  const lengthB = b.to - b.from;
  const shared = Math.min(lengthA, lengthB);
  for (let i = 8; i < shared; i++) {
    const difference = (a.bytes[a.from + i] as number) - (b.bytes[b.from + i] as number);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
