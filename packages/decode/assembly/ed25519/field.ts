/**
 * Numbers modulo 2^255 - 19 in ten limbs of 26 and 25 bits in turn, as in the reference code of Ed25519 (D. J. Bernstein and
 * others, "ref10", public domain): a product of two limbs and the sum of ten of them fit 64 bits. Sums and differences are
 * not carried; a product takes limbs one bit too long. Public keys and signatures only: nothing here runs in constant time.
 */

/** Bytes of a number in memory. */
export const SIZE: usize = 40;

// @ts-ignore: decorator
@inline
export function get(at: usize, limb: usize): i64 {
  return load<i32>(at + (limb << 2));
}

// @ts-ignore: decorator
@inline
function set(at: usize, limb: usize, value: i64): void {
  store<i32>(at + (limb << 2), <i32>value);
}

// @ts-ignore: decorator
@inline
export function add(out: usize, a: usize, b: usize): void {
  v128.store(out, i32x4.add(v128.load(a), v128.load(b)));
  v128.store(out, i32x4.add(v128.load(a, 16), v128.load(b, 16)), 16);
  store<i32>(out, load<i32>(a, 32) + load<i32>(b, 32), 32);
  store<i32>(out, load<i32>(a, 36) + load<i32>(b, 36), 36);
}

// @ts-ignore: decorator
@inline
export function subtract(out: usize, a: usize, b: usize): void {
  v128.store(out, i32x4.sub(v128.load(a), v128.load(b)));
  v128.store(out, i32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16);
  store<i32>(out, load<i32>(a, 32) - load<i32>(b, 32), 32);
  store<i32>(out, load<i32>(a, 36) - load<i32>(b, 36), 36);
}

export function copy(out: usize, a: usize): void {
  memory.copy(out, a, SIZE);
}

/** out = a * b. */
export function multiply(out: usize, a: usize, b: usize): void {
  const f0 = get(a, 0);
  const f1 = get(a, 1);
  const f2 = get(a, 2);
  const f3 = get(a, 3);
  const f4 = get(a, 4);
  const f5 = get(a, 5);
  const f6 = get(a, 6);
  const f7 = get(a, 7);
  const f8 = get(a, 8);
  const f9 = get(a, 9);
  const g0 = get(b, 0);
  const g1 = get(b, 1);
  const g2 = get(b, 2);
  const g3 = get(b, 3);
  const g4 = get(b, 4);
  const g5 = get(b, 5);
  const g6 = get(b, 6);
  const g7 = get(b, 7);
  const g8 = get(b, 8);
  const g9 = get(b, 9);
  const g1x19 = g1 * 19;
  const g2x19 = g2 * 19;
  const g3x19 = g3 * 19;
  const g4x19 = g4 * 19;
  const g5x19 = g5 * 19;
  const g6x19 = g6 * 19;
  const g7x19 = g7 * 19;
  const g8x19 = g8 * 19;
  const g9x19 = g9 * 19;
  const f1x2 = f1 * 2;
  const f3x2 = f3 * 2;
  const f5x2 = f5 * 2;
  const f7x2 = f7 * 2;
  const f9x2 = f9 * 2;
  let h0: i64 = f0 * g0 + f1x2 * g9x19 + f2 * g8x19 + f3x2 * g7x19 + f4 * g6x19 + f5x2 * g5x19 + f6 * g4x19 + f7x2 * g3x19 + f8 * g2x19 + f9x2 * g1x19;
  let h1: i64 = f0 * g1 + f1 * g0 + f2 * g9x19 + f3 * g8x19 + f4 * g7x19 + f5 * g6x19 + f6 * g5x19 + f7 * g4x19 + f8 * g3x19 + f9 * g2x19;
  let h2: i64 = f0 * g2 + f1x2 * g1 + f2 * g0 + f3x2 * g9x19 + f4 * g8x19 + f5x2 * g7x19 + f6 * g6x19 + f7x2 * g5x19 + f8 * g4x19 + f9x2 * g3x19;
  let h3: i64 = f0 * g3 + f1 * g2 + f2 * g1 + f3 * g0 + f4 * g9x19 + f5 * g8x19 + f6 * g7x19 + f7 * g6x19 + f8 * g5x19 + f9 * g4x19;
  let h4: i64 = f0 * g4 + f1x2 * g3 + f2 * g2 + f3x2 * g1 + f4 * g0 + f5x2 * g9x19 + f6 * g8x19 + f7x2 * g7x19 + f8 * g6x19 + f9x2 * g5x19;
  let h5: i64 = f0 * g5 + f1 * g4 + f2 * g3 + f3 * g2 + f4 * g1 + f5 * g0 + f6 * g9x19 + f7 * g8x19 + f8 * g7x19 + f9 * g6x19;
  let h6: i64 = f0 * g6 + f1x2 * g5 + f2 * g4 + f3x2 * g3 + f4 * g2 + f5x2 * g1 + f6 * g0 + f7x2 * g9x19 + f8 * g8x19 + f9x2 * g7x19;
  let h7: i64 = f0 * g7 + f1 * g6 + f2 * g5 + f3 * g4 + f4 * g3 + f5 * g2 + f6 * g1 + f7 * g0 + f8 * g9x19 + f9 * g8x19;
  let h8: i64 = f0 * g8 + f1x2 * g7 + f2 * g6 + f3x2 * g5 + f4 * g4 + f5x2 * g3 + f6 * g2 + f7x2 * g1 + f8 * g0 + f9x2 * g9x19;
  let h9: i64 = f0 * g9 + f1 * g8 + f2 * g7 + f3 * g6 + f4 * g5 + f5 * g4 + f6 * g3 + f7 * g2 + f8 * g1 + f9 * g0;
  let c: i64;
  c = (h0 + (1 << 25)) >> 26;
  h1 += c;
  h0 -= c << 26;
  c = (h4 + (1 << 25)) >> 26;
  h5 += c;
  h4 -= c << 26;
  c = (h1 + (1 << 24)) >> 25;
  h2 += c;
  h1 -= c << 25;
  c = (h5 + (1 << 24)) >> 25;
  h6 += c;
  h5 -= c << 25;
  c = (h2 + (1 << 25)) >> 26;
  h3 += c;
  h2 -= c << 26;
  c = (h6 + (1 << 25)) >> 26;
  h7 += c;
  h6 -= c << 26;
  c = (h3 + (1 << 24)) >> 25;
  h4 += c;
  h3 -= c << 25;
  c = (h7 + (1 << 24)) >> 25;
  h8 += c;
  h7 -= c << 25;
  c = (h4 + (1 << 25)) >> 26;
  h5 += c;
  h4 -= c << 26;
  c = (h8 + (1 << 25)) >> 26;
  h9 += c;
  h8 -= c << 26;
  c = (h9 + (1 << 24)) >> 25;
  h0 += c * 19;
  h9 -= c << 25;
  c = (h0 + (1 << 25)) >> 26;
  h1 += c;
  h0 -= c << 26;
  set(out, 0, h0);
  set(out, 1, h1);
  set(out, 2, h2);
  set(out, 3, h3);
  set(out, 4, h4);
  set(out, 5, h5);
  set(out, 6, h6);
  set(out, 7, h7);
  set(out, 8, h8);
  set(out, 9, h9);
}

