/** One level of a tree: digests of pairs of hashes behind a prefix byte, laid out padded and taken four at a time. */
import { digestFour } from './frames';

/** Prefix and two hashes. */
const SIZE: usize = 65;
/** Two blocks. */
const STRIDE: usize = 128;
const FOUR: usize = memory.data(4 * 128, 16);

/** Digests of `count` pairs at `input` to `output`. */
export function pairHashes(prefix: u32, input: usize, count: i32, output: usize): void {
  memory.fill(FOUR, 0, 4 * STRIDE);
  for (let to = FOUR; to < FOUR + 4 * STRIDE; to += STRIDE) {
    store<u8>(to, prefix);
    store<u8>(to + SIZE, 0x80);
    store<u32>(to + STRIDE - 4, bswap(<u32>SIZE << 3));
  }
  for (let k = 0; k < count; k += 4) {
    // Fewer than four are left at the end: the last one is then taken again, to the same place.
    const k1 = min(k + 1, count - 1);
    const k2 = min(k + 2, count - 1);
    const k3 = min(k + 3, count - 1);
    putPair(FOUR, input + (<usize>k << 6));
    putPair(FOUR + STRIDE, input + (<usize>k1 << 6));
    putPair(FOUR + 2 * STRIDE, input + (<usize>k2 << 6));
    putPair(FOUR + 3 * STRIDE, input + (<usize>k3 << 6));
    digestFour(
      2, FOUR, FOUR + STRIDE, FOUR + 2 * STRIDE, FOUR + 3 * STRIDE,
      output + (<usize>k << 5), output + (<usize>k1 << 5), output + (<usize>k2 << 5), output + (<usize>k3 << 5),
    );
  }
}

// @ts-ignore: decorator
@inline
function putPair(to: usize, from: usize): void {
  v128.store(to, v128.load(from), 1);
  v128.store(to, v128.load(from, 16), 17);
  v128.store(to, v128.load(from, 32), 33);
  v128.store(to, v128.load(from, 48), 49);
}
