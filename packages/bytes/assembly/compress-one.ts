/** The SHA-256 compression function (FIPS 180-4, 6.2.2) of one block, for chains, where no two can run at once. */
import { bigEndian } from './compress-four';
import { IV, K } from './constants';

/** Working state: eight words. */
export const STATE_ONE: usize = memory.data(32, 16);
const WORDS: usize = memory.data(256, 16);

// @ts-ignore: decorator
@inline
function bigSigma0(x: u32): u32 {
  return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22);
}

// @ts-ignore: decorator
@inline
function bigSigma1(x: u32): u32 {
  return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25);
}

// @ts-ignore: decorator
@inline
function smallSigma0(x: u32): u32 {
  return rotr(x, 7) ^ rotr(x, 18) ^ (x >> 3);
}

// @ts-ignore: decorator
@inline
function smallSigma1(x: u32): u32 {
  return rotr(x, 17) ^ rotr(x, 19) ^ (x >> 10);
}

// @ts-ignore: decorator
@inline
function temp1(h: u32, e: u32, f: u32, g: u32, kw: u32): u32 {
  return h + kw + (g ^ (e & (f ^ g))) + bigSigma1(e);
}

// @ts-ignore: decorator
@inline
function temp2(a: u32, b: u32, c: u32): u32 {
  return bigSigma0(a) + (b ^ ((a ^ b) & (b ^ c)));
}

/** The next word of the schedule from those 16, 15, 7 and 2 before it. */
// @ts-ignore: decorator
@inline
function nextWord(w16: u32, w15: u32, w7: u32, w2: u32): u32 {
  return smallSigma1(w2) + w7 + smallSigma0(w15) + w16;
}

/** STATE_ONE of a message of which no block was taken yet. */
export function enterOne(): void {
  const from = changetype<usize>(IV);
  v128.store(STATE_ONE, v128.load(from));
  v128.store(STATE_ONE, v128.load(from, 16), 16);
}

/** Takes the block at `block` into STATE_ONE. */
export function compressOne(block: usize): void {
  for (let t: usize = 0; t < 64; t += 16) v128.store(WORDS + t, bigEndian(v128.load(block + t)));
  let a = load<u32>(STATE_ONE);
  let b = load<u32>(STATE_ONE, 4);
  let c = load<u32>(STATE_ONE, 8);
  let d = load<u32>(STATE_ONE, 12);
  let e = load<u32>(STATE_ONE, 16);
  let f = load<u32>(STATE_ONE, 20);
  let g = load<u32>(STATE_ONE, 24);
  let h = load<u32>(STATE_ONE, 28);
  let at = WORDS;
  let k = changetype<usize>(K);
  // Words for later between the rounds: the processor does both at once.
  for (; at < WORDS + 192; at += 32) {
    store<u32>(at, nextWord(load<u32>(at), load<u32>(at, 4), load<u32>(at, 36), load<u32>(at, 56)), 64);
    h = temp1(h, e, f, g, load<u32>(at) + load<u32>(k));
    d += h;
    h += temp2(a, b, c);
    store<u32>(at, nextWord(load<u32>(at, 4), load<u32>(at, 8), load<u32>(at, 40), load<u32>(at, 60)), 68);
    g = temp1(g, d, e, f, load<u32>(at, 4) + load<u32>(k, 4));
    c += g;
    g += temp2(h, a, b);
    store<u32>(at, nextWord(load<u32>(at, 8), load<u32>(at, 12), load<u32>(at, 44), load<u32>(at, 64)), 72);
    f = temp1(f, c, d, e, load<u32>(at, 8) + load<u32>(k, 8));
    b += f;
    f += temp2(g, h, a);
    store<u32>(at, nextWord(load<u32>(at, 12), load<u32>(at, 16), load<u32>(at, 48), load<u32>(at, 68)), 76);
    e = temp1(e, b, c, d, load<u32>(at, 12) + load<u32>(k, 12));
    a += e;
    e += temp2(f, g, h);
    store<u32>(at, nextWord(load<u32>(at, 16), load<u32>(at, 20), load<u32>(at, 52), load<u32>(at, 72)), 80);
    d = temp1(d, a, b, c, load<u32>(at, 16) + load<u32>(k, 16));
    h += d;
    d += temp2(e, f, g);
    store<u32>(at, nextWord(load<u32>(at, 20), load<u32>(at, 24), load<u32>(at, 56), load<u32>(at, 76)), 84);
    c = temp1(c, h, a, b, load<u32>(at, 20) + load<u32>(k, 20));
    g += c;
    c += temp2(d, e, f);
    store<u32>(at, nextWord(load<u32>(at, 24), load<u32>(at, 28), load<u32>(at, 60), load<u32>(at, 80)), 88);
    b = temp1(b, g, h, a, load<u32>(at, 24) + load<u32>(k, 24));
    f += b;
    b += temp2(c, d, e);
    store<u32>(at, nextWord(load<u32>(at, 28), load<u32>(at, 32), load<u32>(at, 64), load<u32>(at, 84)), 92);
    a = temp1(a, f, g, h, load<u32>(at, 28) + load<u32>(k, 28));
    e += a;
    a += temp2(b, c, d);
    k += 32;
  }
  for (; at < WORDS + 256; at += 32) {
    h = temp1(h, e, f, g, load<u32>(at) + load<u32>(k));
    d += h;
    h += temp2(a, b, c);
    g = temp1(g, d, e, f, load<u32>(at, 4) + load<u32>(k, 4));
    c += g;
    g += temp2(h, a, b);
    f = temp1(f, c, d, e, load<u32>(at, 8) + load<u32>(k, 8));
    b += f;
    f += temp2(g, h, a);
    e = temp1(e, b, c, d, load<u32>(at, 12) + load<u32>(k, 12));
    a += e;
    e += temp2(f, g, h);
    d = temp1(d, a, b, c, load<u32>(at, 16) + load<u32>(k, 16));
    h += d;
    d += temp2(e, f, g);
    c = temp1(c, h, a, b, load<u32>(at, 20) + load<u32>(k, 20));
    g += c;
    c += temp2(d, e, f);
    b = temp1(b, g, h, a, load<u32>(at, 24) + load<u32>(k, 24));
    f += b;
    b += temp2(c, d, e);
    a = temp1(a, f, g, h, load<u32>(at, 28) + load<u32>(k, 28));
    e += a;
    a += temp2(b, c, d);
    k += 32;
  }
  store<u32>(STATE_ONE, load<u32>(STATE_ONE) + a);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 4) + b, 4);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 8) + c, 8);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 12) + d, 12);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 16) + e, 16);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 20) + f, 20);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 24) + g, 24);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 28) + h, 28);
}

