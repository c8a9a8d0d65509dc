/** The SHA-256 compression function (FIPS 180-4, 6.2.2) of one block, for chains, where no two can run at once. */
import { K } from './constants';

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
function temp1(h: u32, e: u32, f: u32, g: u32, t: usize): u32 {
  const kw = load<u32>(WORDS + (t << 2)) + load<u32>(changetype<usize>(K) + (t << 2));
  return h + kw + (g ^ (e & (f ^ g))) + bigSigma1(e);
}

// @ts-ignore: decorator
@inline
function temp2(a: u32, b: u32, c: u32): u32 {
  return bigSigma0(a) + (b ^ ((a ^ b) & (b ^ c)));
}

// @ts-ignore: decorator
@inline
function nextWord(t: usize): void {
  const at = WORDS + (t << 2);
  const near = smallSigma1(load<u32>(at - 2 * 4)) + load<u32>(at - 7 * 4);
  store<u32>(at, near + smallSigma0(load<u32>(at - 15 * 4)) + load<u32>(at - 16 * 4));
}

/** Takes the block at `block` into STATE_ONE. */
export function compressOne(block: usize): void {
  for (let t: usize = 0; t < 64; t += 4) store<u32>(WORDS + t, bswap(load<u32>(block + t)));
  let a = load<u32>(STATE_ONE);
  let b = load<u32>(STATE_ONE, 4);
  let c = load<u32>(STATE_ONE, 8);
  let d = load<u32>(STATE_ONE, 12);
  let e = load<u32>(STATE_ONE, 16);
  let f = load<u32>(STATE_ONE, 20);
  let g = load<u32>(STATE_ONE, 24);
  let h = load<u32>(STATE_ONE, 28);
  for (let t: usize = 0; t < 64; t += 8) {
    // Words for later between the rounds: the processor does both at once.
    const more = t < 48;
    if (more) nextWord(t + 16);
    h = temp1(h, e, f, g, t);
    d += h;
    h += temp2(a, b, c);
    if (more) nextWord(t + 17);
    g = temp1(g, d, e, f, t + 1);
    c += g;
    g += temp2(h, a, b);
    if (more) nextWord(t + 18);
    f = temp1(f, c, d, e, t + 2);
    b += f;
    f += temp2(g, h, a);
    if (more) nextWord(t + 19);
    e = temp1(e, b, c, d, t + 3);
    a += e;
    e += temp2(f, g, h);
    if (more) nextWord(t + 20);
    d = temp1(d, a, b, c, t + 4);
    h += d;
    d += temp2(e, f, g);
    if (more) nextWord(t + 21);
    c = temp1(c, h, a, b, t + 5);
    g += c;
    c += temp2(d, e, f);
    if (more) nextWord(t + 22);
    b = temp1(b, g, h, a, t + 6);
    f += b;
    b += temp2(c, d, e);
    if (more) nextWord(t + 23);
    a = temp1(a, f, g, h, t + 7);
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