/** out = a * a. */
export function square(out: usize, a: usize): void {
  const f0 = get(a, 0);
  const f1 = get(a, 1);
  const f2 = get(a, 2);
  const f3 = get(a, 3);
  const f4 = get(a, 4);
  const f5 = get(a, 5);
  const f6 = get(a, 6);
  const f7 = get(a, 7);
  const f8 = get(a, 8);
  const f9 = get(a, 9);
  const f0x2 = f0 * 2;
  const f1x2 = f1 * 2;
  const f2x2 = f2 * 2;
  const f3x2 = f3 * 2;
  const f4x2 = f4 * 2;
  const f5x2 = f5 * 2;
  const f6x2 = f6 * 2;
  const f7x2 = f7 * 2;
  const f8x2 = f8 * 2;
  const f9x2 = f9 * 2;
  const f5x19 = f5 * 19;
  const f6x19 = f6 * 19;
  const f7x19 = f7 * 19;
  const f8x19 = f8 * 19;
  const f9x19 = f9 * 19;
  const f5x38 = f5 * 38;
  const f7x38 = f7 * 38;
  const f9x38 = f9 * 38;
  let h0: i64 = f0 * f0 + f1x2 * f9x38 + f2x2 * f8x19 + f3x2 * f7x38 + f4x2 * f6x19 + f5x2 * f5x19;
  let h1: i64 = f0x2 * f1 + f2x2 * f9x19 + f3x2 * f8x19 + f4x2 * f7x19 + f5x2 * f6x19;
  let h2: i64 = f0x2 * f2 + f1x2 * f1 + f3x2 * f9x38 + f4x2 * f8x19 + f5x2 * f7x38 + f6 * f6x19;
  let h3: i64 = f0x2 * f3 + f1x2 * f2 + f4x2 * f9x19 + f5x2 * f8x19 + f6x2 * f7x19;
  let h4: i64 = f0x2 * f4 + f1x2 * f3x2 + f2 * f2 + f5x2 * f9x38 + f6x2 * f8x19 + f7x2 * f7x19;
  let h5: i64 = f0x2 * f5 + f1x2 * f4 + f2x2 * f3 + f6x2 * f9x19 + f7x2 * f8x19;
  let h6: i64 = f0x2 * f6 + f1x2 * f5x2 + f2x2 * f4 + f3x2 * f3 + f7x2 * f9x38 + f8 * f8x19;
  let h7: i64 = f0x2 * f7 + f1x2 * f6 + f2x2 * f5 + f3x2 * f4 + f8x2 * f9x19;
  let h8: i64 = f0x2 * f8 + f1x2 * f7x2 + f2x2 * f6 + f3x2 * f5x2 + f4 * f4 + f9x2 * f9x19;
  let h9: i64 = f0x2 * f9 + f1x2 * f8 + f2x2 * f7 + f3x2 * f6 + f4x2 * f5;
  let c: i64;
  c = (h0 + (1 << 25)) >> 26;
  h1 += c;
  h0 -= c << 26;
  c = (h4 + (1 << 25)) >> 26;
  h5 += c;
  h4 -= c << 26;
  c = (h1 + (1 << 24)) >> 25;
  h2 += c;
  h1 -= c << 25;
  c = (h5 + (1 << 24)) >> 25;
  h6 += c;
  h5 -= c << 25;
  c = (h2 + (1 << 25)) >> 26;
  h3 += c;
  h2 -= c << 26;
  c = (h6 + (1 << 25)) >> 26;
  h7 += c;
  h6 -= c << 26;
  c = (h3 + (1 << 24)) >> 25;
  h4 += c;
  h3 -= c << 25;
  c = (h7 + (1 << 24)) >> 25;
  h8 += c;
  h7 -= c << 25;
  c = (h4 + (1 << 25)) >> 26;
  h5 += c;
  h4 -= c << 26;
  c = (h8 + (1 << 25)) >> 26;
  h9 += c;
  h8 -= c << 26;
  c = (h9 + (1 << 24)) >> 25;
  h0 += c * 19;
  h9 -= c << 25;
  c = (h0 + (1 << 25)) >> 26;
  h1 += c;
  h0 -= c << 26;
  set(out, 0, h0);
  set(out, 1, h1);
  set(out, 2, h2);
  set(out, 3, h3);
  set(out, 4, h4);
  set(out, 5, h5);
  set(out, 6, h6);
  set(out, 7, h7);
  set(out, 8, h8);
  set(out, 9, h9);
}

