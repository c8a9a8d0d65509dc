import { readCreateTable } from './create-table.ts';
import type { SqliteHeader } from './header.ts';
import type { TreeKind } from './node.ts';
import type { NodeCache } from './node-cache.ts';
import { type PageProblem, ProblemLog } from './problem.ts';
import { StrayLeaves } from './stray-leaves.ts';
import { SqliteTable } from './table.ts';

/** A tree of the database that is no table: an index, also the automatic ones. */
export interface SqliteIndex {
  readonly name: string;
  readonly table: string;
  readonly rootPage: number;
}

export interface Schema {
  readonly tables: readonly SqliteTable[];
  readonly indexes: readonly SqliteIndex[];
  /** Names of virtual tables; what they hold stands in ordinary tables. */
  readonly virtualTables: readonly string[];
  readonly problems: readonly PageProblem[];
}

/** https://www.sqlite.org/fileformat2.html#storage_of_the_sql_database_schema */
const SCHEMA_SQL = 'CREATE TABLE sqlite_schema(type text, name text, tbl_name text, rootpage integer, sql text)';

const [TYPE, NAME, TABLE, ROOT, SQL] = [0, 1, 2, 3, 4] as const;

/** Reads the schema table, whose root is page 1. */
export function readSchema(nodes: NodeCache, header: SqliteHeader, path: string): Schema {
  const roots: { rootPage: number; kind: TreeKind }[] = [];
  const strays = new StrayLeaves({ header, nodes, roots });
  const base = { encoding: header.encoding, nodes, path, strays };
  const definition = readCreateTable(SCHEMA_SQL);
  const cursor = new SqliteTable({
    ...base,
    strays: null,
    name: 'sqlite_schema',
    sql: SCHEMA_SQL,
    rootPage: 1,
    definition,
  }).scan();
  const log = new ProblemLog(nodes.pages, null);
  const tables: SqliteTable[] = [];
  const indexes: SqliteIndex[] = [];
  const virtualTables: string[] = [];
  while (cursor.next()) {
    const name = cursor.text(NAME) ?? '';
    const rootPage = Number(cursor.int(ROOT) ?? 0);
    const sql = cursor.text(SQL) ?? '';
    if (cursor.text(TYPE) === 'index') {
      indexes.push({ name, table: cursor.text(TABLE) ?? '', rootPage });
      roots.push({ rootPage, kind: 'index' });
    }
    if (cursor.text(TYPE) !== 'table') continue;
    if (rootPage === 0) {
      virtualTables.push(name);
      continue;
    }
    const table = new SqliteTable({ ...base, name, sql, rootPage, definition: readCreateTable(sql) });
    if (table.columns.length === 0) {
      const reason = `the definition of table ${JSON.stringify(name.slice(0, 100))} is not understood`;
      log.add({ code: 'SCHEMA_DAMAGED', class: 'doubt', reason, rowsLost: 0 }, cursor.page, Number(cursor.rowid));
    }
    tables.push(table);
    roots.push({ rootPage, kind: table.withoutRowid ? 'index' : 'table' });
  }
  if (cursor.problems.length > 0) strays.giveUp();
  return { tables, indexes, virtualTables, problems: [...cursor.problems, ...log.items] };
}
