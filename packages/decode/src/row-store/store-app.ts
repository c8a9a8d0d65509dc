import type { Authentication, Finding } from '@custody/evidence';
import type { ByteSource } from '../byte-source.ts';
import type { Counts, Plan, Unit, UnitDecoder } from '../format.ts';
import { finding } from '../make-finding.ts';
import type { Scratch, ScratchHandle } from '../scratch.ts';
import type { SqliteFile, SqliteTable } from '../sqlite/index.ts';
import { PairIndex } from './pair-index.ts';
import { PairWriter } from './pair-writer.ts';
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
  /** What `StoreApp.index` sorted under a name. */
  readonly index: (name: string) => PairIndex;
}

/** What a plan is made with, and opened with. */
export interface StoreTools {
  readonly apps: readonly StoreApp[];
  readonly scratch: Scratch;
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
  /** Names of the indexes over rows of one table that rows of others need: memory does not grow with their number. */
  readonly indexes?: readonly string[];
  /** Once a plan: fills the indexes, by their names. */
  index?(file: SqliteFile, into: (name: string) => PairWriter): void;
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
  readonly indexes: Readonly<Record<string, ScratchHandle>>;
}

/** Units and findings of a database for the first app that knows it. */
export function planStore(
  file: SqliteFile,
  path: string,
  { apps, scratch }: StoreTools,
): { readonly units: readonly Unit[]; readonly findings: readonly Finding[]; readonly state: StoreState } | null {
  const app = apps.find((one) => one.isOwn(file));
  if (app === undefined) return null;
  const { units, rows, findings } = planRows(file, path, (table) => app.covers(table));
  return { units, findings, state: { app: app.name, path, rows, indexes: indexesOf(app, file, scratch) } };
}

function indexesOf(app: StoreApp, file: SqliteFile, scratch: Scratch): StoreState['indexes'] {
  const names = app.indexes ?? [];
  const writers = new Map(names.map((name) => [name, new PairWriter(scratch)]));
  app.index?.(file, (name) => named(writers, name));
  return Object.fromEntries([...writers].map(([name, writer]) => [name, writer.finish()]));
}

function named<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) throw new Error(`no index ${name}`);
  return found;
}

export function openStore(
  scope: Omit<StoreScope, 'index'>,
  state: StoreState,
  { apps, scratch }: StoreTools,
): UnitDecoder {
  const app = apps.find((one) => one.name === state.app);
  if (app === undefined) throw new Error(`no app ${state.app}`);
  const indexes = new Map(
    Object.entries(state.indexes).map(([name, handle]) => [name, new PairIndex(scratch.open(handle))]),
  );
  return new RowDecoder(scope.file, app.open({ ...scope, index: (name) => named(indexes, name) }));
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
