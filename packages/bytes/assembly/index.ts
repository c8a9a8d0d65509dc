/**
 * SHA-256 of many short messages (FIPS 180-4), for WebAssembly with 128-bit vectors. The caller copies messages in and
 * digests out; memory has a fixed size and nothing is allocated.
 */
import { STATE_ONE, compressOne } from './compress-one';
import { IV } from './constants';
import { digestRun } from './lanes';
import { padTail } from './padding';
export {
  MOST_PARTS,
  MOST_ROWS,
  VALUES_SIZE,
  digestColumn,
  digestLists,
  digestParts,
  digestRows,
  parts,
  partsFirst,
  placeParts,
  rowDigests,
  rows,
  STRIDE,
  salts,
  startRows,
  valueEnds,
  valueMarks,
  valueStarts,
  values,
} from './rows';
export { MOST_FRAMES, MOST_BLOCKS } from './frames';

/** Room for messages, in bytes. */
export const inputSize: u32 = 131072;
/** Most messages in one call. */
export const mostPieces: u32 = 4096;

/** Messages end to end. The extra block lets a lane read whole vectors at the very end. */
export const input: usize = memory.data(131072 + 64, 16);
/** Their ends as u32. */
export const ends: usize = memory.data(4 * 4096, 16);
/** Digests, 32 bytes each; digestLinked keeps the link before the first at `start`. */
export const output: usize = memory.data(32 * 4096, 16);
export const start: usize = memory.data(32, 16);

/** Messages of digestPairs, 65 bytes each, with room to read on. */
const PAIRS: usize = memory.data(65 * 1024 + 64, 16);
/** One message of digestLinked: at most 4 blocks with its padding. */
const LINKED: usize = memory.data(256 + 128, 16);

/** Most pairs in one call of digestPairs. */
export const mostPairs: u32 = 1024;
/** Longest record of digestLinked: prefix, link, record and a vector read beyond them fit LINKED. */
export const longestRecord: u32 = 191;

export function digestMany(base: u32, count: i32, limit: u32): i32 {
  return digestRun(input, ends, base, count, limit, output);
}

/** Hashes at `input`, two by two, each pair behind the prefix byte. */
export function digestPairs(prefix: u32, count: i32): void {
  for (let k = 0; k < count; k++) {
    const to = PAIRS + k * 65;
    const from = input + (<usize>k << 6);
    store<u8>(to, prefix);
    v128.store(to, v128.load(from), 1);
    v128.store(to, v128.load(from, 16), 17);
    v128.store(to, v128.load(from, 32), 33);
    v128.store(to, v128.load(from, 48), 49);
    store<u32>(ends + (<usize>k << 2), (k + 1) * 65);
  }
  digestRun(PAIRS, ends, 0, count, 65, output);
}

/** Records at `input`; each digest goes to `output` and into the next message. */
export function digestLinked(prefix: u32, recordLength: u32, count: i32): void {
  const length = 33 + recordLength;
  const tail = length & ~63;
  store<u8>(LINKED, prefix);
  let previous = start;
  for (let i = 0; i < count; i++) {
    memory.copy(LINKED + 1, previous, 32);
    memory.copy(LINKED + 33, input + i * recordLength, recordLength);
    const blocks = padTail(LINKED + tail, LINKED + tail, length);
    memory.copy(STATE_ONE, changetype<usize>(IV), 32);
    const stop = LINKED + tail + blocks * 64;
    for (let at = LINKED; at < stop; at += 64) compressOne(at);
    const out = output + (<usize>i << 5);
    for (let k: usize = 0; k < 32; k += 4) store<u32>(out + k, bswap(load<u32>(STATE_ONE + k)));
    previous = out;
  }
}
