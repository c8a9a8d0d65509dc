import { CustodyError } from '@custody/bytes';
import { readCreateTable, type TableDefinition } from './create-table.ts';
import { geometryOf } from './geometry.ts';
import { readHeader, type SqliteHeader } from './header.ts';
import { NodeCache } from './node-cache.ts';
import { childOf } from './node-keys.ts';
import { PageSet } from './page-set.ts';
import { isFault, type PageSource } from './page-source.ts';
import { type PageProblem, ProblemLog } from './problem.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { SqliteTable } from './table.ts';
import { countUnexamined } from './unexamined.ts';

/** Columns of the schema table, https://www.sqlite.org/fileformat2.html#storage_of_the_sql_database_schema */
const [TYPE, NAME, ROOT, SQL, SCHEMA_COLUMNS] = [0, 1, 3, 4, 5] as const;
const SCHEMA_TYPES: ReadonlySet<string | null> = new Set(['table', 'index', 'view', 'trigger']);

interface LostOptions {
  readonly path: string;
  readonly cachePages?: number;
  /** Bytes at the end of each page that are not SQLite's: where page 1 is lost, so is the header that says so. */
  readonly reserved: number;
}

/** Whether pages of the schema behind the first could not be read: tables are missing from the file's list then. */
export function hasLostSchema({ problems }: SqliteFile): boolean {
  return problems.some(({ table, rowsLost }) => table === 'sqlite_schema' && rowsLost !== 0);
}

/**
 * Opens a database whose first page, or another one of its schema, is lost. Its table trees are told by their pages: one that no other leads to is a
 * root. Pages of the schema that are left give names back; other tables are named by their root, their columns by
 * number. Without page 1 UTF-8 is taken for the encoding. WITHOUT ROWID tables without a name cannot be told from indexes and are not read; free pages
 * may still hold what was deleted, and are read as what they look like.
 */
export function openWithoutSchema(pages: PageSource, options: LostOptions): SqliteFile {
  const { path } = options;
  const header = headerOf(pages) ?? headerFor(pages, options.reserved);
  const nodes = new NodeCache(pages, geometryOf(header, pages), options.cachePages ?? 256);
  const base = { encoding: header.encoding, nodes, path, strays: null };
  const open = (rootPage: number, name: string, sql: string, definition: TableDefinition | null): SqliteTable =>
    new SqliteTable({ ...base, name, sql, rootPage, definition });
  const roots = rootsOf(nodes);
  const named = new Map<number, { readonly name: string; readonly sql: string }>();
  const tables: SqliteTable[] = [];
  const unnamed: number[] = [];
  for (const root of roots) if (!readSchemaLeaf(open(root, 'schema', '', null), named)) unnamed.push(root);
  for (const root of unnamed) {
    const known = named.get(root);
    if (known !== undefined) tables.push(open(root, known.name, known.sql, readCreateTable(known.sql)));
    else {
      const sql = numberedColumns(open(root, 'unnamed', '', null));
      tables.push(open(root, `page ${root}`, sql, readCreateTable(sql)));
    }
  }
  // Roots of tables WITHOUT ROWID look like those of indexes: only a name that is left tells them.
  for (const [root, { name, sql }] of named) {
    const definition = readCreateTable(sql);
    if (definition?.withoutRowid === true) tables.push(open(root, name, sql, definition));
  }
  const byName = new Map(tables.map((table) => [table.name.toLowerCase(), table]));
  const problems = [lostNames(pages, unnamed.filter((root) => !named.has(root)).length)];
  const whole = { header, nodes, tables, indexes: [], pages: pages.pageCount, trailingBytes: 0 };
  return {
    ...{ header, encoding: header.encoding, tables, indexes: [], virtualTables: [], problems, wal: null },
    table: (name) => byName.get(name.toLowerCase()) ?? null,
    unexamined: (examined) => countUnexamined(whole, examined),
  };
}

