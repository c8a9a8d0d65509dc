import type { Authentication, Finding } from '@custody/evidence';
import type { ByteSource } from '../byte-source.ts';
import type { Counts, Plan, Unit, UnitDecoder } from '../format.ts';
import { finding } from '../make-finding.ts';
import type { SqliteFile, SqliteTable } from '../sqlite/index.ts';
import { plainRowWriter } from './plain-row.ts';
import { planRows } from './plan-rows.ts';
import { RowDecoder, type RowWriter } from './row-decoder.ts';
import { closingFindings } from './row-findings.ts';
import { joinTallies, type RowTally } from './row-tally.ts';

/** What the writers of one database share. */
export interface StoreScope {
  readonly file: SqliteFile;
  readonly authentication: Authentication;
  /** A file that a row names, by a path of the app's own; null where the capture lacks it. */
  readonly attached: (path: string) => ByteSource | null;
}

/** An app, as its database shows it. Schemas are told by the names of tables and columns, over all their versions. */
export interface StoreApp {
  readonly name: string;
  /** Whether the database is of this app. */
  isOwn(file: SqliteFile): boolean;
  /** Whether rows of a table are decoded; others are counted as not covered. */
  covers(table: SqliteTable): boolean;
  /** Paths, as rows write them, of files that rows name. */
  filesNamed?(file: SqliteFile): Iterable<string>;
  /** Once a thread; the writer of each covered table. */
  open(scope: StoreScope): (table: SqliteTable) => RowWriter;
}

/** A database of no app that this build knows: every row of every table is a note. */
export const plainStore: StoreApp = {
  name: 'plain',
  isOwn: () => true,
  covers: (table) => table.columns.length > 0,
  open: (scope) => {
    // Tables of full-text indexes repeat what other tables hold, but nobody knows that of a stranger's database.
    return (table) => plainRowWriter(table, 'sqlite', scope.authentication);
  },
};

/** Survives cloning. */
export interface StoreState {
  readonly app: string;
  readonly path: string;
  /** Rows that the units together must decode. */
  readonly rows: number;
}

/** Units and findings of a database for the first app that knows it. */
export function planStore(
  file: SqliteFile,
  path: string,
  apps: readonly StoreApp[],
): { readonly units: readonly Unit[]; readonly findings: readonly Finding[]; readonly state: StoreState } | null {
  const app = apps.find((one) => one.isOwn(file));
  if (app === undefined) return null;
  const { units, rows, findings } = planRows(file, path, (table) => app.covers(table));
  return { units, findings, state: { app: app.name, path, rows } };
}

export function openStore(scope: StoreScope, state: StoreState, apps: readonly StoreApp[]): UnitDecoder {
  const app = apps.find((one) => one.name === state.app);
  if (app === undefined) throw new Error(`no app ${state.app}`);
  return new RowDecoder(scope.file, app.open(scope));
}

/** `Format.combine`: tallies are sums. */
export function combineStore(_plan: unknown, earlier: unknown, later: unknown): unknown {
  return joinTallies(earlier as RowTally, later as RowTally);
}

export function finishStore(
  state: StoreState | null,
  summaries: readonly unknown[],
): { readonly findings: readonly Finding[]; readonly counts?: Counts } {
  if (state === null) return { findings: [] };
  return { findings: closingFindings(summaries as readonly RowTally[], state.rows, state.path) };
}

/** A plan without units and the finding that says why. */
export function nothingDecoded(code: Finding['code'], path: string, detail: string): Plan {
  return failedPlan(finding(code, path, { records: null, detail }));
}

export function failedPlan(...findings: readonly Finding[]): Plan {
  return { units: [], state: null, findings, keyIds: [], profile: null };
}
