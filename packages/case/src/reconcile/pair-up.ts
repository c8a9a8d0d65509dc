import { addPartner, FORM, hasPartner, isPaired, type Row } from './copy-row.ts';
import type { ReconcileLine } from './reconcile-line.ts';

/** Ours: clocks further apart than this make no pair. */
export const PAIR_WITHIN_MS: number = 10 * 60_000;
/** Ours: a call back within seconds would be another call. */
const SAME_CALL_MS = 10_000;
const MOST_CANDIDATES = 4096;

export interface PairTerms {
  readonly within: number;
  readonly may?: (one: Row, other: Row) => boolean;
  readonly pair: (one: Row, other: Row) => void;
}

/** Pairs copies of different sources, each with the next one in time of each other source. */
export function pairUp(rows: Row[], { within, may, pair }: PairTerms): void {
  rows.sort((x, y) => x.sent - y.sent || x.index - y.index);
  for (const [i, row] of rows.entries()) {
    const end = Math.min(rows.length, i + 1 + MOST_CANDIDATES);
    for (let j = i + 1; j < end; j++) {
      const other = rows[j] as Row;
      if (other.sent - row.sent > within) break;
      if (other.source === row.source || hasPartner(row, other.source) || hasPartner(other, row.source)) continue;
      if (may !== undefined && !may(row, other)) continue;
      addPartner(row, other.source);
      addPartner(other, row.source);
      pair(row, other);
    }
  }
}

/** Whether two ids show that these are two messages. */
export function areOther(one: Row, other: Row): boolean {
  return one.isExact && other.isExact && one.idKey !== other.idKey;
}

/** The same text at the same time with sender and recipient exchanged, in another source. */
export function* exchangedLines(rows: readonly Row[], turned: readonly Row[]): Generator<ReconcileLine> {
  for (const row of rows) {
    if (isPaired(row)) continue;
    const within = row.form === FORM.call ? SAME_CALL_MS : PAIR_WITHIN_MS;
    const other = turned.find(
      (one) =>
        one.source !== row.source && !isPaired(one) && !areOther(row, one) && Math.abs(one.sent - row.sent) <= within,
    );
    if (other === undefined) continue;
    const items = [row.index, other.index].sort((x, y) => x - y);
    const detail = `item ${items[1]} of another source has its sender as recipient and its recipient as sender`;
    yield { check: 'direction', result: 'broken', detail, items };
  }
}
