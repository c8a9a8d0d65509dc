/** Items `first .. first + count - 1`. */
export type ItemRun = readonly [first: number, count: number];

/** Item numbers as ascending runs, each number once. */
export function itemRuns(items: Iterable<number>): ItemRun[] {
  const sorted = Float64Array.from(new Set(items)).sort();
  const out: [number, number][] = [];
  for (const index of sorted) {
    const last = out.at(-1);
    if (last !== undefined && last[0] + last[1] === index) last[1]++;
    else out.push([index, 1]);
  }
  return out;
}

/** Whether ascending runs hold an item. */
export function holdsItem(runs: readonly ItemRun[], index: number): boolean {
  let low = 0;
  let high = runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const [first, count] = runs[middle] as ItemRun;
    if (index < first) high = middle - 1;
    else if (index >= first + count) low = middle + 1;
    else return true;
  }
  return false;
}

export function countItems(runs: readonly ItemRun[]): number {
  return runs.reduce((sum, [, count]) => sum + count, 0);
}
