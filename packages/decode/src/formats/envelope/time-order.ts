import type { Finding } from '@custody/evidence';

/** What a stretch leaves of the order of its times. Survives structured cloning. */
export interface OrderSummary {
  /** Messages with a time. */
  timed: number;
  /** Of them, those with an earlier time than the record before, and the rows of the first ones. */
  back: number;
  rows: number[];
  first: number | null;
  firstRow: number;
  last: number | null;
}

const MOST_ROWS = 8;
/** Ours: a dump that is out of order more often than this is in no order of time at all. */
const FEWEST = 20;
const MOST_SHARE = 0.01;
const MOST_FEW = 4;

export function noOrder(): OrderSummary {
  return { timed: 0, back: 0, rows: [], first: null, firstRow: 0, last: null };
}

/** The next record's time. */
export function seeTime(order: OrderSummary, utc: number, row: number): void {
  if (order.first === null) {
    order.first = utc;
    order.firstRow = row;
  }
  if (order.last !== null && utc < order.last) {
    order.back++;
    if (order.rows.length < MOST_ROWS) order.rows.push(row);
  }
  order.last = utc;
  order.timed++;
}

/** Adds the stretch behind. */
export function joinOrder(sum: OrderSummary, later: OrderSummary): void {
  if (later.first === null) return;
  if (sum.last !== null && later.first < sum.last) {
    sum.back++;
    sum.rows.push(later.firstRow);
  }
  sum.first ??= later.first;
  sum.timed += later.timed;
  sum.back += later.back;
  sum.rows.push(...later.rows);
  sum.rows.length = Math.min(sum.rows.length, MOST_ROWS);
  sum.last = later.last;
}

/** Rows that were exchanged or moved, where all others are in the order of their times. */
export function orderFindings(path: string, { timed, back, rows }: OrderSummary): Finding[] {
  if (back === 0 || timed < FEWEST || back > Math.max(MOST_FEW, timed * MOST_SHARE)) return [];
  const at = (row: number | undefined) => ({ path, offset: null, length: null, row: row ?? null });
  const detail = `${back} record(s), at row ${rows.join(', ')}, have an earlier time than the record before, in a dump that is in the order of its times otherwise: rows were exchanged or moved, or written late`;
  const related = rows.slice(1).map(at);
  return [{ code: 'TIME_ANOMALY', class: 'doubt', records: back, locator: at(rows[0]), related, detail }];
}
