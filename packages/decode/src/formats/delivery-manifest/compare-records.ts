/** Which records of a file are not where, or not what, its manifest states. Rows from 1. */
export interface RecordDifference {
  /** Stated, and nowhere in the file. */
  readonly missing: number[];
  /** In the file, and not stated. */
  readonly added: number[];
  /** In the file more often than stated. */
  readonly doubled: number[];
  /** In both, at another place among the others. */
  readonly moved: number[];
}

/** Compares hashes of records, one a record, in the order of the manifest and of the file. */
export function compareRecords(stated: readonly string[], found: readonly string[]): RecordDifference {
  const left = new Map<string, number>();
  for (const one of stated) left.set(one, (left.get(one) ?? 0) + 1);
  const known = new Set(left.keys());
  const added: number[] = [];
  const doubled: number[] = [];
  const kept: number[] = [];
  for (const [i, one] of found.entries()) {
    const free = left.get(one) ?? 0;
    if (free > 0) {
      left.set(one, free - 1);
      kept.push(i);
    } else (known.has(one) ? doubled : added).push(i + 1);
  }
  const missing: number[] = [];
  const expected: number[] = [];
  // Of a record that was stated several times the last ones are the missing ones.
  for (let i = stated.length - 1; i >= 0; i--) {
    const one = stated[i] as string;
    const free = left.get(one) ?? 0;
    if (free > 0) {
      left.set(one, free - 1);
      missing.push(i + 1);
    } else expected.push(i);
  }
  missing.reverse();
  expected.reverse();
  const moved = kept.filter((i, k) => found[i] !== stated[expected[k] as number]).map((i) => i + 1);
  return { missing, added, doubled, moved };
}

/** The first block that differs, as rows from and to, and how many differ; null where none does. */
export function compareBlocks(
  stated: readonly string[],
  found: readonly string[],
  each: number,
): { readonly from: number; readonly to: number; readonly blocks: number } | null {
  const count = Math.max(stated.length, found.length);
  let first = -1;
  let blocks = 0;
  for (let i = 0; i < count; i++) {
    if (stated[i] === found[i]) continue;
    if (first < 0) first = i;
    blocks++;
  }
  return first < 0 ? null : { from: first * each + 1, to: (first + 1) * each, blocks };
}
