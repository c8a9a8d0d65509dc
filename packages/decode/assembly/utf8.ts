/**
 * UTF-8 (RFC 3629) sixteen bytes at a time, after Keiser and Lemire, "Validating UTF-8 in less than one instruction per
 * byte" (2020): three tables, by both halves of a byte and the upper half of the next, give the errors that each still
 * allows; what all three allow is one. Third and fourth bytes of a character are told by the bytes two and three before.
 */
const TOO_SHORT: u8 = 1;
const TOO_LONG: u8 = 2;
const OVERLONG_3: u8 = 4;
const TOO_LARGE: u8 = 8;
const SURROGATE: u8 = 16;
const OVERLONG_2: u8 = 32;
/** Of four bytes: overlong, or beyond U+10FFFF whatever the second byte is; no byte before the last is both. */
const FOUR: u8 = 64;
const TWO_FOLLOW: u8 = 128;
/** What the lower half of the first byte does not tell. */
const ANY: u8 = TOO_SHORT | TOO_LONG | TWO_FOLLOW;
const FOLLOWS: u8 = TOO_LONG | OVERLONG_2 | TWO_FOLLOW;

// @ts-ignore: decorator
@inline
function firstHigh(): v128 {
  const lead = TOO_SHORT | TOO_LARGE | FOUR;
  const three = TOO_SHORT | OVERLONG_3 | SURROGATE;
  return i8x16(
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    TWO_FOLLOW, TWO_FOLLOW, TWO_FOLLOW, TWO_FOLLOW, TOO_SHORT | OVERLONG_2, TOO_SHORT, three, lead,
  );
}

// @ts-ignore: decorator
@inline
function firstLow(): v128 {
  const large = ANY | TOO_LARGE | FOUR;
  return i8x16(
    ANY | OVERLONG_3 | OVERLONG_2 | FOUR, ANY | OVERLONG_2, ANY, ANY, ANY | TOO_LARGE, large, large, large,
    large, large, large, large, large, large | SURROGATE, large, large,
  );
}

// @ts-ignore: decorator
@inline
function secondHigh(): v128 {
  const low = FOLLOWS | OVERLONG_3;
  const high = FOLLOWS | SURROGATE | TOO_LARGE;
  return i8x16(
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    low | FOUR, low | TOO_LARGE, high, high, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
  );
}

/** Errors of the characters that end in `bytes`, which come after `before`. */
// @ts-ignore: decorator
@inline
function errors(bytes: v128, before: v128): v128 {
  const one = i8x16.shuffle(before, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  const two = i8x16.shuffle(before, bytes, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  const three = i8x16.shuffle(before, bytes, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
  const high = i8x16.swizzle(firstHigh(), i8x16.shr_u(one, 4));
  const low = i8x16.swizzle(firstLow(), v128.and(one, i8x16.splat(15)));
  const next = i8x16.swizzle(secondHigh(), i8x16.shr_u(bytes, 4));
  const special = v128.and(v128.and(high, low), next);
  const third = i8x16.sub_sat_u(two, i8x16.splat(0x60));
  const fourth = i8x16.sub_sat_u(three, i8x16.splat(0x70));
  const must = v128.and(v128.or(third, fourth), i8x16.splat(-128));
  return v128.xor(must, special);
}

/** Whether `length` bytes from `from` are UTF-8; up to 16 bytes may be read beyond them. */
export function isUtf8(from: usize, length: i32): bool {
  let before = i8x16.splat(0);
  let wrong = i8x16.splat(0);
  const whole = from + (length & ~15);
  let at = from;
  for (; at < whole; at += 16) {
    const bytes = v128.load(at);
    wrong = v128.or(wrong, errors(bytes, before));
    before = bytes;
  }
  // Zeros after the last byte: a character that goes on there is cut off.
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const rest = v128.and(v128.load(at), i8x16.lt_s(places, i8x16.splat(<i8>(length & 15))));
  wrong = v128.or(wrong, errors(rest, before));
  return !v128.any_true(wrong);
}