const t0: usize = memory.data(40, 16);
const t1: usize = memory.data(40, 16);
const t2: usize = memory.data(40, 16);
const t3: usize = memory.data(40, 16);

function squareTimes(out: usize, a: usize, times: i32): void {
  square(out, a);
  for (let i = 1; i < times; i++) square(out, out);
}

/** out = a^(p - 2), which is 1 / a. */
export function invert(out: usize, a: usize): void {
  square(t0, a);
  squareTimes(t1, t0, 2);
  multiply(t1, a, t1);
  multiply(t0, t0, t1);
  square(t2, t0);
  multiply(t1, t1, t2);
  squareTimes(t2, t1, 5);
  multiply(t1, t2, t1);
  squareTimes(t2, t1, 10);
  multiply(t2, t2, t1);
  squareTimes(t3, t2, 20);
  multiply(t2, t3, t2);
  squareTimes(t2, t2, 10);
  multiply(t1, t2, t1);
  squareTimes(t2, t1, 50);
  multiply(t2, t2, t1);
  squareTimes(t3, t2, 100);
  multiply(t2, t3, t2);
  squareTimes(t2, t2, 50);
  multiply(t1, t2, t1);
  squareTimes(t1, t1, 5);
  multiply(out, t1, t0);
}

/** The one representative in 0 .. p - 1 as 32 bytes, little end first. */
export function toBytes(out: usize, a: usize): void {
  let q = (19 * get(a, 9) + (1 << 24)) >> 25;
  for (let i: usize = 0; i < 10; i++) q = (get(a, i) + q) >> (i & 1 ? 25 : 26);
  let carry: i64 = 19 * q;
  let held: u64 = 0;
  let bits: u64 = 0;
  for (let i: usize = 0; i < 10; i++) {
    const width: u64 = i & 1 ? 25 : 26;
    const limb = get(a, i) + carry;
    carry = limb >> width;
    held |= <u64>(limb - (carry << width)) << bits;
    for (bits += width; bits >= 8; bits -= 8) {
      store<u8>(out++, <u8>held);
      held >>= 8;
    }
  }
  store<u8>(out, <u8>held);
}
