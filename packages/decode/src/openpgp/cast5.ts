import type { BlockEncrypt } from './block-cipher.ts';
import { castBox } from './cast5-boxes.ts';

let boxes: readonly Uint32Array[] | null = null;

/** Which bytes of which half each group of four subkeys takes (RFC 2144 section 2.4); numbers are indexes into x or z. */
const SUBKEYS: readonly (readonly (readonly number[])[])[] = [
  [
    [8, 9, 7, 6, 2],
    [10, 11, 5, 4, 6],
    [12, 13, 3, 2, 9],
    [14, 15, 1, 0, 12],
  ],
  [
    [3, 2, 12, 13, 8],
    [1, 0, 14, 15, 13],
    [7, 6, 8, 9, 3],
    [5, 4, 10, 11, 7],
  ],
  [
    [3, 2, 12, 13, 9],
    [1, 0, 14, 15, 12],
    [7, 6, 8, 9, 2],
    [5, 4, 10, 11, 6],
  ],
  [
    [8, 9, 7, 6, 3],
    [10, 11, 5, 4, 7],
    [12, 13, 3, 2, 8],
    [14, 15, 1, 0, 13],
  ],
];

/** CAST-128 with a key of 16 bytes, 16 rounds (RFC 2144). */
export function cast5(key: Uint8Array): BlockEncrypt {
  boxes ??= Array.from({ length: 8 }, (_, i) => castBox(i + 1));
  const { masks, rotations } = schedule(key, boxes);
  const [s1, s2, s3, s4] = boxes as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  return (input, output) => {
    const view = new DataView(input.buffer, input.byteOffset);
    let left = view.getUint32(0);
    let right = view.getUint32(4);
    for (let round = 0; round < 16; round++) {
      const f = roundFunction(round, right, masks[round] as number, rotations[round] as number, [s1, s2, s3, s4]);
      const next = (left ^ f) >>> 0;
      left = right;
      right = next;
    }
    const out = new DataView(output.buffer, output.byteOffset);
    out.setUint32(0, right);
    out.setUint32(4, left);
  };
}

function roundFunction(
  round: number,
  half: number,
  mask: number,
  rotation: number,
  [s1, s2, s3, s4]: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array],
): number {
  const kind = round % 3;
  const mixed = kind === 0 ? mask + half : kind === 1 ? mask ^ half : mask - half;
  const i = rotation === 0 ? mixed >>> 0 : ((mixed << rotation) | (mixed >>> (32 - rotation))) >>> 0;
  const a = s1[i >>> 24] as number;
  const b = s2[(i >>> 16) & 255] as number;
  const c = s3[(i >>> 8) & 255] as number;
  const d = s4[i & 255] as number;
  if (kind === 0) return ((a ^ b) - c + d) >>> 0;
  if (kind === 1) return ((a - b + c) ^ d) >>> 0;
  return (((a + b) ^ c) - d) >>> 0;
}

function schedule(key: Uint8Array, all: readonly Uint32Array[]): { masks: Uint32Array; rotations: Uint8Array } {
  const s = (box: number, index: number) => (all[box - 1] as Uint32Array)[index] as number;
  const x = new Uint8Array(16);
  x.set(key.subarray(0, 16));
  const z = new Uint8Array(16);
  const word = (from: Uint8Array, at: number) => new DataView(from.buffer).getUint32(at);
  const mix = (to: Uint8Array, at: number, base: number, picks: readonly number[], from: Uint8Array) => {
    const last = picks[4] as number;
    const value =
      base ^
      s(5, from[picks[0] as number] as number) ^
      s(6, from[picks[1] as number] as number) ^
      s(7, from[picks[2] as number] as number) ^
      s(8, from[picks[3] as number] as number) ^
      last;
    new DataView(to.buffer).setUint32(at, value >>> 0);
  };
  const toZ = () => {
    mix(z, 0, word(x, 0), [13, 15, 12, 14, s(7, x[8] as number)], x);
    mix(z, 4, word(x, 8), [0, 2, 1, 3, s(8, x[10] as number)], z);
    mix(z, 8, word(x, 12), [7, 6, 5, 4, s(5, x[9] as number)], z);
    mix(z, 12, word(x, 4), [10, 9, 11, 8, s(6, x[11] as number)], z);
  };
  const toX = () => {
    mix(x, 0, word(z, 8), [5, 7, 4, 6, s(7, z[0] as number)], z);
    mix(x, 4, word(z, 0), [0, 2, 1, 3, s(8, z[2] as number)], x);
    mix(x, 8, word(z, 4), [7, 6, 5, 4, s(5, z[1] as number)], x);
    mix(x, 12, word(z, 12), [10, 9, 11, 8, s(6, z[3] as number)], x);
  };
  const words: number[] = [];
  const take = (group: number, from: Uint8Array) => {
    (SUBKEYS[group] as readonly (readonly number[])[]).forEach((picks, i) => {
      const [a, b, c, d, e] = picks.map((at) => from[at] as number) as [number, number, number, number, number];
      words.push((s(5, a) ^ s(6, b) ^ s(7, c) ^ s(8, d) ^ s(5 + i, e)) >>> 0);
    });
  };
  for (let half = 0; half < 2; half++) {
    toZ();
    take(0, z);
    toX();
    take(1, x);
    toZ();
    take(2, z);
    toX();
    take(3, x);
  }
  return { masks: Uint32Array.from(words.slice(0, 16)), rotations: Uint8Array.from(words.slice(16), (w) => w & 31) };
}
