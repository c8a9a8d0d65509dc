import { type BytesErrorCode, UsageError } from './errors.ts';

const U32_END = 0x1_0000_0000;
const U64_END = 1n << 64n;

/** `n` as 4 bytes, most significant first. Throws UsageError INTEGER_RANGE outside 0 .. 2^32−1. */
export function u32be(n: number): Uint8Array {
  if (!Number.isInteger(n) || n < 0 || n >= U32_END) throw outOfRange(n, 32);
  return Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
}

/** `n` as 8 bytes, most significant first. Throws UsageError INTEGER_RANGE outside u64 or for an unsafe number. */
export function u64be(n: number | bigint): Uint8Array {
  const out = new Uint8Array(8);
  const view = new DataView(out.buffer);
  if (typeof n === 'number') {
    if (!Number.isSafeInteger(n) || n < 0) throw outOfRange(n, 64);
    view.setUint32(0, Math.floor(n / U32_END));
    view.setUint32(4, n >>> 0);
  } else {
    if (n < 0n || n >= U64_END) throw outOfRange(n, 64);
    view.setBigUint64(0, n);
  }
  return out;
}

function outOfRange(n: number | bigint, bits: number): UsageError<BytesErrorCode> {
  return new UsageError('INTEGER_RANGE', `${n} is no exact unsigned integer of ${bits} bits; pass one in range`);
}
