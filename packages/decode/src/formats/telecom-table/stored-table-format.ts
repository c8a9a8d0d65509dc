import { hexEncode, sha256 } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import { ContainerFailure } from '../../containers/container-failure.ts';
import { RecordStore } from '../../containers/record-store.ts';
import type { CaptureFile, Claim, DecodeContext, Format, Plan, Probe, Unit, UnitDecoder } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { columnFindings } from './column-findings.ts';
import { recogniseBelow, type TableShape } from './read-shape.ts';
import { headOf, readTextTable } from './read-text-table.ts';
import { readWorkbook, type StoredSource, type StoredTables } from './read-workbook.ts';
import { type StoredSummary, StoredTableDecoder, type StoredUnit } from './stored-decoder.ts';
import { readTableProfile, tableProfileBeside } from './table-profile.ts';
import { tableFindings } from './table-summary.ts';

interface State {
  readonly tables: readonly TableShape[];
  readonly store: Parameters<DecodeContext['scratch']['open']>[0];
}

/** Telecom tables whose rows must be turned into cells first. */
export const telecomSheet: Format = {
  name: 'telecom-sheet',
  title:
    'Telecom and device tables in workbooks (XLSX), in UTF-16 and other encodings, below a title, or of fixed width',
  version: '2',
  versions: 'each sheet by its headings, as telecom-table; fixed width and other encodings as table.json says',
  keyMaterial: 'none',
  authentication: 'none: nothing in a table shows who wrote it or whether it was changed',
  notCovered:
    'XLS, XLSB and ODS; sheets without headings; comments, hidden text and earlier versions inside a workbook',
  detect,
  prepare,
  open: ({ state }, _file, { scratch }) => {
    if (state === null) return nothing;
    const { tables, store } = state as State;
    return new StoredTableDecoder(tables, scratch.open(store));
  },
  finish: ({ state }, summaries) => {
    if (state === null) return { findings: [] };
    const all = summaries as readonly StoredSummary[];
    const of = (table: number) => all.filter((summary) => summary.table === table);
    return { findings: (state as State).tables.flatMap((shape, i) => tableFindings(shape, of(i))) };
  },
};

/** Of a plan without units. */
const nothing: UnitDecoder = {
  decode: () => {
    throw new Error('the plan has no units');
  },
  close: () => {},
};

function detect(probe: Probe): Claim | null {
  const { head, tail, name } = probe;
  if (isZip(head)) {
    const isWorkbook = [head, tail].some((bytes) => Buffer.from(bytes).includes('xl/workbook.xml'));
    return isWorkbook ? { confidence: 'likely', grounds: 'an XLSX workbook: its sheets are looked at' } : null;
  }
  const own = name.slice(name.lastIndexOf('/') + 1);
  const beside = probe.beside?.(`${own}.table.json`) ?? null;
  if (beside !== null && isStoredText(beside)) {
    return { confidence: 'certain', grounds: 'a table profile beside it says where its fields stand' };
  }
  const encoding = encodingOf(head);
  const source = { length: head.length, read: (at: number, size: number) => head.subarray(at, at + size) };
  const found = recogniseBelow(headOf({ source }, encoding, encoding === 'utf-8' ? 0 : 2));
  if (found === null) return null;
  return { confidence: 'likely', grounds: `a table of kind "${found.kind}" in ${encoding}, by its headings` };
}

/** By the byte order mark of UTF-16. */
function encodingOf(head: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}

function isStoredText(beside: ByteSource): boolean {
  try {
    const { fixed, encoding, headerRow } = readTableProfile(beside.read(0, beside.length).slice());
    return fixed !== undefined || headerRow !== undefined || (encoding !== undefined && encoding !== 'utf-8');
  } catch {
    return false;
  }
}

async function prepare(file: CaptureFile, { scratch, progress }: DecodeContext): Promise<Plan> {
  const beside = tableProfileBeside(file);
  const profileHash = beside === null ? null : hexEncode(sha256(beside.bytes));
  const out = scratch.create();
  const store = new RecordStore(out, file.name);
  const options: StoredSource = { store, scratch, profile: beside?.profile ?? null, profileHash };
  const read = await readTables(file, options);
  store.flush();
  progress?.(file.source.length, file.source.length);
  if (typeof read === 'string' || read.tables.length === 0) {
    out.discard();
    const why = typeof read === 'string' ? read : 'no sheet has the headings of a telecom table';
    const more = typeof read === 'string' ? [] : read.findings;
    return { units: [], state: null, findings: [unknown(file, why), ...more], keyIds: [], profile: profileHash };
  }
  const state: State = { tables: read.tables, store: out.finish() };
  const findings = [...read.findings, ...read.tables.flatMap(columnFindings), ...absent(file, options, read.tables)];
  return { units: unitsOf(read, store), state, findings, keyIds: [], profile: profileHash };
}

async function readTables(file: CaptureFile, options: StoredSource): Promise<StoredTables | string> {
  try {
    return isZip(file.source.read(0, 4)) ? await readWorkbook(file, options) : readTextTable(file, options);
  } catch (error) {
    if (error instanceof ContainerFailure) return error.message;
    throw error;
  }
}

function unitsOf({ tables, lost }: StoredTables, { blocks }: RecordStore): Unit[] {
  const tableAt = (path: string) => tables.findIndex((shape) => shape.path === path);
  const rows = blocks
    .filter(({ path }) => tableAt(path) >= 0)
    .map((stored): StoredUnit => ({ table: tableAt(stored.path), stored, lost: null }));
  const gone = lost.map(({ path, stretch }): StoredUnit => ({ table: tableAt(path), stored: null, lost: stretch }));
  return [...rows, ...gone.filter(({ table }) => table >= 0)].map((state, index) => ({
    index,
    records: state.stored?.count ?? null,
    state,
  }));
}

function unknown(file: CaptureFile, why: string): Finding {
  const place = { path: file.name, offset: 0, length: file.source.length, row: null };
  const detail = `${why}; put a table.json beside the table that says what its columns are`;
  return finding('FORMAT_UNKNOWN', place, { records: null, detail });
}

/** Columns that the table profile names and no table has. */
function absent(file: CaptureFile, { profile }: StoredSource, tables: readonly TableShape[]): Finding[] {
  const names = new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const missing = Object.keys(profile?.columns ?? {}).filter((name) => !names.has(name));
  if (missing.length === 0) return [];
  const detail = `the table profile names columns that no table has: ${missing.slice(0, 20).join(', ')}`;
  return [finding('REFERENCED_BUT_ABSENT', file.name, { records: null, detail, class: 'note' })];
}
