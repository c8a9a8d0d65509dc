import { CustodyError } from '@custody/bytes';
import type { Finding } from '@custody/evidence';
import type { Plan, Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { RunScan } from '../../row-store/run-scan.ts';
import type { Scratch, ScratchHandle } from '../../scratch.ts';
import { openSqlite, type PageProblem, type SqliteFile } from '../../sqlite/index.ts';
import { type People, readPeople } from './people.ts';
import { rowWriters } from './row-writers.ts';

export interface StoreState {
  readonly handle: ScratchHandle;
  readonly wal: ScratchHandle | null;
  readonly path: string;
  readonly people: People;
}

export interface StoreUnit {
  readonly table: string;
  readonly pages: Uint32Array;
}

export interface StoreFile {
  readonly handle: ScratchHandle;
  readonly wal: ScratchHandle | null;
  readonly path: string;
  readonly userId: string | null;
}

/** Reads every table once: units for those that are covered, counts for the others. */
export function planStore(scratch: Scratch, { handle, wal, path, userId }: StoreFile): Plan {
  const base = { keyIds: [], profile: null };
  try {
    const file = openSqlite(scratch.open(handle), { path, wal: wal === null ? null : scratch.open(wal) });
    if (file.table('Messages') === null) return { ...base, units: [], state: null, findings: [unknown(path)] };
    const { units, findings } = survey(file, path);
    const state: StoreState = { handle, wal, path, people: readPeople(file, userId) };
    return { ...base, units, state, findings };
  } catch (error) {
    if (!(error instanceof CustodyError) || error.family !== 'format') throw error;
    return { ...base, units: [], state: null, findings: [unknown(path)] };
  }
}

function unknown(path: string): Finding {
  const detail = 'The backup opens, but what it holds is no database of Wire for Android.';
  return finding('FORMAT_UNKNOWN', path, { records: null, detail });
}

function survey(file: SqliteFile, path: string): { readonly units: Unit[]; readonly findings: Finding[] } {
  const units: Unit[] = [];
  const problems: PageProblem[] = [...file.problems];
  const findings: Finding[] = [];
  const covered = [...rowWriters.keys()];
  for (const name of covered) {
    const table = file.table(name);
    if (table === null) continue;
    const scan = new RunScan(table).finish();
    problems.push(...scan.problems);
    for (const { pages, rows } of scan.stretches) {
      if (rows === 0) continue;
      const state: StoreUnit = { table: name, pages };
      units.push({ index: units.length, records: rows, state });
    }
  }
  for (const table of file.tables) {
    if (covered.includes(table.name) || table.name.startsWith('sqlite_')) continue;
    const cursor = table.scan();
    let rows = 0;
    while (cursor.next()) rows++;
    problems.push(...cursor.problems);
    const detail = `Table ${table.name.slice(0, 60)}: ${rows} rows are not decoded.`;
    if (rows > 0) findings.push(finding('NOT_COVERED', path, { records: rows, detail }));
  }
  return { units, findings: [...problems.map((problem) => damage(problem, path)), ...findings] };
}

function damage(
  { table, page, rowsLost, offset, length, origin, reason, class: of }: PageProblem,
  path: string,
): Finding {
  const where = `${table === null ? 'The database' : `Table ${table.slice(0, 60)}`}${page === null ? '' : `, page ${page}`}`;
  const place = { path: origin === 'wal' ? `${path}-wal` : path, offset, length, row: null };
  return finding('PAGE_DAMAGED', place, { class: of, records: rowsLost, detail: `${where}: ${reason}.` });
}
