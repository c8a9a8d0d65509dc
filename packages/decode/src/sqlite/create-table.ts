import { type DefaultValue, readDefault } from './column-default.ts';
import { isMark, isWord, readSqlTokens, type SqlToken } from './sql-tokens.ts';

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
export type Affinity = 'integer' | 'text' | 'blob' | 'real' | 'numeric';

export interface ColumnDefinition {
  readonly name: string;
  /** As declared: `VARCHAR(20)`; empty where nothing was. */
  readonly type: string;
  readonly affinity: Affinity;
  /** Values of virtual generated columns are not stored. */
  readonly generated: 'virtual' | 'stored' | null;
  /** What rows older than the column show. */
  readonly defaultValue: DefaultValue;
}

/** What a CREATE TABLE says about how rows are stored. */
export interface TableDefinition {
  readonly columns: readonly ColumnDefinition[];
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  /** Column that is another name of the rowid, https://www.sqlite.org/lang_createtable.html#rowid */
  readonly rowidAlias: number | null;
  /** Columns of the primary key, in its order. */
  readonly primaryKey: readonly number[];
}

/** Longer definitions are not read: SQLITE_MAX_SQL_LENGTH is 10^6 by default (https://www.sqlite.org/limits.html). */
const MOST_SQL = 1_000_000;

/** SQLITE_MAX_COLUMN cannot be raised above this (same page). */
const MOST_COLUMNS = 32_767;

/** Reads a CREATE TABLE statement as it stands in the schema; null where it is none that can be understood. */
export function readCreateTable(sql: string): TableDefinition | null {
  if (sql.length > MOST_SQL) return null;
  const tokens = readSqlTokens(sql);
  const open = tokens.findIndex((token) => isMark(token, '('));
  if (open < 0 || !isWord(tokens[0], 'CREATE') || !tokens.slice(0, open).some((token) => isWord(token, 'TABLE')))
    return null;
  const close = closing(tokens, open);
  if (close < 0) return null;
  const options = tokens.slice(close + 1);
  const withoutRowid = options.some((token, at) => isWord(token, 'WITHOUT') && isWord(options[at + 1], 'ROWID'));
  const strict = options.some((token) => isWord(token, 'STRICT'));
  return readItems(splitAtCommas(tokens.slice(open + 1, close)), withoutRowid, strict);
}

function readItems(items: readonly SqlToken[][], withoutRowid: boolean, strict: boolean): TableDefinition | null {
  const definitions = items.filter((item) => !isConstraint(item[0]));
  const columns = definitions.map((item) => readColumn(item, strict));
  if (columns.length === 0 || columns.length > MOST_COLUMNS) return null;
  const key = readPrimaryKey(items, definitions, columns);
  const alias = key.columns.length === 1 && !key.descendingColumn && !withoutRowid ? key.columns[0]! : null;
  const isAlias = alias !== null && columns[alias]!.type.toUpperCase() === 'INTEGER';
  return { columns, withoutRowid, strict, rowidAlias: isAlias ? alias : null, primaryKey: key.columns };
}

function readColumn(item: readonly SqlToken[], strict: boolean): ColumnDefinition {
  const end = item.findIndex((_, at) => at > 0 && startsConstraint(item, at));
  const typeTokens = item.slice(1, end < 0 ? item.length : end);
  const constraints = end < 0 ? [] : item.slice(end);
  const type = typeOf(typeTokens);
  return {
    name: item[0]!.text,
    type,
    affinity: affinityOf(type, strict),
    generated: readGenerated(constraints),
    defaultValue: readDefault(constraints),
  };
}

/** The type as declared; SQLite takes quotes off a type that is quoted as a whole. */
function typeOf(tokens: readonly SqlToken[]): string {
  if (tokens.length === 1) return tokens[0]!.text;
  const parts = tokens.map((token) =>
    token.kind === 'name' || token.kind === 'string' ? `"${token.text}"` : token.text,
  );
  return parts.join(' ').replace(/ ?([(),]) ?/g, '$1');
}

