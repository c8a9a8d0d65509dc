/** What units tell `finish`: small, sums only. */
export interface Tally {
  /** Records that are no items, by what they are. */
  readonly uncovered: Map<string, number>;
  /** Fields that the schema lacks, by message and number. */
  readonly unknown: Map<string, number>;
  /** Credentials that were met and not taken over, by name. */
  readonly withheld: Map<string, number>;
  /** References to recipients or chats that no frame describes. */
  unresolved: number;
  /** Pointers to files by what became of them. */
  readonly files: Map<string, number>;
}

export function newTally(): Tally {
  return { uncovered: new Map(), unknown: new Map(), withheld: new Map(), unresolved: 0, files: new Map() };
}

export function count(counts: Map<string, number>, what: string, more = 1): void {
  counts.set(what, (counts.get(what) ?? 0) + more);
}

/** Adds `more` to `sum`. */
export function joinTally(sum: Tally, more: Tally): Tally {
  for (const part of ['uncovered', 'unknown', 'withheld', 'files'] as const)
    for (const [what, times] of more[part]) count(sum[part], what, times);
  sum.unresolved += more.unresolved;
  return sum;
}
