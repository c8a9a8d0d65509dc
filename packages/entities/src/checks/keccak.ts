/**
 * Keccak[c=512] with 256 bits of output on 32-bit halves: SHA3-256 (FIPS 202 6.1) and the original Keccak-256 that
 * Ethereum and Monero use, which differ in one byte of padding. For short inputs; both share one state.
 */
const RATE = 136;
const ROUNDS = 24;
const PAD_KECCAK = 0x01;
const PAD_SHA3 = 0x06;

const state = new Uint32Array(50);
const parity = new Uint32Array(10);
const moved = new Uint32Array(50);
const rotations = new Uint8Array(25);
const targets = new Uint8Array(25);
const constants = new Uint32Array(2 * ROUNDS);

// FIPS 202 3.2.2 and 3.2.3: where each lane goes and how far it is turned.
for (let t = 0, x = 1, y = 0; t < 24; t++) {
  rotations[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
  [x, y] = [y, (2 * x + 3 * y) % 5];
}
for (let x = 0; x < 5; x++) for (let y = 0; y < 5; y++) targets[x + 5 * y] = y + 5 * ((2 * x + 3 * y) % 5);
// FIPS 202 3.2.5: round constants from a linear feedback shift register.
for (let round = 0, register = 1; round < ROUNDS; round++) {
  for (let j = 0; j < 7; j++) {
    const bit = 2 ** j - 1;
    if ((register & 1) === 1) {
      const half = 2 * round + (bit > 31 ? 1 : 0);
      constants[half] = (constants[half] as number) ^ (1 << (bit % 32));
    }
    register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
  }
}

/** Keccak-256 of `bytes[0..length)` into a new array of 32 bytes. */
export function keccak256(bytes: Uint8Array, length: number = bytes.length): Uint8Array {
  return sponge(bytes, length, PAD_KECCAK);
}

/** SHA3-256 of `bytes[0..length)` into a new array of 32 bytes. */
export function sha3(bytes: Uint8Array, length: number = bytes.length): Uint8Array {
  return sponge(bytes, length, PAD_SHA3);
}

function sponge(bytes: Uint8Array, length: number, pad: number): Uint8Array {
  state.fill(0);
  let position = 0;
  for (let i = 0; i < length; i++) {
    absorb(position++, bytes[i] as number);
    if (position === RATE) {
      permute();
      position = 0;
    }
  }
  absorb(position, pad);
  absorb(RATE - 1, 0x80);
  permute();
  return Uint8Array.from({ length: 32 }, (_, i) => ((state[i >> 2] as number) >>> (8 * (i & 3))) & 0xff);
}

function absorb(position: number, byte: number): void {
  const word = position >> 2;
  state[word] = (state[word] as number) ^ (byte << (8 * (position & 3)));
}

function permute(): void {
  for (let round = 0; round < ROUNDS; round++) {
    theta();
    rhoAndPi();
    chi();
    state[0] = (state[0] as number) ^ (constants[2 * round] as number);
    state[1] = (state[1] as number) ^ (constants[2 * round + 1] as number);
  }
}

function theta(): void {
  for (let x = 0; x < 10; x++) {
    let column = 0;
    for (let y = 0; y < 50; y += 10) column ^= state[x + y] as number;
    parity[x] = column;
  }
  for (let x = 0; x < 5; x++) {
    const left = 2 * ((x + 4) % 5);
    const right = 2 * ((x + 1) % 5);
    const low = parity[right] as number;
    const high = parity[right + 1] as number;
    const turnedLow = (parity[left] as number) ^ ((low << 1) | (high >>> 31));
    const turnedHigh = (parity[left + 1] as number) ^ ((high << 1) | (low >>> 31));
    for (let y = 2 * x; y < 50; y += 10) {
      state[y] = (state[y] as number) ^ turnedLow;
      state[y + 1] = (state[y + 1] as number) ^ turnedHigh;
    }
  }
}

function rhoAndPi(): void {
  for (let lane = 0; lane < 25; lane++) {
    const turn = rotations[lane] as number;
    const to = 2 * (targets[lane] as number);
    const swap = turn >= 32 ? 1 : 0;
    const low = state[2 * lane + swap] as number;
    const high = state[2 * lane + 1 - swap] as number;
    const by = turn % 32;
    moved[to] = by === 0 ? low : (low << by) | (high >>> (32 - by));
    moved[to + 1] = by === 0 ? high : (high << by) | (low >>> (32 - by));
  }
}

function chi(): void {
  for (let row = 0; row < 50; row += 10) {
    for (let x = 0; x < 10; x++) {
      const next = moved[row + ((x + 2) % 10)] as number;
      state[row + x] = (moved[row + x] as number) ^ (~next & (moved[row + ((x + 4) % 10)] as number));
    }
  }
}
