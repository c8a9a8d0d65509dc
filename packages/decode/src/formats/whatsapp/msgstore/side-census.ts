import type { RunScan } from '../../../row-store/run-scan.ts';

/** A side table while it is read beside the tables that its rows belong to. */
export class SideCensus {
  readonly scan: RunScan;
  /** For each stretch, which of its readable rows no main row owns. */
  readonly orphans: number[][] = [];
  #live: boolean;

  constructor(scan: RunScan) {
    this.scan = scan;
    this.#live = scan.next();
  }

  /** A main row with this rowid exists; main rowids ascend. Gives the bytes of the row that it owns here. */
  pass(rowid: number): number {
    while (this.#live && this.scan.rowid < rowid) this.#orphan();
    if (!this.#live || this.scan.rowid !== rowid) return 0;
    const bytes = this.scan.cursor.record().length;
    this.#live = this.scan.next();
    return bytes;
  }

  #orphan(): void {
    const { stretch, index } = this.scan.place;
    const list = this.orphans[stretch];
    if (list === undefined) this.orphans[stretch] = [index];
    else list.push(index);
    this.#live = this.scan.next();
  }

  end(): void {
    while (this.#live) this.#orphan();
  }
}

/** Passes the rowids of several main tables, merged, by all side tables; a rowid in two of them passes twice. */
export function passAll(
  mains: readonly { readonly scan: RunScan; readonly onRow?: () => void }[],
  sides: readonly SideCensus[],
): void {
  const live = mains.filter(({ scan, onRow }) => advance(scan, onRow));
  while (live.length > 0) {
    let first = live[0] as (typeof live)[number];
    for (const main of live) if (main.scan.rowid < first.scan.rowid) first = main;
    const rowid = Number(first.scan.rowid);
    for (const side of sides) first.scan.weigh(side.pass(rowid));
    if (!advance(first.scan, first.onRow)) live.splice(live.indexOf(first), 1);
  }
  for (const side of sides) side.end();
}

function advance(scan: RunScan, onRow: (() => void) | undefined): boolean {
  if (!scan.next()) return false;
  onRow?.();
  return true;
}
