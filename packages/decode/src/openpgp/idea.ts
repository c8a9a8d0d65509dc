import type { BlockEncrypt } from './block-cipher.ts';

/** IDEA with a key of 16 bytes: 8 rounds of 6 subkeys and an output transformation (Lai, 1992). */
export function idea(key: Uint8Array): BlockEncrypt {
  const keys = schedule(key);
  return (input, output) => {
    const view = new DataView(input.buffer, input.byteOffset);
    let [a, b, c, d] = [view.getUint16(0), view.getUint16(2), view.getUint16(4), view.getUint16(6)];
    for (let round = 0; round < 48; round += 6) {
      a = multiply(a, keys[round] as number);
      b = (b + (keys[round + 1] as number)) & 0xffff;
      c = (c + (keys[round + 2] as number)) & 0xffff;
      d = multiply(d, keys[round + 3] as number);
      const t = multiply(a ^ c, keys[round + 4] as number);
      const u = multiply(((b ^ d) + t) & 0xffff, keys[round + 5] as number);
      const v = (t + u) & 0xffff;
      a ^= u;
      d ^= v;
      const swap = b ^ v;
      b = c ^ u;
      c = swap;
    }
    const out = new DataView(output.buffer, output.byteOffset);
    out.setUint16(0, multiply(a, keys[48] as number));
    out.setUint16(2, (c + (keys[49] as number)) & 0xffff);
    out.setUint16(4, (b + (keys[50] as number)) & 0xffff);
    out.setUint16(6, multiply(d, keys[51] as number));
  };
}

/** Modulo 2^16 + 1, where 0 stands for 2^16. */
function multiply(a: number, b: number): number {
  if (a === 0) return (0x10001 - b) & 0xffff;
  if (b === 0) return (0x10001 - a) & 0xffff;
  return ((a * b) % 0x10001) & 0xffff;
}

/** Eight words of the key, then the key rotated left by 25 bits, until there are 52. */
function schedule(key: Uint8Array): number[] {
  let bits = 0n;
  for (const byte of key.subarray(0, 16)) bits = (bits << 8n) | BigInt(byte);
  const keys: number[] = [];
  while (keys.length < 52) {
    for (let i = 7; i >= 0 && keys.length < 52; i--) keys.push(Number((bits >> BigInt(16 * i)) & 0xffffn));
    bits = ((bits << 25n) | (bits >> 103n)) & ((1n << 128n) - 1n);
  }
  return keys;
}
