/**
 * The SHA-256 compression function (FIPS 180-4, 6.2.2) of five blocks at once: four in the lanes of vectors, as in
 * compress-four, and between their steps a fifth in plain registers, as in compress-one, for which the processor has units
 * of its own that stand idle otherwise.
 */
import { add, bigEndian, nextFour, putBlocks, STATE, temp1Four, temp2Four } from './compress-four';
import { STATE_ONE } from './compress-one';
import { FIFTH, KEYS, WORDS } from './constants';

// The functions of FIPS 180-4, 4.1.2, for the fifth, one rotation inside the other: fewer instructions, each waiting for the
// one before. In compress-one that would be slower; here the number counts, for nothing has to be waited for.

// @ts-ignore: decorator
@inline
function bigSigma0(x: u32): u32 {
  return rotr(x ^ rotr(x ^ rotr(x, 9), 11), 2);
}

// @ts-ignore: decorator
@inline
function bigSigma1(x: u32): u32 {
  return rotr(x ^ rotr(x ^ rotr(x, 14), 5), 6);
}

// @ts-ignore: decorator
@inline
function smallSigma0(x: u32): u32 {
  return rotr(x ^ rotr(x, 11), 7) ^ (x >> 3);
}

// @ts-ignore: decorator
@inline
function smallSigma1(x: u32): u32 {
  return rotr(x ^ rotr(x, 2), 17) ^ (x >> 10);
}

// @ts-ignore: decorator
@inline
function temp1One(h: u32, e: u32, f: u32, g: u32, kw: u32): u32 {
  return h + kw + (g ^ (e & (f ^ g))) + bigSigma1(e);
}

// @ts-ignore: decorator
@inline
function temp2One(a: u32, b: u32, c: u32): u32 {
  return bigSigma0(a) + (b ^ ((a ^ b) & (b ^ c)));
}

// @ts-ignore: decorator
@inline
function nextOne(w16: u32, w15: u32, w7: u32, w2: u32): u32 {
  return smallSigma1(w2) + w7 + smallSigma0(w15) + w16;
}

// @ts-ignore: decorator
@inline
function leaveFour(k: usize, word: v128): void {
  v128.store(STATE + (k << 4), add(word, v128.load(STATE + (k << 4))));
}

// @ts-ignore: decorator
@inline
function leaveOne(k: usize, word: u32): void {
  store<u32>(STATE_ONE + (k << 2), word + load<u32>(STATE_ONE + (k << 2)));
}

/** The sixteen words of the fifth block to their places beside WORDS. */
// @ts-ignore: decorator
@inline
function putFifth(block: usize): void {
  for (let q: usize = 0; q < 4; q++) {
    const words = bigEndian(v128.load(block + (q << 4)));
    const to = WORDS + (q << 6);
    v128.store32_lane(to, words, 0, FIFTH);
    v128.store32_lane(to, words, 1, FIFTH + 16);
    v128.store32_lane(to, words, 2, FIFTH + 32);
    v128.store32_lane(to, words, 3, FIFTH + 48);
  }
}

