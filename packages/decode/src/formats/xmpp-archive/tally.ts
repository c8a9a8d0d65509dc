/** One stored message as the comparison of archives needs it. Numbers only: there may be millions. */
export interface TallyColumns {
  /** Places in `names`: archive owner, sender, recipient. */
  readonly owner: number[];
  readonly from: number[];
  readonly to: number[];
  /** Short hashes: what makes two copies one message; what they say; the archive's own id. 0: none. */
  readonly key: number[];
  readonly content: number[];
  readonly archiveId: number[];
  readonly row: number[];
  /** Milliseconds since 1970; NaN: unknown. */
  readonly stored: number[];
}

/** What units tell `finish`. Survives structured cloning. */
export interface Tally {
  readonly names: string[];
  readonly columns: TallyColumns;
  readonly uncovered: Map<string, number>;
  credentials: number;
  /** Stanza ids that name the owner and are not the archive's id, and those that somebody else gave. */
  spoofedIds: number;
  foreignIds: number;
}

export function newTally(): Tally {
  const columns = { owner: [], from: [], to: [], key: [], content: [], archiveId: [], row: [], stored: [] };
  return { names: [], columns, uncovered: new Map(), credentials: 0, spoofedIds: 0, foreignIds: 0 };
}

/** Adds `later` to `sum`. */
export function joinTallies(sum: Tally, later: Tally): Tally {
  const places = new Map(sum.names.map((name, i) => [name, i]));
  const moved = later.names.map((name) => {
    const known = places.get(name);
    return known ?? sum.names.push(name) - 1;
  });
  const isName = new Set(['owner', 'from', 'to']);
  for (const column of Object.keys(sum.columns) as (keyof TallyColumns)[]) {
    const to = sum.columns[column];
    for (const value of later.columns[column]) to.push(isName.has(column) ? (moved[value] ?? -1) : value);
  }
  for (const [what, count] of later.uncovered) sum.uncovered.set(what, (sum.uncovered.get(what) ?? 0) + count);
  sum.credentials += later.credentials;
  sum.spoofedIds += later.spoofedIds;
  sum.foreignIds += later.foreignIds;
  return sum;
}
