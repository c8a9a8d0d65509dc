import type { Finding } from '@custody/evidence';
import type { Unit } from '../format.ts';
import type { PageProblem, SqliteFile, SqliteTable } from '../sqlite/index.ts';
import { censusFindings } from './census-findings.ts';
import { RunScan } from './run-scan.ts';

/** A stretch of one table; no pages: the whole table (one WITHOUT ROWID). */
export interface RowPart {
  readonly table: string;
  readonly pages: Uint32Array;
}

/** How a database's rows are divided into units, and what the one reading of it all met. */
export interface RowPlan {
  readonly units: readonly Unit[];
  /** Readable rows of covered tables: what the units must decode. */
  readonly rows: number;
  readonly findings: readonly Finding[];
}

/** Rows that one unit takes: tables of few rows share a unit. */
const ROWS_A_UNIT = 4000;
const BYTES_A_UNIT: number = 16 * 2 ** 20;

/**
 * Reads every table of a database once and divides those that `covers` names into units, in the order of the schema.
 * Damage and tables that are not covered become findings with the number of their rows.
 */
export function planRows(file: SqliteFile, path: string, covers: (table: SqliteTable) => boolean): RowPlan {
  const problems: PageProblem[] = [...file.problems];
  const uncovered: { table: string; rows: number }[] = [];
  const examined: string[] = [];
  const units = new UnitCutter();
  let rows = 0;
  for (const table of file.tables) {
    if (table.name.toLowerCase().startsWith('sqlite_')) continue;
    const scan = new RunScan(table).finish();
    problems.push(...scan.problems);
    if (!covers(table)) {
      if (scan.rows > 0) uncovered.push({ table: table.name, rows: scan.rows });
      continue;
    }
    examined.push(table.name);
    rows += scan.rows;
    for (const stretch of scan.stretches) units.add({ table: table.name, pages: stretch.pages }, stretch);
  }
  const census = { parts: [], sides: [], current: null, owner: null, rows, uncovered, examined, problems };
  return { units: units.finish(), rows, findings: censusFindings(file, census, path) };
}

class UnitCutter {
  readonly #units: Unit[] = [];
  #parts: RowPart[] = [];
  #records = 0;
  #bytes = 0;

  add(part: RowPart, size: { readonly rows: number; readonly bytes: number }): void {
    if (size.rows === 0) return;
    if (this.#records + size.rows > ROWS_A_UNIT || this.#bytes + size.bytes > BYTES_A_UNIT) this.#close();
    this.#parts.push(part);
    this.#records += size.rows;
    this.#bytes += size.bytes;
  }

  finish(): readonly Unit[] {
    this.#close();
    return this.#units;
  }

  #close(): void {
    if (this.#parts.length > 0) {
      this.#units.push({ index: this.#units.length, records: this.#records, state: this.#parts });
    }
    this.#parts = [];
    this.#records = 0;
    this.#bytes = 0;
  }
}
