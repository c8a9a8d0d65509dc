import { FormatError } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { CaptureFile } from '../format.ts';
import { finding } from '../make-finding.ts';
import type { Container } from '../profile/profile.ts';
import { openSqlite, type PageProblem, type RowCursor, type SqliteFile, type SqliteTable } from '../sqlite/index.ts';
import { ContainerFailure } from './container-failure.ts';
import type { ContainerReport } from './container-report.ts';
import type { RecordStore } from './record-store.ts';

/** The rows of one table of a SQLite database, its write-ahead log applied. Blobs become hex. */
export function readSqliteRows(
  file: CaptureFile,
  { table: name }: Extract<Container, { kind: 'sqlite' }>,
  store: RecordStore,
): ContainerReport {
  const database = open(file);
  const table = database.table(name);
  if (table === null) {
    const names = database.tables.map((one) => one.name).join(', ');
    throw new ContainerFailure(`the database has no table "${name}"; it has ${names}`);
  }
  const columns = table.columns.map((column) => column.name);
  const rows = table.scan();
  for (let row = 1; rows.next(); row++) addRow(rows, { columns, row, store });
  const problems = [...database.problems, ...rows.problems];
  return {
    columns,
    lost: [],
    findings: [...problems.map((one) => problemFinding(file.name, one)), ...others(file, database, table)],
  };
}

function open(file: CaptureFile): SqliteFile {
  try {
    const base = file.name.slice(file.name.lastIndexOf('/') + 1);
    return openSqlite(file.source, { path: file.name, wal: file.beside?.(`${base}-wal`) ?? null });
  } catch (error) {
    if (error instanceof FormatError) throw new ContainerFailure(`no SQLite database: ${error.message}`);
    throw error;
  }
}

function addRow(
  rows: RowCursor,
  { columns, row, store }: { columns: readonly string[]; row: number; store: RecordStore },
): void {
  const { path, offset, length } = rows.locator();
  store.within(path);
  const place = {
    row: typeof rows.rowid === 'number' && rows.rowid > 0 ? rows.rowid : row,
    offset: offset ?? 0,
    length: length ?? 0,
  };
  const parts = columns.map((name, i) => `${JSON.stringify(name)}:${jsonValue(rows, i)}`);
  store.add(Buffer.from(`{${parts.join(',')}}`), place, rows.record());
}

function jsonValue(rows: RowCursor, column: number): string {
  const value = rows.value(column);
  if (value instanceof Uint8Array)
    return `"${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}"`;
  if (typeof value === 'bigint') return value.toString();
  // JSON has no infinity.
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  return JSON.stringify(value);
}

function problemFinding(
  path: string,
  { code, class: fate, reason, rowsLost, offset, length, table }: PageProblem,
): Finding {
  const where = table === null ? '' : ` (table ${table})`;
  return finding(
    'PAGE_DAMAGED',
    { path, offset, length, row: null },
    { records: rowsLost, class: fate, detail: `${code}: ${reason}${where}` },
  );
}

/** Tables that the profile does not describe are named, with nothing of them read. */
function others(file: CaptureFile, { tables }: SqliteFile, { name }: SqliteTable): Finding[] {
  const names = tables
    .filter((table) => table.name !== name && !table.name.startsWith('sqlite_'))
    .map((table) => table.name);
  if (names.length === 0) return [];
  const detail = `tables that the profile does not describe: ${names.slice(0, 50).join(', ')}${names.length > 50 ? ` and ${names.length - 50} more` : ''}`;
  return [finding('BYTES_NOT_EXAMINED', file.name, { records: null, detail })];
}
