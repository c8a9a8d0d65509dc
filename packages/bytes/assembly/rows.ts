/**
 * Rows of digests, and the digests over them: column by column, each value behind a head and a salt. Values, their
 * bounds and salts are copied in whole stretches; nothing is done a value on the caller's side.
 */
import { blocksOf, clearFrames, digestFive, digestFrames, endFrame, MOST_BLOCKS, MOST_FRAMES, nextFrame } from './frames';

/** Most rows. */
export const MOST_ROWS: i32 = 256;
/** Bytes between rows: eight blocks, for up to 15 digests behind three bytes. */
export const STRIDE: i32 = 512;
const ROWS: usize = memory.data(256 * 512 + 64, 16);
export const rows: usize = ROWS;
/** Digests of the rows, end to end. */
export const rowDigests: usize = memory.data(256 * 32, 16);

/** Bytes of values, and 16 more that may be read beyond them. */
export const VALUES_SIZE: i32 = 262144;
export const values: usize = memory.data(262144 + 64, 16);
export const valueStarts: usize = memory.data(2048 * 4, 16);
export const valueEnds: usize = memory.data(2048 * 4, 16);
/** 1: absent; 2: there is no digest of it. */
export const valueMarks: usize = memory.data(2048, 16);
export const salts: usize = memory.data(2048 * 16 + 64, 16);

/** Digests that lists are made of, or that come from elsewhere. */
export const MOST_PARTS: i32 = 4096;
export const parts: usize = memory.data(4096 * 32 + 64, 16);
/** Where the parts of each row begin, and where those of the last end. */
export const partsFirst: usize = memory.data(257 * 4, 16);

/** Size of a value's head and salt. */
const BEFORE_VALUE: u32 = 22;
const HEAD: u32 = 6;

// @ts-ignore: decorator
@inline
function digestAt(row: i32, column: i32): usize {
  return ROWS + <usize>(row * STRIDE) + 3 + (<usize>column << 5);
}

/** Makes `count` rows of `columns` digests each, behind `prefix` and `columns` as two bytes, padded to whole blocks. */
export function startRows(prefix: u32, columns: i32, count: i32): void {
  const size: u32 = 3 + (columns << 5);
  const stop = <usize>blocksOf(size) << 6;
  for (let row = 0; row < count; row++) {
    const at = ROWS + <usize>(row * STRIDE);
    store<u8>(at, prefix);
    store<u8>(at, columns >> 8, 1);
    store<u8>(at, columns, 2);
    for (let to = at + size; to < at + stop; to += 16) v128.store(to, i64x2.splat(0));
    store<u8>(at + size, 0x80);
    store<u32>(at + stop - 4, bswap(size << 3));
  }
}

/** Digests over the rows to `rowDigests`. */
export function digestRows(columns: i32, count: i32): void {
  const blocks = blocksOf(3 + (columns << 5));
  for (let row = 0; row < count; row += 5) {
    const r1 = min(row + 1, count - 1);
    const r2 = min(row + 2, count - 1);
    const r3 = min(row + 3, count - 1);
    const r4 = min(row + 4, count - 1);
    digestFive(
      blocks, rowAt(row), rowAt(r1), rowAt(r2), rowAt(r3), rowAt(r4),
      rowDigestAt(row), rowDigestAt(r1), rowDigestAt(r2), rowDigestAt(r3), rowDigestAt(r4),
    );
  }
}

// @ts-ignore: decorator
@inline
function rowAt(row: i32): usize {
  return ROWS + <usize>(row * STRIDE);
}

// @ts-ignore: decorator
@inline
function rowDigestAt(row: i32): usize {
  return rowDigests + (<usize>row << 5);
}

/** Copies `length` bytes; up to 15 more are read and written. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, length: u32): void {
  for (let i: u32 = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
}

/** Lays `prefix, number, length as four bytes, salt` and the value; how many were passed over as too long. */
// @ts-ignore: decorator
@inline
function layValue(i: i32, head: u32, base: u32, into: usize): bool {
  const mark = load<u8>(valueMarks + i);
  const start = load<u32>(valueStarts + (<usize>i << 2));
  const length = mark == 1 ? 0 : load<u32>(valueEnds + (<usize>i << 2)) - start;
  if (blocksOf(BEFORE_VALUE + length) > <u32>MOST_BLOCKS) return false;
  const at = nextFrame();
  store<u16>(at, <u16>head);
  store<u32>(at, mark == 1 ? 0xffffffff : bswap(length), 2);
  v128.store(at, v128.load(salts + (<usize>i << 4)), HEAD);
  copy(at + BEFORE_VALUE, values + (start - base), length);
  endFrame(BEFORE_VALUE + length, into);
  return true;
}

/** Digests of `count` values to column `column` of the rows from `row` on. Returns how many were passed over as too long. */
export function digestColumn(prefix: u32, number: u32, base: u32, count: i32, column: i32, row: i32): i32 {
  let passed = 0;
  clearFrames();
  for (let i = 0; i < count; i++) {
    if (load<u8>(valueMarks + i) == 2) continue;
    if (!layValue(i, prefix | (number << 8), base, digestAt(row + i, column))) passed++;
  }
  digestFrames();
  return passed;
}

/** Digests of `count` values, one after the other, to the parts from `part` on. Returns how many were passed over. */
export function digestParts(prefix: u32, number: u32, base: u32, count: i32, part: i32): i32 {
  let passed = 0;
  clearFrames();
  for (let i = 0; i < count; i++) {
    if (!layValue(i, prefix | (number << 8), base, parts + (<usize>(part + i) << 5))) passed++;
  }
  digestFrames();
  return passed;
}

/** Digests of `prefix, number, how many as four bytes` and the parts of each row that has any. Returns how many were passed over. */
export function digestLists(prefix: u32, number: u32, count: i32, column: i32): i32 {
  let passed = 0;
  clearFrames();
  for (let row = 0; row < count; row++) {
    const first = load<u32>(partsFirst + (<usize>row << 2));
    const n = load<u32>(partsFirst + (<usize>row << 2), 4) - first;
    if (n == 0) continue;
    const size = HEAD + (n << 5);
    if (blocksOf(size) > <u32>MOST_BLOCKS) {
      passed++;
      continue;
    }
    const at = nextFrame();
    store<u16>(at, <u16>(prefix | (number << 8)));
    store<u32>(at, bswap(n), 2);
    copy(at + HEAD, parts + (<usize>first << 5), n << 5);
    endFrame(size, digestAt(row, column));
  }
  digestFrames();
  return passed;
}

/** Puts the first `count` parts into column `column` of the rows. */
export function placeParts(count: i32, column: i32): void {
  for (let row = 0; row < count; row++) {
    const from = parts + (<usize>row << 5);
    v128.store(digestAt(row, column), v128.load(from));
    v128.store(digestAt(row, column), v128.load(from, 16), 16);
  }
}

