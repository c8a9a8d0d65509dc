/** Longest piece whose repetition is noticed, in bytes. */
const LONGEST_PIECE = 64;
/** Shorter texts are read as they are: looking for repetitions would cost as much. */
export const SHORTEST_LOOKED_AT = 8192;
/** How far apart repetitions are looked for, and how many bytes must be the same one piece on. */
const STEP = 4096;
const SURE = 256;
/** Bytes of a stretch kept on either side of a cut: far more than any rule reads of what stands beside a run. */
export const MARGIN = 2048;
/**
 * A cut takes a multiple of so many pieces, which has many divisors: what is found may come round with every third or
 * eighth piece only, as groups of digits are read together.
 */
const ROUND = 840;

/** Where bytes were left out of a text. */
export interface Cut {
  /** Offset in the shortened text, in the middle of a stretch of one piece again and again. */
  readonly at: number;
  readonly removed: number;
  /** Length of the piece. */
  readonly piece: number;
}

/** A text without most of the repetitions of short pieces in it. */
export interface ShortenedText {
  readonly bytes: Uint8Array;
  readonly cuts: readonly Cut[];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly piece: number;
}

/** `bytes[start..end)` with its long stretches of one piece again and again cut short; null where it has none. */
export function shortened(bytes: Uint8Array, start: number, end: number): ShortenedText | null {
  const stretches = stretchesOf(bytes, start, end);
  if (stretches.length === 0) return null;
  const gone = stretches.reduce((sum, one) => sum + removable(one), 0);
  const short = new Uint8Array(end - start - gone);
  const cuts: Cut[] = [];
  let filled = 0;
  let read = start;
  for (const one of stretches) {
    short.set(bytes.subarray(read, one.from + MARGIN), filled);
    filled += one.from + MARGIN - read;
    cuts.push({ at: filled, removed: removable(one), piece: one.piece });
    read = one.from + MARGIN + removable(one);
  }
  short.set(bytes.subarray(read, end), filled);
  return { bytes: short, cuts };
}

function removable({ from, to, piece }: Stretch): number {
  const round = piece * ROUND;
  return Math.max(0, Math.floor((to - from - 2 * MARGIN) / round)) * round;
}

function stretchesOf(bytes: Uint8Array, start: number, end: number): Stretch[] {
  const stretches: Stretch[] = [];
  let floor = start;
  for (let at = start; at + SURE + LONGEST_PIECE <= end; at += STEP) {
    const piece = pieceAt(bytes, at);
    if (piece === 0) continue;
    let from = at;
    while (from > floor && bytes[from - 1] === bytes[from - 1 + piece]) from--;
    let to = at + SURE;
    while (to < end && bytes[to] === bytes[to - piece]) to++;
    const stretch = { from, to, piece };
    if (removable(stretch) > 0) stretches.push(stretch);
    floor = to;
    at = Math.max(at, to - STEP);
  }
  return stretches;
}

/** Length of the shortest piece that is repeated from `at` on; 0 where none is. */
function pieceAt(bytes: Uint8Array, at: number): number {
  for (let piece = 1; piece <= LONGEST_PIECE; piece++) {
    let k = at;
    while (k < at + SURE && bytes[k] === bytes[k + piece]) k++;
    if (k === at + SURE) return piece;
  }
  return 0;
}
