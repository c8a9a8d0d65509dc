/**
 * The SHA-256 compression function (FIPS 180-4, 6.2.2) of four blocks at once: lane l of every vector belongs to
 * message l. Nothing in it depends on the data, so four messages cost little more than one.
 */
import { K } from './constants';

/** Working state: eight vectors, word k of lane l at 16k + 4l. */
export const STATE: usize = memory.data(128, 16);
/** The message schedule with the round constants added: 64 vectors. */
const SCHEDULE: usize = memory.data(1024, 16);
/** The message schedule without them. */
const WORDS: usize = memory.data(1024, 16);

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return i32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
function rotr(x: v128, n: i32): v128 {
  return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n));
}

// @ts-ignore: decorator
@inline
function xor3(a: v128, b: v128, c: v128): v128 {
  return v128.xor(v128.xor(a, b), c);
}

// @ts-ignore: decorator
@inline
function bigSigma0(x: v128): v128 {
  return xor3(rotr(x, 2), rotr(x, 13), rotr(x, 22));
}

// @ts-ignore: decorator
@inline
function bigSigma1(x: v128): v128 {
  return xor3(rotr(x, 6), rotr(x, 11), rotr(x, 25));
}

// @ts-ignore: decorator
@inline
function smallSigma0(x: v128): v128 {
  return xor3(rotr(x, 7), rotr(x, 18), i32x4.shr_u(x, 3));
}

// @ts-ignore: decorator
@inline
function smallSigma1(x: v128): v128 {
  return xor3(rotr(x, 17), rotr(x, 19), i32x4.shr_u(x, 10));
}

// @ts-ignore: decorator
@inline
function choose(e: v128, f: v128, g: v128): v128 {
  return v128.xor(g, v128.and(e, v128.xor(f, g)));
}

// @ts-ignore: decorator
@inline
function majority(a: v128, b: v128, c: v128): v128 {
  return v128.xor(b, v128.and(v128.xor(a, b), v128.xor(b, c)));
}

// @ts-ignore: decorator
@inline
function temp1(h: v128, e: v128, f: v128, g: v128, kw: v128): v128 {
  return add(add(add(h, kw), choose(e, f, g)), bigSigma1(e));
}

// @ts-ignore: decorator
@inline
function temp2(a: v128, b: v128, c: v128): v128 {
  return add(bigSigma0(a), majority(a, b, c));
}

// @ts-ignore: decorator
@inline
function bigEndian(x: v128): v128 {
  return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

// @ts-ignore: decorator
@inline
function putWord(t: usize, w: v128): void {
  v128.store(WORDS + (t << 4), w);
  v128.store(SCHEDULE + (t << 4), add(w, v128.load_splat<u32>(changetype<usize>(K) + (t << 2))));
}

/** Words 4q to 4q+3 of four messages: a 4×4 transposition of what lies at the same offset of each. */
// @ts-ignore: decorator
@inline
function putFourWords(q: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
  const r0 = bigEndian(v128.load(p0 + (q << 4)));
  const r1 = bigEndian(v128.load(p1 + (q << 4)));
  const r2 = bigEndian(v128.load(p2 + (q << 4)));
  const r3 = bigEndian(v128.load(p3 + (q << 4)));
  const lo01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const hi01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const lo23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const hi23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  putWord((q << 2) + 0, i64x2.shuffle(lo01, lo23, 0, 2));
  putWord((q << 2) + 1, i64x2.shuffle(lo01, lo23, 1, 3));
  putWord((q << 2) + 2, i64x2.shuffle(hi01, hi23, 0, 2));
  putWord((q << 2) + 3, i64x2.shuffle(hi01, hi23, 1, 3));
}

function schedule(p0: usize, p1: usize, p2: usize, p3: usize): void {
  for (let q: usize = 0; q < 4; q++) putFourWords(q, p0, p1, p2, p3);
  for (let t: usize = 16; t < 64; t++) {
    const at = WORDS + (t << 4);
    const near = add(smallSigma1(v128.load(at - 2 * 16)), v128.load(at - 7 * 16));
    const far = add(smallSigma0(v128.load(at - 15 * 16)), v128.load(at - 16 * 16));
    putWord(t, add(near, far));
  }
}

/** Takes one block of each lane, at p0 to p3, into STATE. */
export function compressFour(p0: usize, p1: usize, p2: usize, p3: usize): void {
  schedule(p0, p1, p2, p3);
  let a = v128.load(STATE);
  let b = v128.load(STATE, 16);
  let c = v128.load(STATE, 32);
  let d = v128.load(STATE, 48);
  let e = v128.load(STATE, 64);
  let f = v128.load(STATE, 80);
  let g = v128.load(STATE, 96);
  let h = v128.load(STATE, 112);
  for (let at = SCHEDULE; at < SCHEDULE + 1024; at += 128) {
    h = temp1(h, e, f, g, v128.load(at));
    d = add(d, h);
    h = add(h, temp2(a, b, c));
    g = temp1(g, d, e, f, v128.load(at, 16));
    c = add(c, g);
    g = add(g, temp2(h, a, b));
    f = temp1(f, c, d, e, v128.load(at, 32));
    b = add(b, f);
    f = add(f, temp2(g, h, a));
    e = temp1(e, b, c, d, v128.load(at, 48));
    a = add(a, e);
    e = add(e, temp2(f, g, h));
    d = temp1(d, a, b, c, v128.load(at, 64));
    h = add(h, d);
    d = add(d, temp2(e, f, g));
    c = temp1(c, h, a, b, v128.load(at, 80));
    g = add(g, c);
    c = add(c, temp2(d, e, f));
    b = temp1(b, g, h, a, v128.load(at, 96));
    f = add(f, b);
    b = add(b, temp2(c, d, e));
    a = temp1(a, f, g, h, v128.load(at, 112));
    e = add(e, a);
    a = add(a, temp2(b, c, d));
  }
  v128.store(STATE, add(a, v128.load(STATE)));
  v128.store(STATE, add(b, v128.load(STATE, 16)), 16);
  v128.store(STATE, add(c, v128.load(STATE, 32)), 32);
  v128.store(STATE, add(d, v128.load(STATE, 48)), 48);
  v128.store(STATE, add(e, v128.load(STATE, 64)), 64);
  v128.store(STATE, add(f, v128.load(STATE, 80)), 80);
  v128.store(STATE, add(g, v128.load(STATE, 96)), 96);
  v128.store(STATE, add(h, v128.load(STATE, 112)), 112);
}