/** Words that end a column's type (https://www.sqlite.org/syntax/column-constraint.html). */
const COLUMN_CONSTRAINTS: ReadonlySet<string> = new Set(
  'CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES AS'.split(' '),
);

function startsConstraint(item: readonly SqlToken[], at: number): boolean {
  const token = item[at]!;
  if (token.kind !== 'word') return false;
  const word = token.text.toUpperCase();
  return COLUMN_CONSTRAINTS.has(word) || (word === 'GENERATED' && isWord(item[at + 1], 'ALWAYS'));
}

function readGenerated(constraints: readonly SqlToken[]): 'virtual' | 'stored' | null {
  for (let at = 0; at < constraints.length; at = next(constraints, at)) {
    if (!isWord(constraints[at], 'AS') || !isMark(constraints[at + 1], '(')) continue;
    return isWord(constraints[next(constraints, at + 1)], 'STORED') ? 'stored' : 'virtual';
  }
  return null;
}

interface PrimaryKey {
  readonly columns: readonly number[];
  /** `x INTEGER PRIMARY KEY DESC` on the column is, by a quirk that was kept, no alias of the rowid. */
  readonly descendingColumn: boolean;
}

function readPrimaryKey(
  items: readonly SqlToken[][],
  definitions: readonly SqlToken[][],
  columns: readonly ColumnDefinition[],
): PrimaryKey {
  for (const item of items) {
    for (let at = 0; at < item.length; at = next(item, at)) {
      if (!isWord(item[at], 'PRIMARY') || !isWord(item[at + 1], 'KEY')) continue;
      if (isMark(item[at + 2], '(')) return { columns: keyColumns(item, at + 2, columns), descendingColumn: false };
      const column = definitions.indexOf(item);
      if (column >= 0) return { columns: [column], descendingColumn: isWord(item[at + 2], 'DESC') };
    }
  }
  return { columns: [], descendingColumn: false };
}

function keyColumns(item: readonly SqlToken[], open: number, columns: readonly ColumnDefinition[]): number[] {
  const inside = item.slice(open + 1, closing(item, open));
  const places = new Map(columns.map((column, at) => [column.name.toLowerCase(), at]));
  return splitAtCommas(inside).flatMap((part) => places.get(part[0]!.text.toLowerCase()) ?? []);
}

function affinityOf(type: string, strict: boolean): Affinity {
  const upper = type.toUpperCase();
  if (strict && upper === 'ANY') return 'blob';
  if (upper.includes('INT')) return 'integer';
  if (/CHAR|CLOB|TEXT/.test(upper)) return 'text';
  if (upper === '' || upper.includes('BLOB')) return 'blob';
  return /REAL|FLOA|DOUB/.test(upper) ? 'real' : 'numeric';
}

/** Table constraints begin with a reserved word, which no bare column name can be. */
function isConstraint(token: SqlToken | undefined): boolean {
  return token?.kind === 'word' && /^(CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)$/i.test(token.text);
}

function splitAtCommas(tokens: readonly SqlToken[]): SqlToken[][] {
  const items: SqlToken[][] = [];
  let item: SqlToken[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, '(')) depth++;
    if (isMark(token, ')')) depth--;
    if (depth === 0 && isMark(token, ',')) {
      items.push(item);
      item = [];
    } else item.push(token);
  }
  return [...items, item].filter((each) => each.length > 0);
}

/** The token after this one, or after the parentheses that begin here. */
function next(tokens: readonly SqlToken[], at: number): number {
  if (!isMark(tokens[at], '(')) return at + 1;
  const close = closing(tokens, at);
  return close < 0 ? tokens.length : close + 1;
}

function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isMark(tokens[at], '(')) depth++;
    if (isMark(tokens[at], ')') && --depth === 0) return at;
  }
  return -1;
}
