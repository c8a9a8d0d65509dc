import { utf8DecodeLossy } from '@custody/bytes';
import { readCreateTable } from '../../sqlite/create-table.ts';
import type { SqlValue, Statement } from './statement.ts';

/** A row of the backup's database with its columns by name; of a statement, and as short-lived as it. */
export class Row {
  readonly #table: Table;
  readonly #values: Statement;

  constructor(table: Table, values: Statement) {
    this.#table = table;
    this.#values = values;
  }

  get table(): string {
    return this.#table.name;
  }

  isOf(statement: Statement): boolean {
    return this.#values === statement;
  }

  get definition(): Table {
    return this.#table;
  }

  /** Value of the first of these columns that the table has; null where it has none. Names changed over the years. */
  value(...names: readonly string[]): SqlValue {
    for (const name of names) {
      const at = this.#table.columns.get(name);
      if (at !== undefined) return this.#values.value(at);
    }
    return null;
  }

  text(...names: readonly string[]): string | null {
    const value = this.value(...names);
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
  }

  /** UTF-8 of a text as it stands; null where the column holds none. */
  textBytes(name: string): Uint8Array | null {
    const at = this.#table.columns.get(name);
    return at === undefined ? null : this.#values.textBytes(at);
  }

  /** A whole number; null for anything else. Row ids and times fit into 53 bits. */
  number(...names: readonly string[]): number | null {
    return numberOf(this.value(...names));
  }

  /** As `number`, of the column at this place; null where it is below 0. */
  numberAt(i: number): number | null {
    if (i < 0) return null;
    return this.#values.safeInteger(i) ?? numberOf(this.#values.value(i));
  }

  textBytesAt(i: number): Uint8Array | null {
    return i < 0 ? null : this.#values.textBytes(i);
  }

  /** Whether the column at this place is zero, -1, empty or NULL. */
  isNothingAt(i: number): boolean {
    return this.#values.isNothing(i);
  }

  /** How many columns may say something; all others are zero, empty or NULL. */
  get saidCount(): number {
    return this.#values.saidCount;
  }

  /** The n-th of those columns. */
  saidAt(n: number): number {
    return this.#values.saidAt(n);
  }

  textAt(i: number): string | null {
    const value = i < 0 ? null : this.#values.value(i);
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
  }

  has(name: string): boolean {
    return this.#table.columns.has(name);
  }

  /** Places of the columns that are not among these; worked out once for a table. */
  others(placed: ReadonlySet<string>): readonly number[] {
    let known = others.get(this.#table);
    if (known?.placed !== placed) {
      const { names } = this.#table;
      known = { placed, columns: [...names.keys()].filter((i) => isOther(this.#table, i, placed)) };
      others.set(this.#table, known);
    }
    return known.columns;
  }

  nameAt(i: number): string {
    return this.#table.names[i] as string;
  }

  valueAt(i: number): SqlValue {
    return this.#values.value(i);
  }
}

/** A table that names a column twice is no table of SQLite: the last one counts, as everywhere. */
function isOther({ names, columns }: Table, i: number, placed: ReadonlySet<string>): boolean {
  const name = names[i] as string;
  return !placed.has(name) && columns.get(name) === i;
}

function numberOf(value: SqlValue): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}

const others = new WeakMap<Table, { readonly placed: ReadonlySet<string>; readonly columns: readonly number[] }>();

export interface Table {
  readonly name: string;
  readonly columns: ReadonlyMap<string, number>;
  /** Columns in their order. */
  readonly names: readonly string[];
}

/** Most tables of one database that are kept track of; Signal has some 60. */
const MOST_TABLES = 1000;

/** Tables as the backup's own CREATE statements have them: no version is assumed. */
export class Schema {
  readonly tables: Map<string, Table>;
  /** The last statement that was looked at: rows of a table come one after the other, under the same one. */
  #sql = new DataView(new ArrayBuffer(0));
  #name: string | null = null;
  #row: Row | null = null;

  constructor(tables: ReadonlyMap<string, Table> = new Map()) {
    this.tables = new Map(tables);
  }

  /** Takes a CREATE TABLE in; false for any other statement. */
  create(sql: string): boolean {
    const name = /^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?["'`[]?([\w$]+)/i.exec(sql)?.[1];
    if (name === undefined) return false;
    const definition = readCreateTable(sql);
    if (definition === null || this.tables.size >= MOST_TABLES) return true;
    const names = definition.columns.map((column) => column.name);
    this.tables.set(name, { name, names, columns: new Map(names.map((column, i) => [column, i])) });
    return true;
  }

  /** Name of the table that a statement is for, where it is an INSERT. */
  tableOf(statement: Statement): string | null {
    if (!statement.hasSql(this.#sql)) {
      const sql = statement.sql.slice();
      this.#sql = new DataView(sql.buffer);
      this.#name = tableOf(utf8DecodeLossy(sql));
    }
    return this.#name;
  }

  /**
   * The row of an INSERT, whose table `tableOf` gave; null where it is none, or its table is unknown or has fewer columns
   * than values. One object for all rows of a table that come one after the other.
   */
  row(statement: Statement, name: string | null = this.tableOf(statement)): Row | null {
    const table = this.tables.get(name ?? '');
    if (table === undefined || statement.count > table.names.length) return null;
    if (this.#row?.definition !== table || !this.#row.isOf(statement)) this.#row = new Row(table, statement);
    return this.#row;
  }
}

/** Name of the table that an INSERT is for. */
function tableOf(sql: string): string | null {
  return /^\s*INSERT\s+INTO\s+["'`[]?([\w$]+)/i.exec(sql.slice(0, 200))?.[1] ?? null;
}
