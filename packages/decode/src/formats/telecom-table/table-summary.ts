import type { Finding, Locator } from '@custody/evidence';
import { finding } from '../../make-finding.ts';
import type { TableShape } from './read-shape.ts';

/** What a stretch of a table leaves for the findings about the whole. */
export interface TableSummary {
  /** Of each row that was read: 64 bits of the SHA-256 of its bytes, as two numbers. */
  readonly hashes: Uint32Array;
  /** Of the same rows: row number, offset and length. */
  readonly places: Float64Array;
  /** Of the same rows: sequence number, NaN where there is none. */
  readonly sequence: Float64Array;
  /** By column: cells that are no value of the column's role, cells that hold something, failing check digits. */
  readonly odd: readonly number[];
  readonly filled: readonly number[];
  readonly unchecked: readonly number[];
  /** By column: telephone numbers with `+` or a zero before them, and short ones with neither. */
  readonly marked: readonly number[];
  readonly bare: readonly number[];
}

const MOST_FINDINGS = 1000;
/** Ours: below this share a column holds something else than its heading says. */
const ODD_SHARE = 0.2;

/** Duplicates, gaps, rows out of order and columns that hold something else. */
export function tableFindings(shape: TableShape, summaries: readonly TableSummary[]): Finding[] {
  return [...duplicates(shape, summaries), ...gaps(shape, summaries), ...columns(shape, summaries)];
}

function duplicates(shape: TableShape, summaries: readonly TableSummary[]): Finding[] {
  const first = new Map<bigint, Locator>();
  const copies = new Map<bigint, Locator[]>();
  for (const { hashes, places } of summaries) {
    for (let i = 0; i * 2 < hashes.length; i++) {
      const key = (BigInt(hashes[i * 2] as number) << 32n) | BigInt(hashes[i * 2 + 1] as number);
      const place = placeOf(shape, places, i);
      const known = copies.get(key);
      if (known !== undefined) known.push(place);
      else if (first.has(key)) copies.set(key, [place]);
      else first.set(key, place);
    }
  }
  const out: Finding[] = [];
  for (const [key, places] of copies) {
    if (out.length === MOST_FINDINGS) break;
    const original = first.get(key) as Locator;
    const rows = places
      .slice(0, 20)
      .map(({ row }) => row)
      .join(', ');
    const detail = `row(s) ${rows}${places.length > 20 ? ' …' : ''} are the same bytes as row ${original.row}; all are kept`;
    out.push(
      finding('DUPLICATE', places[0] as Locator, {
        records: places.length,
        detail,
        related: [original, ...places.slice(1, 100)],
      }),
    );
  }
  if (copies.size > MOST_FINDINGS) {
    const rest = [...copies.values()].slice(MOST_FINDINGS).reduce((sum, places) => sum + places.length, 0);
    out.push(
      finding('DUPLICATE', shape.path, {
        records: rest,
        detail: `${copies.size - MOST_FINDINGS} more rows have copies`,
      }),
    );
  }
  return out;
}

function gaps(shape: TableShape, summaries: readonly TableSummary[]): Finding[] {
  const out: Finding[] = [];
  const numbers: number[] = [];
  let last = Number.NaN;
  let disorder: Locator | null = null;
  let disordered = 0;
  for (const { sequence, places } of summaries) {
    for (let i = 0; i < sequence.length; i++) {
      const number = sequence[i] as number;
      if (Number.isNaN(number)) continue;
      numbers.push(number);
      if (number < last) {
        disorder ??= placeOf(shape, places, i);
        disordered++;
      }
      last = number;
    }
  }
  if (disorder !== null) {
    const detail = `${disordered} row(s) have a lower sequence number than the row before: rows were exchanged or moved`;
    out.push(finding('SEQUENCE_GAP', disorder, { records: disordered, detail }));
  }
  const missing = missingRuns(numbers);
  if (missing.runs.length > 0) {
    const shown = missing.runs.slice(0, 20).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
    const detail = `no row has the sequence number(s) ${shown.join(', ')}${missing.runs.length > 20 ? ' …' : ''}, ${missing.count} in all`;
    out.push(finding('SEQUENCE_GAP', shape.path, { records: missing.count, detail }));
  }
  return out;
}

/** Numbers that are missing between the first and the last; and before the first where a table begins after 1. */
function missingRuns(numbers: readonly number[]): { runs: [number, number][]; count: number } {
  const sorted = Float64Array.from(numbers).sort();
  const runs: [number, number][] = [];
  let count = 0;
  let next = sorted.length > 0 && (sorted[0] as number) <= 10 && (sorted[0] as number) >= 1 ? 1 : (sorted[0] ?? 0);
  for (const number of sorted) {
    if (number > next) {
      runs.push([next, number - 1]);
      count += number - next;
    }
    next = Math.max(next, number + 1);
  }
  return { runs, count };
}

function columns(shape: TableShape, summaries: readonly TableSummary[]): Finding[] {
  const out: Finding[] = [];
  const sum = (list: 'odd' | 'filled' | 'unchecked' | 'marked' | 'bare', i: number) =>
    summaries.reduce((all, summary) => all + (summary[list][i] ?? 0), 0);
  for (const [i, { name, role }] of shape.columns.entries()) {
    const filled = sum('filled', i);
    const failing = sum('unchecked', i);
    const odd = sum('odd', i);
    const shown = JSON.stringify(name);
    const [bare, marked] = [sum('bare', i), sum('marked', i)];
    if (bare > 0 && marked > 0) {
      const detail = `${bare} of ${filled} numbers of column ${shown} have neither a plus sign nor a zero before them, where ${marked} have: leading zeros may be lost`;
      out.push(finding('FIELD_COERCED', shape.path, { records: bare, detail, class: 'doubt' }));
    }
    if (filled > 0 && odd > filled * ODD_SHARE) {
      const detail = `${odd} of ${filled} cells of column ${shown} are no ${role}: columns may be exchanged or shifted`;
      out.push(finding('CONFLICTING_COPIES', shape.path, { records: odd, detail }));
    } else if (failing > 0) {
      const detail = `${failing} of ${filled} IMEIs of column ${shown} fail their check digit`;
      out.push(
        finding('FIELD_COERCED', shape.path, {
          records: failing,
          detail,
          class: failing > filled * ODD_SHARE ? 'doubt' : 'note',
        }),
      );
    }
  }
  return out;
}

function placeOf(shape: TableShape, places: Float64Array, i: number): Locator {
  const [row, offset, length] = places.subarray(i * 3, i * 3 + 3);
  return { path: shape.path, offset: offset as number, length: length as number, row: row as number };
}
