/** A file of a plan and the number of its first record among those of all files, from 0. */
export interface PlannedFile {
  readonly name: string;
  readonly base: number;
}

/** Where a record stands: its file, and its number there from 1. `files` are in the order of their bases. */
export function placeOf(
  files: readonly PlannedFile[],
  number: number,
): { path: string; offset: null; length: null; row: number } {
  let low = 0;
  for (let high = files.length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if ((files[middle] as PlannedFile).base <= number) low = middle;
    else high = middle;
  }
  const file = files[low] ?? { name: '', base: 0 };
  return { path: file.name, offset: null, length: null, row: number - file.base + 1 };
}
