import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, UnitDecoder } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { CsvScanner } from '../envelope/csv-scanner.ts';
import { UnitPlanner, type UnitState } from '../envelope/plan-units.ts';
import { RowSplitter } from '../envelope/splitter.ts';
import { asBuffer } from '../envelope/stretch-memory.ts';
import { columnFindings } from './column-findings.ts';
import { type Column, readShape, recognise, type TableShape } from './read-shape.ts';
import { TableDecoder } from './table-decoder.ts';
import { type TableSummary, tableFindings } from './table-summary.ts';
import { type DayOrder, needsOrder, orderEvidence } from './time-text.ts';

const QUOTE = 0x22;

/** Tables of devices, SIM cards, numbers, accounts, calls, sessions and places, as CSV, TSV or with semicolons. */
export const telecomTable: Format = {
  name: 'telecom-table',
  title:
    'Telecom and device tables: SIM and SIM-box inventories, registrations, call and data records, handset registers',
  version: '3',
  versions: 'recognised by its headings in eleven languages, or described by table.json beside it; UTF-8 or Latin-1',
  keyMaterial: 'none',
  authentication: 'none: nothing in a table shows who wrote it or whether it was changed',
  notCovered:
    'columns that neither headings nor a table profile explain keep their text; workbooks, UTF-16 and fixed width: telecom-sheet',
  portable: true,
  detect,
  prepare: async (file, context) => prepare(file, context),
  open: ({ state }, file): UnitDecoder => (state === null ? nothing : new TableDecoder(file, state as TableShape)),
  finish: ({ state }, summaries) => ({
    findings: state === null ? [] : tableFindings(state as TableShape, summaries as readonly TableSummary[]),
  }),
};

/** Of a plan without units. */
const nothing: UnitDecoder = {
  decode: () => {
    throw new Error('the plan has no units');
  },
  close: () => {},
};

function detect({ head }: Probe): Claim | null {
  const found = recognise(head);
  if (found === null) return null;
  return { confidence: 'likely', grounds: `its first line has the headings of a table of kind "${found.kind}"` };
}

function prepare(file: CaptureFile, context: DecodeContext): Plan {
  const read = readShape(file);
  if (typeof read === 'string') {
    const place = { path: file.name, offset: 0, length: file.source.length, row: null };
    const detail = `${read}; put a table.json beside the table that says what its columns are`;
    return {
      units: [],
      state: null,
      findings: [finding('FORMAT_UNKNOWN', place, { records: null, detail })],
      keyIds: [],
      profile: null,
    };
  }
  const splitter = new RowSplitter({ delimiter: read.delimiter, quote: QUOTE });
  const planner = new UnitPlanner(
    file.source,
    splitter,
    { offset: read.offset, row: 2 },
    context.progress ?? (() => {}),
  );
  const units = planner.plan();
  const states = units.map(({ state }) => state as UnitState);
  const columns = read.columns.map((column, i) => withOrder(file, read, states, { column, i }));
  const shape = { ...read, columns };
  return { units, state: shape, findings: columnFindings(shape), keyIds: [], profile: read.profile };
}

/** Which of two numbers is the day, proven by every cell of the column or left undecided: never guessed. */
function withOrder(
  file: CaptureFile,
  shape: TableShape,
  units: readonly UnitState[],
  { column, i }: { readonly column: Column; readonly i: number },
): Column {
  if (column.time === null || column.time.order !== 'undecided') return column;
  let day = false;
  let month = false;
  for (const unit of units) {
    if (unit.kind !== 'records') continue;
    let needed = false;
    for (const text of cellsOf(file, shape, unit, i)) {
      needed ||= needsOrder(text);
      const evidence = orderEvidence(text);
      day ||= evidence === 'd';
      month ||= evidence === 'm';
    }
    // A column of other forms in its first stretch is not looked at any further.
    if (!needed) break;
  }
  const order: DayOrder = day === month ? 'undecided' : day ? 'dmy' : 'mdy';
  return { ...column, time: { ...column.time, order } };
}

function* cellsOf(file: CaptureFile, shape: TableShape, unit: UnitState, column: number): Generator<string> {
  const bytes = asBuffer(file.source.read(unit.offset, unit.length));
  const dialect = { delimiter: shape.delimiter, quote: QUOTE };
  const splitter = new RowSplitter(dialect, Number.POSITIVE_INFINITY);
  splitter.complete = true;
  const scanner = new CsvScanner(
    shape.columns.map((_, i) => (i === column ? 0 : -1)),
    1,
    dialect,
  );
  for (let at = 0; at < bytes.length; ) {
    const next = splitter.next(bytes, at);
    if (scanner.scan(bytes, at, next)) yield scanner.values.text(0);
    at = next;
  }
}
