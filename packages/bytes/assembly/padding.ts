/** Bytes 0 to 15, to compare positions with. */
// @ts-ignore: decorator
@inline
function positions(): v128 {
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/**
 * Sixteen bytes of a padded block: what is before `rest` is kept, 0x80 follows, then zeros (FIPS 180-4, 5.1.1).
 * `from` is the position of the first of them in the block.
 */
// @ts-ignore: decorator
@inline
function padded(bytes: v128, from: i32, rest: i32): v128 {
  const at = i8x16.add(positions(), i8x16.splat(<i8>from));
  const end = i8x16.splat(<i8>rest);
  const kept = v128.and(bytes, i8x16.lt_s(at, end));
  return v128.or(kept, v128.and(i8x16.eq(at, end), i8x16.splat(<i8>0x80)));
}

/**
 * Writes the last block or two of a message of `length` bytes to `pad` (128 bytes) and returns how many there are.
 * `tail` is where its last, incomplete block begins; up to 64 bytes are read from there whatever they are. Whole
 * vectors are stored because compressFour loads whole vectors: narrower stores would stall it.
 */
export function padTail(pad: usize, tail: usize, length: u32): u32 {
  const rest = <i32>(length & 63);
  v128.store(pad, padded(v128.load(tail), 0, rest));
  v128.store(pad, padded(v128.load(tail, 16), 16, rest), 16);
  v128.store(pad, padded(v128.load(tail, 32), 32, rest), 32);
  const last = padded(v128.load(tail, 48), 48, rest);
  const bits = bswap(length << 3);
  if (rest < 56) {
    v128.store(pad, i32x4.replace_lane(last, 3, bits), 48);
    return 1;
  }
  v128.store(pad, last, 48);
  const zero = i32x4.splat(0);
  v128.store(pad, zero, 64);
  v128.store(pad, zero, 80);
  v128.store(pad, zero, 96);
  v128.store(pad, i32x4.replace_lane(zero, 3, bits), 112);
  return 2;
}
