import { type BytesErrorCode, UsageError } from './errors.ts';
import { sha256Into } from './sha256.ts';

/** Bytes of a SHA-256 digest (FIPS 180-4). */
export const DIGEST_LENGTH = 32;

/**
 * SHA-256 of `count` pieces laid end to end: piece i is `data[ends[i-1] .. ends[i])`, its digest `out[32i .. 32i+32)`.
 * Throws UsageError DIGEST_SHAPE where `ends` descends or leaves `data`, or `out` is too short.
 */
export function digestMany(data: Uint8Array, ends: Uint32Array, out: Uint8Array, count: number = ends.length): void {
  checkEnds(data, ends, count);
  checkOut(out, count);
  let start = 0;
  for (let i = 0; i < count; i++) {
    const end = ends[i] as number;
    sha256Into(data.subarray(start, end), out, i * DIGEST_LENGTH);
    start = end;
  }
}

/**
 * A hash chain: h(i) = SHA-256(prefix byte, h(i−1), record i) with h(−1) = `start` (32 bytes); records are
 * `recordLength` bytes each, end to end; every h(i) goes to `out[32i ..)`. Throws UsageError DIGEST_SHAPE.
 */
export function digestLinked(
  prefix: number,
  start: Uint8Array,
  records: Uint8Array,
  recordLength: number,
  out: Uint8Array,
): void {
  const count = recordLength > 0 ? records.length / recordLength : Number.NaN;
  if (!Number.isInteger(count) || start.length !== DIGEST_LENGTH) throw shape('records or start of another length');
  checkOut(out, count);
  const block = new Uint8Array(1 + DIGEST_LENGTH + recordLength);
  block[0] = prefix;
  block.set(start, 1);
  for (let i = 0; i < count; i++) {
    block.set(records.subarray(i * recordLength, (i + 1) * recordLength), 1 + DIGEST_LENGTH);
    sha256Into(block, out, i * DIGEST_LENGTH);
    block.set(out.subarray(i * DIGEST_LENGTH, (i + 1) * DIGEST_LENGTH), 1);
  }
}

/**
 * One level of a hash tree: digest k = SHA-256(prefix byte, hash 2k, hash 2k+1) for every full pair of 32-byte hashes.
 * `out` may be `hashes` itself. Throws UsageError DIGEST_SHAPE.
 */
export function digestPairs(prefix: number, hashes: Uint8Array, out: Uint8Array): void {
  if (hashes.length % DIGEST_LENGTH !== 0) throw shape('hashes that are not 32 bytes each');
  const pairs = Math.floor(hashes.length / (2 * DIGEST_LENGTH));
  checkOut(out, pairs);
  const block = new Uint8Array(1 + 2 * DIGEST_LENGTH);
  block[0] = prefix;
  for (let k = 0; k < pairs; k++) {
    block.set(hashes.subarray(k * 64, k * 64 + 64), 1);
    sha256Into(block, out, k * DIGEST_LENGTH);
  }
}

function checkEnds(data: Uint8Array, ends: Uint32Array, count: number): void {
  if (!(Number.isInteger(count) && count >= 0 && count <= ends.length)) throw shape('more pieces than ends');
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const end = ends[i] as number;
    if (end < previous) throw shape('ends that descend');
    previous = end;
  }
  if (previous > data.length) throw shape('ends beyond the data');
}

function checkOut(out: Uint8Array, count: number): void {
  if (out.length < count * DIGEST_LENGTH) throw shape(`room for fewer than ${count} digests`);
}

function shape(what: string): UsageError<BytesErrorCode> {
  return new UsageError('DIGEST_SHAPE', `digests were asked for with ${what}`);
}