/** Takes one block of each lane, at p0 to p3, into STATE, and the one at p4 into STATE_ONE. */
export function compressFive(p0: usize, p1: usize, p2: usize, p3: usize, p4: usize): void {
  putBlocks(p0, p1, p2, p3);
  putFifth(p4);
  let a = v128.load(STATE);
  let b = v128.load(STATE, 16);
  let c = v128.load(STATE, 32);
  let d = v128.load(STATE, 48);
  let e = v128.load(STATE, 64);
  let f = v128.load(STATE, 80);
  let g = v128.load(STATE, 96);
  let h = v128.load(STATE, 112);
  let a1 = load<u32>(STATE_ONE);
  let b1 = load<u32>(STATE_ONE, 4);
  let c1 = load<u32>(STATE_ONE, 8);
  let d1 = load<u32>(STATE_ONE, 12);
  let e1 = load<u32>(STATE_ONE, 16);
  let f1 = load<u32>(STATE_ONE, 20);
  let g1 = load<u32>(STATE_ONE, 24);
  let h1 = load<u32>(STATE_ONE, 28);
  let at = WORDS;
  let even = v128.load(at, 14 * 16);
  let odd = v128.load(at, 15 * 16);
  for (; at < WORDS + 48 * 16; at += 128) {
    even = nextFour(v128.load(at), v128.load(at, 16), v128.load(at, 144), even);
    v128.store(at, even, 256);
    store<u32>(at, nextOne(load<u32>(at, FIFTH), load<u32>(at, FIFTH + 16), load<u32>(at, FIFTH + 144), load<u32>(at, FIFTH + 224)), FIFTH + 256);
    h = temp1Four(h, e, f, g, add(v128.load(at), v128.load(at, KEYS)));
    h1 = temp1One(h1, e1, f1, g1, load<u32>(at, FIFTH) + load<u32>(at, KEYS));
    d = add(d, h);
    d1 += h1;
    h = add(h, temp2Four(a, b, c));
    h1 += temp2One(a1, b1, c1);
    odd = nextFour(v128.load(at, 16), v128.load(at, 32), v128.load(at, 160), odd);
    v128.store(at, odd, 272);
    store<u32>(at, nextOne(load<u32>(at, FIFTH + 16), load<u32>(at, FIFTH + 32), load<u32>(at, FIFTH + 160), load<u32>(at, FIFTH + 240)), FIFTH + 272);
    g = temp1Four(g, d, e, f, add(v128.load(at, 16), v128.load(at, KEYS + 16)));
    g1 = temp1One(g1, d1, e1, f1, load<u32>(at, FIFTH + 16) + load<u32>(at, KEYS + 16));
    c = add(c, g);
    c1 += g1;
    g = add(g, temp2Four(h, a, b));
    g1 += temp2One(h1, a1, b1);
    even = nextFour(v128.load(at, 32), v128.load(at, 48), v128.load(at, 176), even);
    v128.store(at, even, 288);
    store<u32>(at, nextOne(load<u32>(at, FIFTH + 32), load<u32>(at, FIFTH + 48), load<u32>(at, FIFTH + 176), load<u32>(at, FIFTH + 256)), FIFTH + 288);
    f = temp1Four(f, c, d, e, add(v128.load(at, 32), v128.load(at, KEYS + 32)));
    f1 = temp1One(f1, c1, d1, e1, load<u32>(at, FIFTH + 32) + load<u32>(at, KEYS + 32));
    b = add(b, f);
    b1 += f1;
    f = add(f, temp2Four(g, h, a));
    f1 += temp2One(g1, h1, a1);
    odd = nextFour(v128.load(at, 48), v128.load(at, 64), v128.load(at, 192), odd);
    v128.store(at, odd, 304);
    store<u32>(at, nextOne(load<u32>(at, FIFTH + 48), load<u32>(at, FIFTH + 64), load<u32>(at, FIFTH + 192), load<u32>(at, FIFTH + 272)), FIFTH + 304);
    e = temp1Four(e, b, c, d, add(v128.load(at, 48), v128.load(at, KEYS + 48)));
    e1 = temp1One(e1, b1, c1, d1, load<u32>(at, FIFTH + 48) + load<u32>(at, KEYS + 48));
    a = add(a, e);
    a1 += e1;
    e = add(e, temp2Four(f, g, h));
    e1 += temp2One(f1, g1, h1);
    even = nextFour(v128.load(at, 64), v128.load(at, 80), v128.load(at, 208), even);
    v128.store(at, even, 320);
    store<u32>(at, nextOne(load<u32>(at, FIFTH + 64), load<u32>(at, FIFTH + 80), load<u32>(at, FIFTH + 208), load<u32>(at, FIFTH + 288)), FIFTH + 320);
    d = temp1Four(d, a, b, c, add(v128.load(at, 64), v128.load(at, KEYS + 64)));
    d1 = temp1One(d1, a1, b1, c1, load<u32>(at, FIFTH + 64) + load<u32>(at, KEYS + 64));
    h = add(h, d);
    h1 += d1;
    d = add(d, temp2Four(e, f, g));
    d1 += temp2One(e1, f1, g1);
    odd = nextFour(v128.load(at, 80), v128.load(at, 96), v128.load(at, 224), odd);
    v128.store(at, odd, 336);
    store<u32>(at, nextOne(load<u32>(at, FIFTH + 80), load<u32>(at, FIFTH + 96), load<u32>(at, FIFTH + 224), load<u32>(at, FIFTH + 304)), FIFTH + 336);
    c = temp1Four(c, h, a, b, add(v128.load(at, 80), v128.load(at, KEYS + 80)));
    c1 = temp1One(c1, h1, a1, b1, load<u32>(at, FIFTH + 80) + load<u32>(at, KEYS + 80));
    g = add(g, c);
    g1 += c1;
    c = add(c, temp2Four(d, e, f));
    c1 += temp2One(d1, e1, f1);
    even = nextFour(v128.load(at, 96), v128.load(at, 112), v128.load(at, 240), even);
    v128.store(at, even, 352);
    store<u32>(at, nextOne(load<u32>(at, FIFTH + 96), load<u32>(at, FIFTH + 112), load<u32>(at, FIFTH + 240), load<u32>(at, FIFTH + 320)), FIFTH + 352);
    b = temp1Four(b, g, h, a, add(v128.load(at, 96), v128.load(at, KEYS + 96)));
    b1 = temp1One(b1, g1, h1, a1, load<u32>(at, FIFTH + 96) + load<u32>(at, KEYS + 96));
    f = add(f, b);
    f1 += b1;
    b = add(b, temp2Four(c, d, e));
    b1 += temp2One(c1, d1, e1);
    odd = nextFour(v128.load(at, 112), v128.load(at, 128), v128.load(at, 256), odd);
    v128.store(at, odd, 368);
    store<u32>(at, nextOne(load<u32>(at, FIFTH + 112), load<u32>(at, FIFTH + 128), load<u32>(at, FIFTH + 256), load<u32>(at, FIFTH + 336)), FIFTH + 368);
    a = temp1Four(a, f, g, h, add(v128.load(at, 112), v128.load(at, KEYS + 112)));
    a1 = temp1One(a1, f1, g1, h1, load<u32>(at, FIFTH + 112) + load<u32>(at, KEYS + 112));
    e = add(e, a);
    e1 += a1;
    a = add(a, temp2Four(b, c, d));
    a1 += temp2One(b1, c1, d1);
  }
  for (; at < WORDS + 64 * 16; at += 128) {
    h = temp1Four(h, e, f, g, add(v128.load(at), v128.load(at, KEYS)));
    h1 = temp1One(h1, e1, f1, g1, load<u32>(at, FIFTH) + load<u32>(at, KEYS));
    d = add(d, h);
    d1 += h1;
    h = add(h, temp2Four(a, b, c));
    h1 += temp2One(a1, b1, c1);
    g = temp1Four(g, d, e, f, add(v128.load(at, 16), v128.load(at, KEYS + 16)));
    g1 = temp1One(g1, d1, e1, f1, load<u32>(at, FIFTH + 16) + load<u32>(at, KEYS + 16));
    c = add(c, g);
    c1 += g1;
    g = add(g, temp2Four(h, a, b));
    g1 += temp2One(h1, a1, b1);
    f = temp1Four(f, c, d, e, add(v128.load(at, 32), v128.load(at, KEYS + 32)));
    f1 = temp1One(f1, c1, d1, e1, load<u32>(at, FIFTH + 32) + load<u32>(at, KEYS + 32));
    b = add(b, f);
    b1 += f1;
    f = add(f, temp2Four(g, h, a));
    f1 += temp2One(g1, h1, a1);
    e = temp1Four(e, b, c, d, add(v128.load(at, 48), v128.load(at, KEYS + 48)));
    e1 = temp1One(e1, b1, c1, d1, load<u32>(at, FIFTH + 48) + load<u32>(at, KEYS + 48));
    a = add(a, e);
    a1 += e1;
    e = add(e, temp2Four(f, g, h));
    e1 += temp2One(f1, g1, h1);
    d = temp1Four(d, a, b, c, add(v128.load(at, 64), v128.load(at, KEYS + 64)));
    d1 = temp1One(d1, a1, b1, c1, load<u32>(at, FIFTH + 64) + load<u32>(at, KEYS + 64));
    h = add(h, d);
    h1 += d1;
    d = add(d, temp2Four(e, f, g));
    d1 += temp2One(e1, f1, g1);
    c = temp1Four(c, h, a, b, add(v128.load(at, 80), v128.load(at, KEYS + 80)));
    c1 = temp1One(c1, h1, a1, b1, load<u32>(at, FIFTH + 80) + load<u32>(at, KEYS + 80));
    g = add(g, c);
    g1 += c1;
    c = add(c, temp2Four(d, e, f));
    c1 += temp2One(d1, e1, f1);
    b = temp1Four(b, g, h, a, add(v128.load(at, 96), v128.load(at, KEYS + 96)));
    b1 = temp1One(b1, g1, h1, a1, load<u32>(at, FIFTH + 96) + load<u32>(at, KEYS + 96));
    f = add(f, b);
    f1 += b1;
    b = add(b, temp2Four(c, d, e));
    b1 += temp2One(c1, d1, e1);
    a = temp1Four(a, f, g, h, add(v128.load(at, 112), v128.load(at, KEYS + 112)));
    a1 = temp1One(a1, f1, g1, h1, load<u32>(at, FIFTH + 112) + load<u32>(at, KEYS + 112));
    e = add(e, a);
    e1 += a1;
    a = add(a, temp2Four(b, c, d));
    a1 += temp2One(b1, c1, d1);
  }
  leaveFour(0, a);
  leaveFour(1, b);
  leaveFour(2, c);
  leaveFour(3, d);
  leaveFour(4, e);
  leaveFour(5, f);
  leaveFour(6, g);
  leaveFour(7, h);
  leaveOne(0, a1);
  leaveOne(1, b1);
  leaveOne(2, c1);
  leaveOne(3, d1);
  leaveOne(4, e1);
  leaveOne(5, f1);
  leaveOne(6, g1);
  leaveOne(7, h1);
}
