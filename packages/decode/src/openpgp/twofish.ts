import type { BlockEncrypt } from './block-cipher.ts';

/** The 4-bit tables that the two permutations q0 and q1 are built of (Schneier et al., 1998, section 4.3.5). */
const T: readonly (readonly string[])[] = [
  ['817d6f320b59eca4', 'ecb81235f4a6709d', 'ba5e6d90c8f32471', 'd7f4126e9b3085ca'],
  ['28bdf76e31940ac5', '1e2b4c376da5f908', '4c75169a0ed82b3f', 'b951c3de647f208a'],
];
/** MDS matrix over GF(2^8) with polynomial 0x169, RS matrix with 0x14d. */
const MDS: readonly (readonly number[])[] = [
  [0x01, 0xef, 0x5b, 0x5b],
  [0x5b, 0xef, 0xef, 0x01],
  [0xef, 0x5b, 0x01, 0xef],
  [0xef, 0x01, 0xef, 0x5b],
];
const RS: readonly (readonly number[])[] = [
  [0x01, 0xa4, 0x55, 0x87, 0x5a, 0x58, 0xdb, 0x9e],
  [0xa4, 0x56, 0x82, 0xf3, 0x1e, 0xc6, 0x68, 0xe5],
  [0x02, 0xa1, 0xfc, 0xc1, 0x47, 0xae, 0x3d, 0x19],
  [0xa4, 0x55, 0x87, 0x5a, 0x58, 0xdb, 0x9e, 0x03],
];
/** Which of q0, q1 each byte goes through in the layers of h, outermost last. */
const LAYERS: readonly (readonly number[])[] = [
  [0, 0, 1, 1],
  [0, 1, 0, 1],
  [1, 1, 0, 0],
  [1, 0, 0, 1],
];
const LAST: readonly number[] = [1, 0, 1, 0];

const Q: readonly Uint8Array[] = T.map(permutation);

/** Twofish with a key of 16, 24 or 32 bytes. */
export function twofish(key: Uint8Array): BlockEncrypt {
  const { keys, g } = schedule(key);
  return (input, output) => {
    const view = new DataView(input.buffer, input.byteOffset);
    const word = (i: number) => (view.getUint32(4 * i, true) ^ (keys[i] as number)) >>> 0;
    let [a, b, c, d] = [word(0), word(1), word(2), word(3)];
    for (let round = 0; round < 16; round++) {
      const t0 = g(a);
      const t1 = g(rotl(b, 8));
      const e = rotr((c ^ (t0 + t1 + (keys[8 + 2 * round] as number))) >>> 0, 1);
      const f = (rotl(d, 1) ^ (t0 + 2 * t1 + (keys[9 + 2 * round] as number))) >>> 0;
      [a, b, c, d] = [e, f, a, b];
    }
    const out = new DataView(output.buffer, output.byteOffset);
    [c, d, a, b].forEach((half, i) => {
      out.setUint32(4 * i, (half ^ (keys[4 + i] as number)) >>> 0, true);
    });
  };
}

function schedule(key: Uint8Array): { keys: Uint32Array; g: (x: number) => number } {
  const k = key.length / 8;
  const view = new DataView(key.buffer, key.byteOffset);
  const even = Array.from({ length: k }, (_, i) => view.getUint32(8 * i, true));
  const odd = Array.from({ length: k }, (_, i) => view.getUint32(8 * i + 4, true));
  const s = Array.from({ length: k }, (_, i) => reedSolomon(key.subarray(8 * i, 8 * i + 8))).reverse();
  const keys = new Uint32Array(40);
  for (let i = 0; i < 20; i++) {
    const a = h(Math.imul(2 * i, 0x01010101) >>> 0, even);
    const b = rotl(h(Math.imul(2 * i + 1, 0x01010101) >>> 0, odd), 8);
    keys[2 * i] = a + b;
    keys[2 * i + 1] = rotl((a + 2 * b) >>> 0, 9);
  }
  const tables = Array.from({ length: 4 }, (_, byte) =>
    Uint32Array.from({ length: 256 }, (_, x) => column(byte, x, s)),
  );
  const [t0, t1, t2, t3] = tables as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  const g = (x: number) =>
    ((t0[x & 255] as number) ^
      (t1[(x >>> 8) & 255] as number) ^
      (t2[(x >>> 16) & 255] as number) ^
      (t3[x >>> 24] as number)) >>>
    0;
  return { keys, g };
}

function h(x: number, list: readonly number[]): number {
  let word = 0;
  for (let byte = 0; byte < 4; byte++) word ^= column(byte, (x >>> (8 * byte)) & 255, list);
  return word >>> 0;
}

/** What one byte of the input of h gives to its output. */
function column(byte: number, x: number, list: readonly number[]): number {
  let value = x;
  for (let i = list.length - 1; i >= 0; i--) {
    const q = Q[(LAYERS[i] as readonly number[])[byte] as number] as Uint8Array;
    value = (q[value] as number) ^ (((list[i] as number) >>> (8 * byte)) & 255);
  }
  value = (Q[LAST[byte] as number] as Uint8Array)[value] as number;
  let word = 0;
  for (let row = 0; row < 4; row++)
    word |= times((MDS[row] as readonly number[])[byte] as number, value, 0x169) << (8 * row);
  return word >>> 0;
}

function reedSolomon(bytes: Uint8Array): number {
  let word = 0;
  RS.forEach((row, i) => {
    let sum = 0;
    row.forEach((factor, j) => {
      sum ^= times(factor, bytes[j] as number, 0x14d);
    });
    word |= sum << (8 * i);
  });
  return word >>> 0;
}

function times(a: number, b: number, polynomial: number): number {
  let product = 0;
  for (let x = a, y = b; y !== 0; y >>= 1) {
    if (y & 1) product ^= x;
    x <<= 1;
    if (x & 0x100) x ^= polynomial;
  }
  return product;
}

function permutation(tables: readonly string[]): Uint8Array {
  const t = (table: number, nibble: number) => Number.parseInt((tables[table] as string)[nibble] as string, 16);
  const ror = (nibble: number) => ((nibble >> 1) | (nibble << 3)) & 15;
  return Uint8Array.from({ length: 256 }, (_, x) => {
    let [a, b] = [x >> 4, x & 15];
    for (const layer of [0, 2]) {
      const [c, d] = [a ^ b, a ^ ror(b) ^ ((8 * a) & 15)];
      a = t(layer, c);
      b = t(layer + 1, d);
    }
    return (b << 4) | a;
  });
}

function rotl(x: number, by: number): number {
  return ((x << by) | (x >>> (32 - by))) >>> 0;
}

function rotr(x: number, by: number): number {
  return ((x >>> by) | (x << (32 - by))) >>> 0;
}
