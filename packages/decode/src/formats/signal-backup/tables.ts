import { readCreateTable } from '../../sqlite/create-table.ts';
import type { SqlValue } from './frame.ts';

/** A row of the backup's database with its columns by name. */
export class Row {
  readonly table: string;
  readonly #columns: ReadonlyMap<string, number>;
  readonly #values: readonly SqlValue[];

  constructor(table: Table, values: readonly SqlValue[]) {
    this.table = table.name;
    this.#columns = table.columns;
    this.#values = values;
  }

  /** Value of the first of these columns that the table has; null where it has none. Names changed over the years. */
  value(...names: readonly string[]): SqlValue {
    const name = names.find((one) => this.#columns.has(one));
    return name === undefined ? null : (this.#values[this.#columns.get(name) as number] ?? null);
  }

  text(...names: readonly string[]): string | null {
    const value = this.value(...names);
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
  }

  /** A whole number; null for anything else. Row ids and times fit into 53 bits. */
  number(...names: readonly string[]): number | null {
    const value = this.value(...names);
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
    return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /** Columns in their order, with their values. */
  *entries(): Generator<readonly [name: string, value: SqlValue]> {
    for (const [name, at] of this.#columns) yield [name, this.#values[at] ?? null];
  }
}

export interface Table {
  readonly name: string;
  readonly columns: ReadonlyMap<string, number>;
}

/** Most tables of one database that are kept track of; Signal has some 60. */
const MOST_TABLES = 1000;

/** Tables as the backup's own CREATE statements have them: no version is assumed. */
export class Schema {
  readonly tables: Map<string, Table>;

  constructor(tables: ReadonlyMap<string, Table> = new Map()) {
    this.tables = new Map(tables);
  }

  /** Takes a CREATE TABLE in; false for any other statement. */
  create(sql: string): boolean {
    const name = /^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?["'`[]?([\w$]+)/i.exec(sql)?.[1];
    if (name === undefined) return false;
    const definition = readCreateTable(sql);
    if (definition === null || this.tables.size >= MOST_TABLES) return true;
    this.tables.set(name, { name, columns: new Map(definition.columns.map((column, i) => [column.name, i])) });
    return true;
  }

  /** The row of an INSERT; null where the statement is none, or its table is unknown or has fewer columns than values. */
  row(sql: string, values: readonly SqlValue[]): Row | null {
    const table = this.tables.get(tableOf(sql) ?? '');
    return table === undefined || values.length > table.columns.size ? null : new Row(table, values);
  }
}

/** Name of the table that an INSERT is for. */
export function tableOf(sql: string): string | null {
  return /^\s*INSERT\s+INTO\s+["'`[]?([\w$]+)/i.exec(sql.slice(0, 200))?.[1] ?? null;
}
