/**
 * GHASH (NIST SP 800-38D, 6.4) by tables: multiplying by a fixed H is linear, so the product is the sum of what each of
 * the 32 half bytes contributes, and a table for each half byte has its 16 values. Looking up by data is not constant
 * time; see the README.
 */
const TABLE: usize = 32 * 16 * 16;
const TABLES: usize = memory.data(512 * 8192, 16);
/** H, for `expand`. */
export const hashKey: usize = memory.data(16, 16);

/** Makes the tables of the key whose H lies at `hashKey`. */
export function expand(key: i32): void {
  const table = TABLES + <usize>key * TABLE;
  // The first byte is the most significant: SP 800-38D counts bits from there.
  let high = bswap(load<u64>(hashKey));
  let low = bswap(load<u64>(hashKey, 8));
  for (let at = table; at < table + TABLE; at += 256) {
    v128.store(at, i64x2.splat(0));
    for (let bit: usize = 8; bit > 0; bit >>= 1) {
      store<u64>(at + bit * 16, bswap(high));
      store<u64>(at + bit * 16, bswap(low), 8);
      const carry = low & 1;
      low = (low >> 1) | (high << 63);
      high = (high >> 1) ^ ((0 - carry) & 0xe100000000000000);
    }
    for (let top: usize = 2; top < 16; top <<= 1) {
      const sum = v128.load(at + top * 16);
      for (let n: usize = 1; n < top; n++) {
        v128.store(at + (top + n) * 16, v128.xor(sum, v128.load(at + n * 16)));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
export function tableOf(key: i32): usize {
  return TABLES + <usize>key * TABLE;
}

/** What byte `at` of a half of a block adds: `word` is the half, `low` the same four bits higher. */
// @ts-ignore: decorator
@inline
function byteOf(table: usize, word: u64, low: u64, shift: u64, offset: usize): v128 {
  const first = v128.load(table + offset + ((<usize>(word >> shift)) & 0xf0));
  const second = v128.load(table + offset + 256 + ((<usize>(low >> shift)) & 0xf0));
  return v128.xor(first, second);
}

// @ts-ignore: decorator
@inline
function half(table: usize, word: u64): v128 {
  const low = word << 4;
  const a = v128.xor(byteOf(table, word, low, 0, 0), byteOf(table, word, low, 8, 512));
  const b = v128.xor(byteOf(table, word, low, 16, 1024), byteOf(table, word, low, 24, 1536));
  const c = v128.xor(byteOf(table, word, low, 32, 2048), byteOf(table, word, low, 40, 2560));
  const d = v128.xor(byteOf(table, word, low, 48, 3072), byteOf(table, word, low, 56, 3584));
  return v128.xor(v128.xor(a, b), v128.xor(c, d));
}

// @ts-ignore: decorator
@inline
export function multiply(table: usize, y: v128): v128 {
  return v128.xor(half(table, i64x2.extract_lane(y, 0)), half(table + 4096, i64x2.extract_lane(y, 1)));
}

/** Ones for the first `n` bytes of a block, 0 < n < 16. */
// @ts-ignore: decorator
@inline
function firstBytes(n: i32): v128 {
  const at = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return i8x16.lt_s(at, i8x16.splat(<i8>n));
}

/** Takes in bytes up to `length`, the last block filled up with zeros; 16 bytes may be read beyond them. */
export function absorb(table: usize, y: v128, from: usize, length: i32): v128 {
  const whole = from + (length & ~15);
  let at = from;
  for (; at < whole; at += 16) y = multiply(table, v128.xor(y, v128.load(at)));
  const rest = length & 15;
  if (rest > 0) y = multiply(table, v128.xor(y, v128.and(v128.load(at), firstBytes(rest))));
  return y;
}
