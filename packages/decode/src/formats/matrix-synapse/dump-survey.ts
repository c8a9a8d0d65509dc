import type { Finding } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile, DecodeContext, Unit } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import { lacksItsEnd } from '../../sql-dump/dump-end.ts';
import { readSqlRow, SqlRowRefused } from '../../sql-dump/read-sql-row.ts';
import { type RowPlace, scanSql } from '../../sql-dump/scan-sql.ts';
import { parseObject } from '../matrix/json-value.ts';
import { noteRoomVersion } from '../matrix/plan-state.ts';
import { CREDENTIALS, columnReader, DECODED, READ, type TableShape } from './synapse-tables.ts';

/** Rows of one unit; with their findings they fit a segment. */
const ROWS_A_UNIT = 3500;
export const LONGEST_ROW: number = 16 * 1024 * 1024;
const CREATE = Buffer.from('m.room.create');

/** Rows of one table: places in the dump, two numbers a row. */
export interface RowSpans {
  readonly shape: number;
  /** Number of the first row in the dump. */
  readonly row: number;
  readonly spans: readonly number[];
}

/** What one pass over the text of a dump found. */
export interface DumpSurvey {
  readonly shapes: readonly TableShape[];
  readonly units: readonly Unit[];
  /** Rows to be read for keys and marks, by table. */
  readonly read: ReadonlyMap<string, readonly RowSpans[]>;
  /** Rows that are no items, by table. */
  readonly uncovered: ReadonlyMap<string, number>;
  readonly withheld: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** Reads the text of a dump once: where the rows of each table stand. `versions` gets what create events say. */
export function surveyDump(file: CaptureFile, versions: Map<string, string>, context: DecodeContext): DumpSurvey {
  const surveyor = new Surveyor(file, versions);
  scanSql(file.source, surveyor, (done) => context.progress?.(done, file.source.length));
  return surveyor.close();
}

class Surveyor {
  readonly #file: CaptureFile;
  readonly #versions: Map<string, string>;
  readonly #shapes: TableShape[] = [];
  readonly #known = new Map<string, number>();
  readonly #units: Unit[] = [];
  readonly #read = new Map<string, RowSpans[]>();
  readonly #uncovered = new Map<string, number>();
  readonly #withheld = new Map<string, number>();
  readonly #findings: Finding[] = [];
  #open: { shape: number; row: number; spans: number[] } | null = null;
  #lastColumns: readonly string[] | null = null;
  #lastShape = 0;
  #row = 0;

  constructor(file: CaptureFile, versions: Map<string, string>) {
    this.#file = file;
    this.#versions = versions;
  }

  row(place: RowPlace): void {
    const { table } = place;
    const row = this.#row++;
    if (DECODED.has(table)) {
      this.#add(place, row);
      if (table === 'event_json') this.#create(place);
    } else if (READ.has(table)) this.#keep(place, row);
    else {
      this.#uncovered.set(table, (this.#uncovered.get(table) ?? 0) + 1);
      if (CREDENTIALS.has(table)) this.#withheld.set(table, (this.#withheld.get(table) ?? 0) + 1);
    }
  }

  damage(offset: number, next: number, why: string): void {
    const place = { path: this.#file.name, offset, length: next - offset, row: this.#row };
    const isEnd = next >= this.#file.source.length;
    const detail = `${why}: how many rows are missing there cannot be known.`;
    this.#findings.push(finding(isEnd ? 'TRUNCATED' : 'RECORD_MALFORMED', place, { records: null, detail }));
  }

  close(): DumpSurvey {
    this.#close();
    const { source, name } = this.#file;
    if (lacksItsEnd(source) && this.#findings.every(({ code }) => code !== 'TRUNCATED')) {
      const detail = 'The line that ends a dump is missing: how many rows would follow cannot be known.';
      this.#findings.push(finding('TRUNCATED', name, { records: null, detail }));
    }
    return {
      shapes: this.#shapes,
      units: this.#units,
      read: this.#read,
      uncovered: this.#uncovered,
      withheld: this.#withheld,
      findings: this.#findings,
    };
  }

  #add({ table, columns, form, offset, length }: RowPlace, row: number): void {
    const shape = this.#shape({ table, columns, form });
    if (this.#open !== null && (this.#open.shape !== shape || this.#open.spans.length >= 2 * ROWS_A_UNIT))
      this.#close();
    this.#open ??= { shape, row, spans: [] };
    this.#open.spans.push(offset, length);
  }

  #close(): void {
    if (this.#open === null) return;
    this.#units.push({ index: this.#units.length, records: this.#open.spans.length / 2, state: this.#open });
    this.#open = null;
  }

  #keep({ table, columns, form, offset, length }: RowPlace, row: number): void {
    const shape = this.#shape({ table, columns, form });
    const kept = this.#read.get(table) ?? [];
    const last = kept.at(-1);
    if (last?.shape === shape) (last.spans as number[]).push(offset, length);
    else kept.push({ shape, row, spans: [offset, length] });
    this.#read.set(table, kept);
    this.#uncovered.set(table, (this.#uncovered.get(table) ?? 0) + 1);
  }

  /** Rows of one statement share the list of their columns: most cost one comparison. */
  #shape(shape: TableShape): number {
    if (shape.columns === this.#lastColumns) return this.#lastShape;
    const name = `${shape.table}\n${shape.form}\n${shape.columns.join()}`;
    const known = this.#known.get(name) ?? this.#shapes.push(shape) - 1;
    this.#known.set(name, known);
    this.#lastColumns = shape.columns;
    this.#lastShape = known;
    return known;
  }

  /** Room versions, for dumps without the table `rooms`. */
  #create(place: RowPlace): void {
    const bytes = this.#file.source.read(place.offset, Math.min(place.length, LONGEST_ROW));
    if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(CREATE)) return;
    const values = rowValues(this.#file.source, place, place);
    if (values === null) return;
    noteRoomVersion(this.#versions, parseObject(columnReader(place, values)('json') ?? ''));
  }
}

/** The values of a row; null where it cannot be read, is longer than any, or has another number of columns. */
export function rowValues(
  source: ByteSource,
  { columns, form }: TableShape,
  { offset, length }: { readonly offset: number; readonly length: number },
): (string | null)[] | null {
  if (length > LONGEST_ROW) return null;
  try {
    const values = readSqlRow(source.read(offset, length), form);
    return values.length === columns.length ? values : null;
  } catch (error) {
    if (error instanceof SqlRowRefused) return null;
    throw error;
  }
}
