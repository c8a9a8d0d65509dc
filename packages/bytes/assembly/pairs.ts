/** One level of a tree: digests of pairs of hashes behind a prefix byte, laid out padded and taken five at a time. */
import { digestFive } from './frames';

/** Prefix and two hashes. */
const SIZE: usize = 65;
/** Two blocks. */
const STRIDE: usize = 128;
const FIVE: usize = memory.data(5 * 128, 16);

/** Digests of `count` pairs at `input` to `output`. */
export function pairHashes(prefix: u32, input: usize, count: i32, output: usize): void {
  memory.fill(FIVE, 0, 5 * STRIDE);
  for (let to = FIVE; to < FIVE + 5 * STRIDE; to += STRIDE) {
    store<u8>(to, prefix);
    store<u8>(to + SIZE, 0x80);
    store<u32>(to + STRIDE - 4, bswap(<u32>SIZE << 3));
  }
  for (let k = 0; k < count; k += 5) {
    // Fewer than five are left at the end: the last one is then taken again, to the same place.
    const k1 = min(k + 1, count - 1);
    const k2 = min(k + 2, count - 1);
    const k3 = min(k + 3, count - 1);
    const k4 = min(k + 4, count - 1);
    putPair(FIVE, input + (<usize>k << 6));
    putPair(FIVE + STRIDE, input + (<usize>k1 << 6));
    putPair(FIVE + 2 * STRIDE, input + (<usize>k2 << 6));
    putPair(FIVE + 3 * STRIDE, input + (<usize>k3 << 6));
    putPair(FIVE + 4 * STRIDE, input + (<usize>k4 << 6));
    digestFive(
      2, FIVE, FIVE + STRIDE, FIVE + 2 * STRIDE, FIVE + 3 * STRIDE, FIVE + 4 * STRIDE,
      output + (<usize>k << 5), output + (<usize>k1 << 5), output + (<usize>k2 << 5), output + (<usize>k3 << 5),
      output + (<usize>k4 << 5),
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
