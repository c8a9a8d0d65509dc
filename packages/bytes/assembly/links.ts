/**
 * A chain of digests, each message beginning with the digest of the one before. Only the first block of a message holds that
 * digest: the schedules of the others are made four at a time, ahead of the chain.
 */
import { scheduleFour } from './compress-four';
import { compressOne, compressScheduled, enterOne, STATE_ONE } from './compress-one';

/** Prefix and link. */
const BEFORE_RECORD: usize = 33;
/** Bytes from one of four messages to the next. */
const STRIDE: usize = 256;
const MESSAGES: usize = memory.data(4 * 256, 16);
/** Schedules of the blocks after the first: 64 vectors each. */
const SCHEDULES: usize = memory.data(3 * 1024, 16);

/** What stays as it is from record to record: prefix and padding (FIPS 180-4, 5.1.1). */
function layMessages(prefix: u32, recordLength: u32): usize {
  const size = BEFORE_RECORD + recordLength;
  const blocks = (size + 72) >> 6;
  memory.fill(MESSAGES, 0, 4 * STRIDE);
  for (let m = MESSAGES; m < MESSAGES + 4 * STRIDE; m += STRIDE) {
    store<u8>(m, prefix);
    store<u8>(m + size, 0x80);
    store<u32>(m + (blocks << 6) - 4, bswap(<u32>size << 3));
  }
  return blocks;
}

/** Copies `length` bytes and not one more. */
// @ts-ignore: decorator
@inline
function copyRecord(to: usize, from: usize, length: usize): void {
  let i: usize = 0;
  for (; i + 16 <= length; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < length; i++) store<u8>(to + i, load<u8>(from + i));
}

/** Digests of `count` records at `input` to `output`; the link before the first is at `start`. */
export function linkRecords(
  prefix: u32, start: usize, input: usize, recordLength: u32, count: i32, output: usize,
): void {
  const blocks = layMessages(prefix, recordLength);
  let previous = start;
  for (let from = 0; from < count; from += 4) {
    const lanes = min(4, count - from);
    for (let l: usize = 0; l < <usize>lanes; l++) {
      copyRecord(MESSAGES + l * STRIDE + BEFORE_RECORD, input + (<usize>from + l) * recordLength, recordLength);
    }
    for (let b: usize = 1; b < blocks; b++) {
      const p = MESSAGES + (b << 6);
      scheduleFour(p, p + STRIDE, p + 2 * STRIDE, p + 3 * STRIDE, SCHEDULES + ((b - 1) << 10));
    }
    for (let l: usize = 0; l < <usize>lanes; l++) {
      const message = MESSAGES + l * STRIDE;
      v128.store(message, v128.load(previous), 1);
      v128.store(message, v128.load(previous, 16), 17);
      enterOne();
      compressOne(message);
      for (let b: usize = 1; b < blocks; b++) compressScheduled(SCHEDULES + ((b - 1) << 10) + (l << 2));
      previous = output + ((<usize>from + l) << 5);
      for (let k: usize = 0; k < 32; k += 4) store<u32>(previous + k, bswap(load<u32>(STATE_ONE + k)));
    }
  }
}
