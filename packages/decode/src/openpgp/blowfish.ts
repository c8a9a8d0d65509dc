import type { BlockEncrypt } from './block-cipher.ts';

/** Words of the P-array and of the four S-boxes: the fraction of pi, in this order (Schneier, 1993). */
const WORDS = 18 + 4 * 256;

let initial: Uint32Array | null = null;

/** Blowfish, 16 rounds. */
export function blowfish(key: Uint8Array): BlockEncrypt {
  initial ??= fractionOfPi(WORDS);
  const state = initial.slice();
  for (let i = 0, at = 0; i < 18; i++) {
    let word = 0;
    for (let j = 0; j < 4; j++, at++) word = ((word << 8) | (key[at % key.length] as number)) >>> 0;
    state[i] = ((state[i] as number) ^ word) >>> 0;
  }
  const half = new Uint32Array(2);
  for (let i = 0; i < WORDS; i += 2) {
    rounds(state, half);
    state[i] = half[0] as number;
    state[i + 1] = half[1] as number;
  }
  return (input, output) => {
    const view = new DataView(input.buffer, input.byteOffset);
    half[0] = view.getUint32(0);
    half[1] = view.getUint32(4);
    rounds(state, half);
    const out = new DataView(output.buffer, output.byteOffset);
    out.setUint32(0, half[0]);
    out.setUint32(4, half[1]);
  };
}

function rounds(state: Uint32Array, half: Uint32Array): void {
  let left = half[0] as number;
  let right = half[1] as number;
  for (let round = 0; round < 16; round++) {
    left = (left ^ (state[round] as number)) >>> 0;
    const a = state[18 + (left >>> 24)] as number;
    const b = state[274 + ((left >>> 16) & 255)] as number;
    const c = state[530 + ((left >>> 8) & 255)] as number;
    const d = state[786 + (left & 255)] as number;
    right = (right ^ ((((a + b) ^ c) + d) >>> 0)) >>> 0;
    [left, right] = [right, left];
  }
  half[0] = (right ^ (state[17] as number)) >>> 0;
  half[1] = (left ^ (state[16] as number)) >>> 0;
}

/** Words of 32 bits of pi - 3, by Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239). */
function fractionOfPi(words: number): Uint32Array {
  const bits = BigInt(32 * words);
  const guard = 64n;
  const one = 1n << (bits + guard);
  const fraction = ((16n * arctan(5n, one) - 4n * arctan(239n, one)) >> guard) & ((1n << bits) - 1n);
  const hex = fraction.toString(16).padStart(8 * words, '0');
  return Uint32Array.from({ length: words }, (_, i) => Number.parseInt(hex.slice(8 * i, 8 * i + 8), 16));
}

/** arctan(1/x) in units of 1/one. */
function arctan(x: bigint, one: bigint): bigint {
  let power = one / x;
  let sum = power;
  for (let n = 3n; power !== 0n; n += 2n) {
    power /= x * x;
    sum += n % 4n === 1n ? power / n : -(power / n);
  }
  return sum;
}
