import { type ByteTable, END, HIGH, LOW, RECORD, START, TAG } from './byte-table.ts';

/** Bytes of a key that the radix passes look at; keys that agree in them are compared byte by byte. */
const PREFIX = 8;

/**
 * Ids of all keys in the order of (rank of their tag, bytes): a radix sort over rank and the first eight bytes, then
 * comparison within ties. Byte order, because the order of JavaScript strings is another (UTF-16).
 */
export function sortedKeys(table: ByteTable, rankOfTag: ArrayLike<number> | null): Uint32Array {
  const { count, records } = table;
  const ranks = new Int32Array(count);
  const high = new Int32Array(count);
  const low = new Int32Array(count);
  let order: Uint32Array = new Uint32Array(count);
  for (let id = 0; id < count; id++) {
    const record = id * RECORD;
    order[id] = id;
    if (rankOfTag !== null) ranks[id] = rankOfTag[records[record + TAG] as number] as number;
    high[id] = records[record + HIGH] as number;
    low[id] = records[record + LOW] as number;
  }
  let spare: Uint32Array = new Uint32Array(count);
  for (const key of rankOfTag === null ? [low, high] : [low, high, ranks]) {
    for (let shift = 0; shift < 32; shift += 8) {
      if (!radixPass(key, shift, order, spare)) continue;
      [order, spare] = [spare, order];
    }
  }
  sortTies(table, order, (a, b) => low[a] === low[b] && high[a] === high[b] && ranks[a] === ranks[b]);
  return order;
}

/** Stable distribution by one byte of `key` from `order` into `into`. False, and nothing done, where all agree in it. */
function radixPass(key: Int32Array, shift: number, order: Uint32Array, into: Uint32Array): boolean {
  const places = new Uint32Array(256);
  const count = order.length;
  for (let i = 0; i < count; i++) {
    const digit = ((key[i] as number) >>> shift) & 0xff;
    places[digit] = (places[digit] as number) + 1;
  }
  if (count === 0 || places[((key[0] as number) >>> shift) & 0xff] === count) return false;
  let sum = 0;
  for (let digit = 0; digit < 256; digit++) {
    const size = places[digit] as number;
    places[digit] = sum;
    sum += size;
  }
  for (let i = 0; i < count; i++) {
    const id = order[i] as number;
    const digit = ((key[id] as number) >>> shift) & 0xff;
    const place = places[digit] as number;
    into[place] = id;
    places[digit] = place + 1;
  }
  return true;
}

function sortTies(table: ByteTable, order: Uint32Array, tied: (a: number, b: number) => boolean): void {
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && tied(order[from] as number, order[to] as number)) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => compareRest(table, a, b));
    from = to;
  }
}

/** Compares two keys that agree in their first PREFIX bytes, as far as both have them. */
function compareRest(table: ByteTable, a: number, b: number): number {
  const { arena, records } = table;
  const startA = records[a * RECORD + START] as number;
  const startB = records[b * RECORD + START] as number;
  const lengthA = (records[a * RECORD + END] as number) - startA;
  const lengthB = (records[b * RECORD + END] as number) - startB;
  const shared = Math.min(lengthA, lengthB);
  for (let i = Math.min(PREFIX, shared); i < shared; i++) {
    const difference = (arena[startA + i] as number) - (arena[startB + i] as number);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
