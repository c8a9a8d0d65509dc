import type { CsvRow } from './csv-rows.ts';

/** Columns of a table by name, as its own header row has them: versions add, drop and reorder columns. */
export class TableHeader {
  readonly names: readonly string[];
  readonly #at: ReadonlyMap<string, number>;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#at = new Map(names.map((name, at) => [foldName(name), at]));
  }

  has(name: string): boolean {
    return this.#at.has(foldName(name));
  }

  at(name: string): number {
    return this.#at.get(foldName(name)) ?? -1;
  }
}

function foldName(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/** A row with its fields by column name. */
export class TableRow {
  readonly csv: CsvRow;
  readonly header: TableHeader;
  readonly #fields: readonly string[];

  constructor(csv: CsvRow, fields: readonly string[], header: TableHeader) {
    this.csv = csv;
    this.header = header;
    this.#fields = fields;
  }

  /** The first of these columns that the table has and that is not empty; null where there is none. */
  text(...names: readonly string[]): string | null {
    for (const name of names) {
      const value = this.#fields[this.header.at(name)];
      if (value !== undefined && value !== '') return value;
    }
    return null;
  }

  /** `1` or `true`: versions write either. */
  isSet(name: string): boolean {
    const value = this.text(name);
    return value === '1' || value?.toLowerCase() === 'true';
  }

  /** Column names with what is not empty. */
  *entries(): Generator<readonly [name: string, value: string]> {
    for (const [at, name] of this.header.names.entries()) {
      const value = this.#fields[at];
      if (value !== undefined && value !== '') yield [name, value];
    }
  }
}
