/**
 * The SHA-256 compression function (FIPS 180-4, 6.2.2) of four blocks at once: lane l of every vector belongs to
 * message l. Nothing in it depends on the data, so four messages cost little more than one.
 */
import { IV, K } from './constants';

/** Working state: eight vectors, word k of lane l at 16k + 4l. */
const STATE: usize = memory.data(128, 16);
/** The same in the byte order of a digest. */
export const RESULT: usize = memory.data(128, 16);
/** The message schedule: 64 vectors. */
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
  const to = WORDS + (q << 6);
  v128.store(to, i64x2.shuffle(lo01, lo23, 0, 2));
  v128.store(to, i64x2.shuffle(lo01, lo23, 1, 3), 16);
  v128.store(to, i64x2.shuffle(hi01, hi23, 0, 2), 32);
  v128.store(to, i64x2.shuffle(hi01, hi23, 1, 3), 48);
}

/** The word at `at`, 16 after the first it comes from; `w2` is the word two before it. */
// @ts-ignore: decorator
@inline
function nextWord(at: usize, w2: v128): v128 {
  const near = add(smallSigma1(w2), v128.load(at - 7 * 16));
  const far = add(smallSigma0(v128.load(at - 15 * 16)), v128.load(at - 16 * 16));
  const word = add(near, far);
  v128.store(at, word);
  return word;
}

// @ts-ignore: decorator
@inline
function keyed(at: usize, k: usize, i: usize): v128 {
  return add(v128.load(at + (i << 4)), v128.load_splat<u32>(k + (i << 2)));
}

// @ts-ignore: decorator
@inline
function enter(k: usize, fresh: v128): v128 {
  const initial = v128.load_splat<u32>(changetype<usize>(IV) + (k << 2));
  const word = v128.bitselect(initial, v128.load(STATE + (k << 4)), fresh);
  v128.store(STATE + (k << 4), word);
  return word;
}

// @ts-ignore: decorator
@inline
function leave(k: usize, word: v128): void {
  const sum = add(word, v128.load(STATE + (k << 4)));
  v128.store(STATE + (k << 4), sum);
  v128.store(RESULT + (k << 4), bigEndian(sum));
}

/**
 * Takes one block of each lane, at p0 to p3, into STATE and RESULT. A lane of `fresh` that is all ones begins with the
 * initial hash value, one that is zero goes on.
 */
export function compressFour(p0: usize, p1: usize, p2: usize, p3: usize, fresh: v128): void {
  for (let q: usize = 0; q < 4; q++) putFourWords(q, p0, p1, p2, p3);
  let a = enter(0, fresh);
  let b = enter(1, fresh);
  let c = enter(2, fresh);
  let d = enter(3, fresh);
  let e = enter(4, fresh);
  let f = enter(5, fresh);
  let g = enter(6, fresh);
  let h = enter(7, fresh);
  let k = changetype<usize>(K);
  let at = WORDS;
  let even = v128.load(WORDS + 14 * 16);
  let odd = v128.load(WORDS + 15 * 16);
  for (; at < WORDS + 1024; at += 128) {
    // Words for later between the rounds: the processor does both at once.
    const more = at < WORDS + 48 * 16;
    if (more) even = nextWord(at + 256, even);
    h = temp1(h, e, f, g, keyed(at, k, 0));
    d = add(d, h);
    h = add(h, temp2(a, b, c));
    if (more) odd = nextWord(at + 272, odd);
    g = temp1(g, d, e, f, keyed(at, k, 1));
    c = add(c, g);
    g = add(g, temp2(h, a, b));
    if (more) even = nextWord(at + 288, even);
    f = temp1(f, c, d, e, keyed(at, k, 2));
    b = add(b, f);
    f = add(f, temp2(g, h, a));
    if (more) odd = nextWord(at + 304, odd);
    e = temp1(e, b, c, d, keyed(at, k, 3));
    a = add(a, e);
    e = add(e, temp2(f, g, h));
    if (more) even = nextWord(at + 320, even);
    d = temp1(d, a, b, c, keyed(at, k, 4));
    h = add(h, d);
    d = add(d, temp2(e, f, g));
    if (more) odd = nextWord(at + 336, odd);
    c = temp1(c, h, a, b, keyed(at, k, 5));
    g = add(g, c);
    c = add(c, temp2(d, e, f));
    if (more) even = nextWord(at + 352, even);
    b = temp1(b, g, h, a, keyed(at, k, 6));
    f = add(f, b);
    b = add(b, temp2(c, d, e));
    if (more) odd = nextWord(at + 368, odd);
    a = temp1(a, f, g, h, keyed(at, k, 7));
    e = add(e, a);
    a = add(a, temp2(b, c, d));
    k += 32;
  }
  leave(0, a);
  leave(1, b);
  leave(2, c);
  leave(3, d);
  leave(4, e);
  leave(5, f);
  leave(6, g);
  leave(7, h);
}