/** Takes a block into STATE_ONE whose schedule, with the constants added, is one lane of 64 vectors from `lane` on. */
export function compressScheduled(lane: usize): void {
  let a = load<u32>(STATE_ONE);
  let b = load<u32>(STATE_ONE, 4);
  let c = load<u32>(STATE_ONE, 8);
  let d = load<u32>(STATE_ONE, 12);
  let e = load<u32>(STATE_ONE, 16);
  let f = load<u32>(STATE_ONE, 20);
  let g = load<u32>(STATE_ONE, 24);
  let h = load<u32>(STATE_ONE, 28);
  for (let at = lane; at < lane + 1024; at += 128) {
    h = temp1(h, e, f, g, load<u32>(at));
    d += h;
    h += temp2(a, b, c);
    g = temp1(g, d, e, f, load<u32>(at, 16));
    c += g;
    g += temp2(h, a, b);
    f = temp1(f, c, d, e, load<u32>(at, 32));
    b += f;
    f += temp2(g, h, a);
    e = temp1(e, b, c, d, load<u32>(at, 48));
    a += e;
    e += temp2(f, g, h);
    d = temp1(d, a, b, c, load<u32>(at, 64));
    h += d;
    d += temp2(e, f, g);
    c = temp1(c, h, a, b, load<u32>(at, 80));
    g += c;
    c += temp2(d, e, f);
    b = temp1(b, g, h, a, load<u32>(at, 96));
    f += b;
    b += temp2(c, d, e);
    a = temp1(a, f, g, h, load<u32>(at, 112));
    e += a;
    a += temp2(b, c, d);
  }
  store<u32>(STATE_ONE, load<u32>(STATE_ONE) + a);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 4) + b, 4);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 8) + c, 8);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 12) + d, 12);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 16) + e, 16);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 20) + f, 20);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 24) + g, 24);
  store<u32>(STATE_ONE, load<u32>(STATE_ONE, 28) + h, 28);
}