/** The header; null where page 1 is lost or says nothing that fits its pages. */
function headerOf(pages: PageSource): SqliteHeader | null {
  const first = pages.read(1);
  if (isFault(first)) return null;
  try {
    const header = readHeader(first);
    return header.pageSize === pages.pageSize ? header : null;
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
}

/** What can be said of a header that is not there. */
function headerFor(pages: PageSource, reserved: number): SqliteHeader {
  const { pageSize, pageCount } = pages;
  return {
    ...{ pageSize, reserved, usable: pageSize - reserved, declaredPages: pageCount, firstFreeTrunk: 0, freePages: 0 },
    ...{ encoding: 'utf-8', pointerMaps: false, schemaFormat: 4, userVersion: 0, applicationId: 0, writerVersion: 0 },
    oddities: [],
  };
}

/** Table pages that no other table page leads to, ascending. */
function rootsOf(nodes: NodeCache): number[] {
  const children = new PageSet();
  const found: number[] = [];
  for (let page = 2; page <= nodes.geometry.pageCount; page++) {
    const node = nodes.read(page, 'table');
    if (isFault(node) || (node.leaf && node.cellCount === 0)) continue;
    found.push(page);
    for (let at = 0; !node.leaf && at <= node.cellCount; at++) {
      const child = childOf(node, at);
      if (child !== null && child > 1 && child <= nodes.geometry.pageCount) children.add(child);
    }
  }
  return found.filter((page) => !children.has(page));
}

/** Whether a tree is a part of the schema table; its tables are then added to `named`. */
function readSchemaLeaf(
  tree: SqliteTable,
  named: Map<number, { readonly name: string; readonly sql: string }>,
): boolean {
  const rows: (readonly [root: number, name: string, sql: string])[] = [];
  const cursor = new SchemaRows(tree);
  for (let row = cursor.next(); row !== null; row = cursor.next()) {
    if (row === 'other') return false;
    if (row.type === 'table' && row.root > 1) rows.push([row.root, row.name, row.sql]);
  }
  for (const [root, name, sql] of rows) named.set(root, { name, sql });
  return cursor.count > 0;
}

const SCHEMA_DEFINITION = readCreateTable(
  'CREATE TABLE s(type text, name text, tbl_name text, rootpage integer, sql text)',
);

class SchemaRows {
  count = 0;
  readonly #cursor: ReturnType<SqliteTable['scan']>;

  constructor(tree: SqliteTable) {
    this.#cursor = tree.withDefinition(SCHEMA_DEFINITION).scan();
  }

  next():
    | { readonly type: string; readonly name: string; readonly root: number; readonly sql: string }
    | 'other'
    | null {
    if (!this.#cursor.next()) return null;
    this.count++;
    const type = this.#cursor.text(TYPE);
    const name = this.#cursor.text(NAME);
    if (this.#cursor.storedValues !== SCHEMA_COLUMNS || !SCHEMA_TYPES.has(type) || name === null) return 'other';
    const root = Number(this.#cursor.int(ROOT) ?? 0);
    return { type: type as string, name, root, sql: this.#cursor.text(SQL) ?? '' };
  }
}

/** A definition with as many columns as the first readable row has values. */
function numberedColumns(tree: SqliteTable): string {
  const cursor = tree.scan();
  const count = cursor.next() ? Math.max(1, cursor.storedValues) : 1;
  const names = Array.from({ length: count }, (_, i) => `column${i + 1}`);
  return `CREATE TABLE "page ${tree.rootPage}" (${names.join(', ')})`;
}

function lostNames(pages: PageSource, unnamed: number): PageProblem {
  const log = new ProblemLog(pages, null);
  const reason =
    `pages that name the tables are lost: tables were told by their pages, and ${unnamed} of them have no name; tables WITHOUT ROWID ` +
    'that have none are not read, and rows of pages that were free may be among those shown';
  log.add({ code: 'SCHEMA_DAMAGED', class: 'lost', reason, rowsLost: null }, 1);
  return log.items[0] as PageProblem;
}
