import { type BytesErrorCode, UsageError } from './errors.ts';
import { ONE_SHOT_FROM, sha256Into } from './sha256.ts';
import { type WasmDigests, wasmDigests } from './sha256-wasm.ts';

/** Bytes of a SHA-256 digest (FIPS 180-4). */
export const DIGEST_LENGTH = 32;

/** Fewer pieces than this leave lanes idle, and one call each is as fast. */
const BATCH_FROM = 3;
/** Longer pieces are not copied into the batch only to be passed over there. */
const NEVER_COPIED = 8192;

/**
 * SHA-256 of `count` pieces laid end to end: piece i is `data[ends[i-1] .. ends[i])`, its digest `out[32i .. 32i+32)`.
 * `out` must not overlap `data`. Throws UsageError DIGEST_SHAPE where `ends` descends or leaves `data`, or `out` is
 * too short.
 */
export function digestMany(data: Uint8Array, ends: Uint32Array, out: Uint8Array, count: number = ends.length): void {
  checkEnds(data, ends, count);
  checkOut(out, count);
  if (wasmDigests === null || count < BATCH_FROM) {
    for (let i = 0; i < count; i++) digestPiece(data, ends, i, out);
    return;
  }
  for (let i = 0; i < count; ) {
    const to = runEnd(wasmDigests, ends, i, count);
    if (to > i) digestRun(wasmDigests, data, ends, { from: i, to, out });
    else digestPiece(data, ends, i, out);
    i = Math.max(to, i + 1);
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
  if (wasmDigests === null || recordLength > wasmDigests.longestRecord) {
    linkOneByOne(prefix, start, records, recordLength, out);
    return;
  }
  const wasm = wasmDigests;
  const room = Math.min(wasm.mostPieces, Math.floor(wasm.input.length / recordLength));
  wasm.start.set(start);
  for (let i = 0; i < count; i += room) {
    const n = Math.min(room, count - i);
    wasm.input.set(records.subarray(i * recordLength, (i + n) * recordLength));
    wasm.digestLinked(prefix, recordLength, n);
    out.set(wasm.output.subarray(0, n * DIGEST_LENGTH), i * DIGEST_LENGTH);
    wasm.start.set(wasm.output.subarray((n - 1) * DIGEST_LENGTH, n * DIGEST_LENGTH));
  }
}

/**
 * One level of a hash tree: digest k = SHA-256(prefix byte, hash 2k, hash 2k+1) for every full pair of 32-byte hashes;
 * an odd last hash is left to the caller. `out` may be `hashes` itself. Throws UsageError DIGEST_SHAPE.
 */
export function digestPairs(prefix: number, hashes: Uint8Array, out: Uint8Array): void {
  if (hashes.length % DIGEST_LENGTH !== 0) throw shape('hashes that are not 32 bytes each');
  const pairs = Math.floor(hashes.length / (2 * DIGEST_LENGTH));
  checkOut(out, pairs);
  if (wasmDigests === null || pairs < BATCH_FROM) {
    pairOneByOne(prefix, hashes, out, pairs);
    return;
  }
  const wasm = wasmDigests;
  for (let k = 0; k < pairs; k += wasm.mostPairs) {
    const n = Math.min(wasm.mostPairs, pairs - k);
    wasm.input.set(hashes.subarray(k * 64, (k + n) * 64));
    wasm.digestPairs(prefix, n);
    out.set(wasm.output.subarray(0, n * DIGEST_LENGTH), k * DIGEST_LENGTH);
  }
}

/** How far a run from piece `from` may go: until the module's memory is full or a very long piece comes. */
function runEnd(wasm: WasmDigests, ends: Uint32Array, from: number, count: number): number {
  const base = startOf(ends, from);
  const last = Math.min(count, from + wasm.mostPieces);
  let start = base;
  let i = from;
  for (; i < last; i++) {
    const end = ends[i] as number;
    if (end - base > wasm.input.length || end - start > NEVER_COPIED) break;
    start = end;
  }
  return i;
}

/** Digests of pieces `from` to `to`: short ones in lanes, those where one call each is faster afterwards. */
function digestRun(
  wasm: WasmDigests,
  data: Uint8Array,
  ends: Uint32Array,
  { from, to, out }: { from: number; to: number; out: Uint8Array },
): void {
  const base = startOf(ends, from);
  wasm.input.set(data.subarray(base, ends[to - 1]));
  wasm.ends.set(ends.subarray(from, to));
  const left = wasm.digestMany(base, to - from, ONE_SHOT_FROM - 1);
  out.set(wasm.output.subarray(0, (to - from) * DIGEST_LENGTH), from * DIGEST_LENGTH);
  if (left === 0) return;
  for (let i = from; i < to; i++) {
    if ((ends[i] as number) - startOf(ends, i) >= ONE_SHOT_FROM) digestPiece(data, ends, i, out);
  }
}

function digestPiece(data: Uint8Array, ends: Uint32Array, i: number, out: Uint8Array): void {
  sha256Into(data.subarray(startOf(ends, i), ends[i]), out, i * DIGEST_LENGTH);
}

function startOf(ends: Uint32Array, i: number): number {
  return i === 0 ? 0 : (ends[i - 1] as number);
}

function linkOneByOne(
  prefix: number,
  start: Uint8Array,
  records: Uint8Array,
  recordLength: number,
  out: Uint8Array,
): void {
  const block = new Uint8Array(1 + DIGEST_LENGTH + recordLength);
  block[0] = prefix;
  block.set(start, 1);
  for (let i = 0; i * recordLength < records.length; i++) {
    block.set(records.subarray(i * recordLength, (i + 1) * recordLength), 1 + DIGEST_LENGTH);
    sha256Into(block, out, i * DIGEST_LENGTH);
    block.set(out.subarray(i * DIGEST_LENGTH, (i + 1) * DIGEST_LENGTH), 1);
  }
}

function pairOneByOne(prefix: number, hashes: Uint8Array, out: Uint8Array, pairs: number): void {
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
