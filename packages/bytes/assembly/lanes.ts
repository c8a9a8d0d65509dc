/**
 * Four lanes, each with a message of its own: when a lane is through with its message it writes the digest and takes
 * the next, so all four stay busy whatever the lengths are.
 */
import { STATE, compressFour, enterSome } from './compress-four';
import { padTail } from './padding';

/** A lane: where its next block is, where this run of blocks stops, whether that is the padding, which message. */
// @ts-ignore: decorator
@unmanaged
class Lane {
  at: usize;
  stop: usize;
  pad: usize;
  tail: usize;
  length: u32;
  padding: u32;
  /** All ones before the first block, then 0. */
  fresh: i32;
  index: i32;
}

const LANES: usize = memory.data(4 * 32, 16);
const PADS: usize = memory.data(4 * 128, 16);
/** What an idle lane works on. */
const IDLE: usize = memory.data(64, 16);

// @ts-ignore: decorator
@inline
function lane(l: usize): Lane {
  return changetype<Lane>(LANES + l * 32);
}

function begin(l: usize, index: i32, start: usize, length: u32): void {
  const it = lane(l);
  it.index = index;
  it.length = length;
  it.pad = PADS + l * 128;
  it.at = start;
  it.tail = start + (length & ~63);
  it.stop = it.tail;
  it.padding = 0;
  it.fresh = -1;
  if (it.at == it.stop) enterPadding(it);
}

function enterPadding(it: Lane): void {
  const blocks = padTail(it.pad, it.tail, it.length);
  it.at = it.pad;
  it.stop = it.pad + blocks * 64;
  it.padding = 1;
}

function finish(l: usize, out: usize): void {
  for (let k: usize = 0; k < 8; k++) store<u32>(out + k * 4, bswap(load<u32>(STATE + k * 16 + l * 4)));
}

/**
 * Digests of `count` messages that lie end to end from `input`; `ends` holds their ends, counted from `base` before
 * the first. Messages longer than `limit` are passed over; returns how many were. Sixty-four bytes after the input must be readable.
 */
export function digestRun(input: usize, ends: usize, base: u32, count: i32, limit: u32, out: usize): i32 {
  let next = 0;
  let passed = 0;
  let start = base;
  let busy = 0;
  for (let l: usize = 0; l < 4; l++) {
    lane(l).index = -1;
    lane(l).at = IDLE;
    lane(l).stop = IDLE;
  }
  while (true) {
    for (let l: usize = 0; l < 4; l++) {
      const it = lane(l);
      if (it.at != it.stop) continue;
      if (it.index >= 0) {
        if (!it.padding) {
          enterPadding(it);
          continue;
        }
        finish(l, out + (<usize>it.index << 5));
        it.index = -1;
        busy--;
      }
      while (next < count) {
        const end = load<u32>(ends + (<usize>next << 2));
        const length = end - start;
        const at = input + (start - base);
        start = end;
        next++;
        if (length > limit) {
          passed++;
          continue;
        }
        begin(l, next - 1, at, length);
        busy++;
        break;
      }
    }
    if (busy == 0) return passed;
    const fresh = i32x4(0, 0, 0, 0);
    const f0 = i32x4.replace_lane(fresh, 0, lane(0).fresh);
    const f1 = i32x4.replace_lane(f0, 1, lane(1).fresh);
    const f2 = i32x4.replace_lane(f1, 2, lane(2).fresh);
    const f3 = i32x4.replace_lane(f2, 3, lane(3).fresh);
    if (v128.any_true(f3)) enterSome(f3);
    compressFour(lane(0).at, lane(1).at, lane(2).at, lane(3).at);
    for (let l: usize = 0; l < 4; l++) {
      if (lane(l).index < 0) continue;
      lane(l).at += 64;
      lane(l).fresh = 0;
    }
  }
}
