/** How often each offset of two clocks was seen, in milliseconds: their median without keeping them all. */
export class OffsetCounts {
  readonly #counts = new Map<number, number>();
  total = 0;

  add(ms: number): void {
    this.#counts.set(ms, (this.#counts.get(ms) ?? 0) + 1);
    this.total++;
  }

  /** Null where none was seen. */
  spread(): { readonly median: number; readonly least: number; readonly most: number } | null {
    const sorted = [...this.#counts].sort(([x], [y]) => x - y);
    let seen = 0;
    for (const [ms, count] of sorted) {
      seen += count;
      if (seen <= Math.floor(this.total / 2)) continue;
      return { median: ms, least: sorted[0]?.[0] as number, most: sorted.at(-1)?.[0] as number };
    }
    return null;
  }
}
