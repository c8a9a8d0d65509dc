/**
 * SHA-256 of many short messages (FIPS 180-4), for WebAssembly with 128-bit vectors. The caller copies messages in and
 * digests out; memory has a fixed size and nothing is allocated.
 */
import { digestRun } from './lanes';
import { linkRecords } from './links';
import { pairHashes } from './pairs';
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

/** Most pairs in one call of digestPairs. */
export const mostPairs: u32 = 1024;
/** Longest record of digestLinked: prefix, link, record and padding fit four blocks. */
export const longestRecord: u32 = 191;

export function digestMany(base: u32, count: i32, limit: u32): i32 {
  return digestRun(input, ends, base, count, limit, output);
}

/** Hashes at `input`, two by two, each pair behind the prefix byte. */
export function digestPairs(prefix: u32, count: i32): void {
  pairHashes(prefix, input, count, output);
}

/** Records at `input`; each digest goes to `output` and into the next message. */
export function digestLinked(prefix: u32, recordLength: u32, count: i32): void {
  linkRecords(prefix, start, input, recordLength, count, output);
}
