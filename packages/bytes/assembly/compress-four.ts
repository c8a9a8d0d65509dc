/**
 * The SHA-256 compression function (FIPS 180-4, 6.2.2) of four blocks at once: lane l of every vector belongs to
 * message l. Nothing in it depends on the data, so four messages cost little more than one.
 */
import { IV, KEYS, WORDS } from './constants';

/** Working state: eight vectors, word k of lane l at 16k + 4l. */
export const STATE: usize = memory.data(128, 16);

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
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
export function temp1Four(h: v128, e: v128, f: v128, g: v128, kw: v128): v128 {
  return add(add(add(h, kw), choose(e, f, g)), bigSigma1(e));
}

// @ts-ignore: decorator
@inline
export function temp2Four(a: v128, b: v128, c: v128): v128 {
  return add(bigSigma0(a), majority(a, b, c));
}

// @ts-ignore: decorator
@inline
export function bigEndian(x: v128): v128 {
  return i8x16.swizzle(x, i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
}

/** Words 4q to 4q+3 of four messages: a 4×4 transposition of what lies at the same offset of each. */
// @ts-ignore: decorator
@inline
function putFourWords(q: usize, p0: usize, p1: usize, p2: usize, p3: usize): void {
  const r0 = v128.load(p0 + (q << 4));
  const r1 = v128.load(p1 + (q << 4));
  const r2 = v128.load(p2 + (q << 4));
  const r3 = v128.load(p3 + (q << 4));
  const lo01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const hi01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const lo23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const hi23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  const to = WORDS + (q << 6);
  v128.store(to, bigEndian(i64x2.shuffle(lo01, lo23, 0, 2)));
  v128.store(to, bigEndian(i64x2.shuffle(lo01, lo23, 1, 3)), 16);
  v128.store(to, bigEndian(i64x2.shuffle(hi01, hi23, 0, 2)), 32);
  v128.store(to, bigEndian(i64x2.shuffle(hi01, hi23, 1, 3)), 48);
}

/** The sixteen words of a block of each lane to WORDS. */
// @ts-ignore: decorator
@inline
export function putBlocks(p0: usize, p1: usize, p2: usize, p3: usize): void {
  for (let q: usize = 0; q < 4; q++) putFourWords(q, p0, p1, p2, p3);
}

/** The next word of the schedule from those 16, 15, 7 and 2 before it. */
// @ts-ignore: decorator
@inline
export function nextFour(w16: v128, w15: v128, w7: v128, w2: v128): v128 {
  return add(add(smallSigma1(w2), w7), add(smallSigma0(w15), w16));
}

/** The schedules of a block of each lane, at p0 to p3, with the constants added: 64 vectors to `into`. */
export function scheduleFour(p0: usize, p1: usize, p2: usize, p3: usize, into: usize): void {
  putBlocks(p0, p1, p2, p3);
  let even = v128.load(WORDS, 14 * 16);
  let odd = v128.load(WORDS, 15 * 16);
  for (let at = WORDS; at < WORDS + 48 * 16; at += 32) {
    even = nextFour(v128.load(at), v128.load(at, 16), v128.load(at, 144), even);
    odd = nextFour(v128.load(at, 16), v128.load(at, 32), v128.load(at, 160), odd);
    v128.store(at, even, 256);
    v128.store(at, odd, 272);
  }
  for (let t: usize = 0; t < 1024; t += 16) {
    v128.store(into + t, add(v128.load(WORDS + t), v128.load(WORDS + t, KEYS)));
  }
}

// @ts-ignore: decorator
@inline
function leave(k: usize, word: v128): void {
  v128.store(STATE + (k << 4), add(word, v128.load(STATE + (k << 4))));
}

/** STATE of four messages of which no block was taken yet. */
export function enterFour(): void {
  for (let k: usize = 0; k < 8; k++) {
    v128.store(STATE + (k << 4), v128.load_splat<u32>(changetype<usize>(IV) + (k << 2)));
  }
}

/** The same for the lanes of `fresh` that are all ones; those that are zero go on. */
export function enterSome(fresh: v128): void {
  for (let k: usize = 0; k < 8; k++) {
    const initial = v128.load_splat<u32>(changetype<usize>(IV) + (k << 2));
    v128.store(STATE + (k << 4), v128.bitselect(initial, v128.load(STATE + (k << 4)), fresh));
  }
}

/** Takes one block of each lane, at p0 to p3, into STATE. */
export function compressFour(p0: usize, p1: usize, p2: usize, p3: usize): void {
  putBlocks(p0, p1, p2, p3);
  compressWords(0);
}

/** Takes the block in WORDS into STATE; of its schedule, the words from 16 up to 16 + `known` are there already. */
export function compressWords(known: usize): void {
  let a = v128.load(STATE);
  let b = v128.load(STATE, 16);
  let c = v128.load(STATE, 32);
  let d = v128.load(STATE, 48);
  let e = v128.load(STATE, 64);
  let f = v128.load(STATE, 80);
  let g = v128.load(STATE, 96);
  let h = v128.load(STATE, 112);
  let at = WORDS;
  let plain = known;
  while (true) {
    for (const stop = at + (plain << 4); at < stop; at += 128) {
      h = temp1Four(h, e, f, g, add(v128.load(at), v128.load(at, KEYS)));
      d = add(d, h);
      h = add(h, temp2Four(a, b, c));
      g = temp1Four(g, d, e, f, add(v128.load(at, 16), v128.load(at, KEYS + 16)));
      c = add(c, g);
      g = add(g, temp2Four(h, a, b));
      f = temp1Four(f, c, d, e, add(v128.load(at, 32), v128.load(at, KEYS + 32)));
      b = add(b, f);
      f = add(f, temp2Four(g, h, a));
      e = temp1Four(e, b, c, d, add(v128.load(at, 48), v128.load(at, KEYS + 48)));
      a = add(a, e);
      e = add(e, temp2Four(f, g, h));
      d = temp1Four(d, a, b, c, add(v128.load(at, 64), v128.load(at, KEYS + 64)));
      h = add(h, d);
      d = add(d, temp2Four(e, f, g));
      c = temp1Four(c, h, a, b, add(v128.load(at, 80), v128.load(at, KEYS + 80)));
      g = add(g, c);
      c = add(c, temp2Four(d, e, f));
      b = temp1Four(b, g, h, a, add(v128.load(at, 96), v128.load(at, KEYS + 96)));
      f = add(f, b);
      b = add(b, temp2Four(c, d, e));
      a = temp1Four(a, f, g, h, add(v128.load(at, 112), v128.load(at, KEYS + 112)));
      e = add(e, a);
      a = add(a, temp2Four(b, c, d));
      }
    if (at == WORDS + 1024) break;
    // Words for later between the rounds: the processor does both at once.
    let even = v128.load(at, 14 * 16);
    let odd = v128.load(at, 15 * 16);
    for (; at < WORDS + 48 * 16; at += 128) {
      even = nextFour(v128.load(at), v128.load(at, 16), v128.load(at, 144), even);
      v128.store(at, even, 256);
      h = temp1Four(h, e, f, g, add(v128.load(at), v128.load(at, KEYS)));
      d = add(d, h);
      h = add(h, temp2Four(a, b, c));
      odd = nextFour(v128.load(at, 16), v128.load(at, 32), v128.load(at, 160), odd);
      v128.store(at, odd, 272);
      g = temp1Four(g, d, e, f, add(v128.load(at, 16), v128.load(at, KEYS + 16)));
      c = add(c, g);
      g = add(g, temp2Four(h, a, b));
      even = nextFour(v128.load(at, 32), v128.load(at, 48), v128.load(at, 176), even);
      v128.store(at, even, 288);
      f = temp1Four(f, c, d, e, add(v128.load(at, 32), v128.load(at, KEYS + 32)));
      b = add(b, f);
      f = add(f, temp2Four(g, h, a));
      odd = nextFour(v128.load(at, 48), v128.load(at, 64), v128.load(at, 192), odd);
      v128.store(at, odd, 304);
      e = temp1Four(e, b, c, d, add(v128.load(at, 48), v128.load(at, KEYS + 48)));
      a = add(a, e);
      e = add(e, temp2Four(f, g, h));
      even = nextFour(v128.load(at, 64), v128.load(at, 80), v128.load(at, 208), even);
      v128.store(at, even, 320);
      d = temp1Four(d, a, b, c, add(v128.load(at, 64), v128.load(at, KEYS + 64)));
      h = add(h, d);
      d = add(d, temp2Four(e, f, g));
      odd = nextFour(v128.load(at, 80), v128.load(at, 96), v128.load(at, 224), odd);
      v128.store(at, odd, 336);
      c = temp1Four(c, h, a, b, add(v128.load(at, 80), v128.load(at, KEYS + 80)));
      g = add(g, c);
      c = add(c, temp2Four(d, e, f));
      even = nextFour(v128.load(at, 96), v128.load(at, 112), v128.load(at, 240), even);
      v128.store(at, even, 352);
      b = temp1Four(b, g, h, a, add(v128.load(at, 96), v128.load(at, KEYS + 96)));
      f = add(f, b);
      b = add(b, temp2Four(c, d, e));
      odd = nextFour(v128.load(at, 112), v128.load(at, 128), v128.load(at, 256), odd);
      v128.store(at, odd, 368);
      a = temp1Four(a, f, g, h, add(v128.load(at, 112), v128.load(at, KEYS + 112)));
      e = add(e, a);
      a = add(a, temp2Four(b, c, d));
      }
    plain = 16;
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
