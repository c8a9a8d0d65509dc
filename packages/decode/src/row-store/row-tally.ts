/** What units report for the whole: small, and survives cloning. */
export interface RowTally {
  /** Rows that became items or parts of items. */
  decoded: number;
  /** Files that rows name and the capture lacks. */
  absentFiles: number;
  /** Contents that the list of files of a backup names and the capture lacks. */
  absentContents: number;
  /** Files that are there and do not verify, decrypt or have the stated length. */
  damagedFiles: number;
  /** Files that are there, under keys that nothing supplied opens. */
  lockedFiles: number;
  /** Rows that name another row that is not there. */
  unresolved: number;
}

export function newTally(): RowTally {
  return { decoded: 0, absentFiles: 0, absentContents: 0, damagedFiles: 0, lockedFiles: 0, unresolved: 0 };
}

export function joinTallies(a: RowTally, b: RowTally): RowTally {
  return {
    decoded: a.decoded + b.decoded,
    absentFiles: a.absentFiles + b.absentFiles,
    absentContents: a.absentContents + b.absentContents,
    damagedFiles: a.damagedFiles + b.damagedFiles,
    lockedFiles: a.lockedFiles + b.lockedFiles,
    unresolved: a.unresolved + b.unresolved,
  };
}
