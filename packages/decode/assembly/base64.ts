/** Of a character: its six bits, at the place of the first, second, third, fourth of four; bit 31 where it is none. */
const DIGITS: usize = memory.data(4 * 256 * 4, 16);
const BAD: u32 = 0x80000000;

function setDigit(character: usize, value: u32): void {
  store<u32>(DIGITS + character * 4, value << 18);
  store<u32>(DIGITS + character * 4, value << 12, 1024);
  store<u32>(DIGITS + character * 4, value << 6, 2048);
  store<u32>(DIGITS + character * 4, value, 3072);
}

/** Both alphabets of RFC 4648. */
export function fillDigits(): void {
  for (let at = DIGITS; at < DIGITS + 4096; at += 4) store<u32>(at, BAD);
  for (let i: u32 = 0; i < 26; i++) {
    setDigit(0x41 + i, i);
    setDigit(0x61 + i, 26 + i);
  }
  for (let i: u32 = 0; i < 10; i++) setDigit(0x30 + i, 52 + i);
  setDigit(0x2b, 62);
  setDigit(0x2d, 62);
  setDigit(0x2f, 63);
  setDigit(0x5f, 63);
}

/** The characters of a vector that stand in `[first, first + count)`. */
// @ts-ignore: decorator
@inline
function within(characters: v128, first: i8, count: i8): v128 {
  return i8x16.lt_u(i8x16.sub(characters, i8x16.splat(first)), i8x16.splat(count));
}

/** The six bits of those that `mask` names: the character and `shift`. */
// @ts-ignore: decorator
@inline
function digitsOf(characters: v128, mask: v128, shift: i8): v128 {
  return v128.and(mask, i8x16.add(characters, i8x16.splat(shift)));
}

// @ts-ignore: decorator
@inline
function either(characters: v128, one: i8, other: i8): v128 {
  return v128.or(i8x16.eq(characters, i8x16.splat(one)), i8x16.eq(characters, i8x16.splat(other)));
}

/**
 * Sixteen digits at a time from `from` to `end`, a multiple of 16 later, as bytes at `into`, where 4 more are overwritten.
 * False where one is no digit. Vectors hold no tables: each range of the alphabets is told by comparing.
 */
function sixteens(from: usize, end: usize, into: usize): bool {
  let good = i8x16.splat(-1);
  let to = into;
  for (let at = from; at < end; at += 16) {
    const characters = v128.load(at);
    const upper = within(characters, 0x41, 26);
    const lower = within(characters, 0x61, 26);
    const decimal = within(characters, 0x30, 10);
    const last = either(characters, 0x2f, 0x5f);
    const lastButOne = either(characters, 0x2b, 0x2d);
    const letters = v128.or(digitsOf(characters, upper, -0x41), digitsOf(characters, lower, 26 - 0x61));
    const others = v128.or(v128.and(last, i8x16.splat(63)), v128.and(lastButOne, i8x16.splat(62)));
    const digits = v128.or(v128.or(letters, others), digitsOf(characters, decimal, 52 - 0x30));
    good = v128.and(good, v128.or(v128.or(upper, lower), v128.or(decimal, v128.or(last, lastButOne))));
    // Two digits to 12 bits in each half of a lane, then two of these to 24 bits, then the bytes in their order.
    const twelves = v128.or(i16x8.shl(v128.and(digits, i16x8.splat(0xff)), 6), i16x8.shr_u(digits, 8));
    const fours = i32x4.dot_i16x8_s(twelves, i16x8(4096, 1, 4096, 1, 4096, 1, 4096, 1));
    v128.store(to, i8x16.swizzle(fours, i8x16(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 16, 16, 16, 16)));
    to += 12;
  }
  return i8x16.all_true(good);
}

/** Digits without padding from `from` to `end` as bytes at `into`, where up to 4 more are overwritten; their number, or -1. */
export function base64(from: usize, end: usize, into: usize): i32 {
  const rest = <i32>(end - from) & 3;
  if (rest == 1) return -1;
  const whole = end - rest;
  const vectors = (end - from) & ~15;
  if (!sixteens(from, from + vectors, into)) return -1;
  let bad: u32 = 0;
  let to = into + (vectors >> 4) * 12;
  for (let at = from + vectors; at < whole; at += 4) {
    const four =
      load<u32>(DIGITS + (<usize>load<u8>(at) << 2)) |
      load<u32>(DIGITS + (<usize>load<u8>(at, 1) << 2), 1024) |
      load<u32>(DIGITS + (<usize>load<u8>(at, 2) << 2), 2048) |
      load<u32>(DIGITS + (<usize>load<u8>(at, 3) << 2), 3072);
    bad |= four;
    store<u32>(to, bswap(four << 8));
    to += 3;
  }
  if (rest > 0) {
    let last =
      load<u32>(DIGITS + (<usize>load<u8>(whole) << 2)) | load<u32>(DIGITS + (<usize>load<u8>(whole, 1) << 2), 1024);
    if (rest == 3) last |= load<u32>(DIGITS + (<usize>load<u8>(whole, 2) << 2), 2048);
    bad |= last;
    store<u32>(to, bswap(last << 8));
    to += rest - 1;
  }
  return (bad & BAD) == 0 ? <i32>(to - into) : -1;
}
