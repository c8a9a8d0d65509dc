/**
 * Messages laid out ready to be hashed, whole blocks with their padding (FIPS 180-4, 5.1.1), and their digests: those of
 * equal length are taken five at a time, so that no lane waits and none is looked after from block to block.
 */
import { compressFive } from './compress-five';
import { bigEndian, enterFour, STATE } from './compress-four';
import { enterOne, STATE_ONE } from './compress-one';

/** Most messages laid at one time. */
export const MOST_FRAMES: i32 = 2048;
/** Most blocks of one message. */
export const MOST_BLOCKS: i32 = 32;
/** Room for all of them. */
export const FRAMES_SIZE: i32 = 458752;
const FRAMES: usize = memory.data(458752 + 64, 16);

const AT: usize = memory.data(2048 * 4, 16);
const INTO: usize = memory.data(2048 * 4, 16);
const BLOCKS: usize = memory.data(2048, 16);
/** Numbers of messages, those of one block first. */
const ORDER: usize = memory.data(2048 * 2, 16);
/** Messages of each number of blocks; then where the next of them comes in ORDER. */
const COUNTS: usize = memory.data((32 + 1) * 4, 16);

let laid: i32 = 0;
let end: usize = FRAMES;

export function clearFrames(): void {
  laid = 0;
  end = FRAMES;
  memory.fill(COUNTS, 0, 33 * 4);
}

/** Where the next message is to be written; up to 64 bytes beyond it may be too. */
// @ts-ignore: decorator
@inline
export function nextFrame(): usize {
  return end;
}

/** Blocks that `size` bytes take with their padding. */
// @ts-ignore: decorator
@inline
export function blocksOf(size: u32): u32 {
  return (size + 72) >> 6;
}

/** Ends the message of `size` bytes whose digest goes to `into`. */
// @ts-ignore: decorator
@inline
export function endFrame(size: u32, into: usize): void {
  const blocks = blocksOf(size);
  const stop = end + (<usize>blocks << 6);
  for (let at = end + size; at < stop; at += 16) v128.store(at, i64x2.splat(0));
  store<u8>(end + size, 0x80);
  store<u32>(stop - 4, bswap(size << 3));
  store<u32>(AT + (<usize>laid << 2), <u32>end);
  store<u32>(INTO + (<usize>laid << 2), <u32>into);
  store<u8>(BLOCKS + laid, <u8>blocks);
  store<u32>(COUNTS + (<usize>blocks << 2), load<u32>(COUNTS + (<usize>blocks << 2)) + 1);
  end = stop;
  laid++;
}

/** Words 4q to 4q + 3 of four digests, each to its place. */
// @ts-ignore: decorator
@inline
function leaveFour(q: usize, i0: usize, i1: usize, i2: usize, i3: usize): void {
  const from = STATE + (q << 6);
  const w0 = v128.load(from);
  const w1 = v128.load(from, 16);
  const w2 = v128.load(from, 32);
  const w3 = v128.load(from, 48);
  const lo01 = i32x4.shuffle(w0, w1, 0, 4, 1, 5);
  const hi01 = i32x4.shuffle(w0, w1, 2, 6, 3, 7);
  const lo23 = i32x4.shuffle(w2, w3, 0, 4, 1, 5);
  const hi23 = i32x4.shuffle(w2, w3, 2, 6, 3, 7);
  v128.store(i0 + (q << 4), bigEndian(i64x2.shuffle(lo01, lo23, 0, 2)));
  v128.store(i1 + (q << 4), bigEndian(i64x2.shuffle(lo01, lo23, 1, 3)));
  v128.store(i2 + (q << 4), bigEndian(i64x2.shuffle(hi01, hi23, 0, 2)));
  v128.store(i3 + (q << 4), bigEndian(i64x2.shuffle(hi01, hi23, 1, 3)));
}

/** Digests of five messages of `blocks` blocks each. */
export function digestFive(
  blocks: u32, p0: usize, p1: usize, p2: usize, p3: usize, p4: usize,
  i0: usize, i1: usize, i2: usize, i3: usize, i4: usize,
): void {
  enterFour();
  enterOne();
  for (let n: u32 = 0; n < blocks; n++) {
    compressFive(p0, p1, p2, p3, p4);
    p0 += 64;
    p1 += 64;
    p2 += 64;
    p3 += 64;
    p4 += 64;
  }
  leaveFour(0, i0, i1, i2, i3);
  leaveFour(1, i0, i1, i2, i3);
  v128.store(i4, bigEndian(v128.load(STATE_ONE)));
  v128.store(i4, bigEndian(v128.load(STATE_ONE, 16)), 16);
}

/** The digests of all messages laid since `clearFrames`. */
export function digestFrames(): void {
  let sum: u32 = 0;
  for (let blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
    const count = load<u32>(COUNTS + (<usize>blocks << 2));
    store<u32>(COUNTS + (<usize>blocks << 2), sum);
    sum += count;
  }
  for (let i = 0; i < laid; i++) {
    const place = COUNTS + (<usize>load<u8>(BLOCKS + i) << 2);
    const at = load<u32>(place);
    store<u16>(ORDER + (<usize>at << 1), <u16>i);
    store<u32>(place, at + 1);
  }
  let from: u32 = 0;
  for (let blocks: u32 = 1; blocks <= <u32>MOST_BLOCKS; blocks++) {
    const to = load<u32>(COUNTS + (<usize>blocks << 2));
    // Fewer than five are left at the end of a class: the last one is then taken again, to the same place.
    for (; from < to; from += 5) {
      const n0 = numberAt(from, to);
      const n1 = numberAt(from + 1, to);
      const n2 = numberAt(from + 2, to);
      const n3 = numberAt(from + 3, to);
      const n4 = numberAt(from + 4, to);
      digestFive(
        blocks, load<u32>(AT + n0), load<u32>(AT + n1), load<u32>(AT + n2), load<u32>(AT + n3), load<u32>(AT + n4),
        load<u32>(INTO + n0), load<u32>(INTO + n1), load<u32>(INTO + n2), load<u32>(INTO + n3), load<u32>(INTO + n4),
      );
    }
    from = to;
  }
}

/** Four times the number of the message at place `i` of ORDER, or of the last before `to`. */
// @ts-ignore: decorator
@inline
function numberAt(i: u32, to: u32): usize {
  return <usize>load<u16>(ORDER + (<usize>(i < to ? i : to - 1) << 1)) << 2;
}
