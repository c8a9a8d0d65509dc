import type { BatchWriter } from '@custody/evidence';
import type { ByteSource } from '../../byte-source.ts';
import type { LostStretch } from '../../containers/container-report.ts';
import { PLACE_NUMBERS, type RecordBlock, readBlock, type StoredBlock } from '../../containers/record-store.ts';
import type { Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { FindingFolder, type Place } from '../envelope/finding-folder.ts';
import type { TableShape } from './read-shape.ts';
import { RowChecks } from './row-checks.ts';
import { RowNotes } from './row-notes.ts';
import { noRecord } from './row-of-no-record.ts';
import { RowWriter } from './row-writer.ts';
import { TableRow } from './table-row.ts';
import type { TableSummary } from './table-summary.ts';

/** A stretch of one of the tables, or one of which nothing can be told. */
export interface StoredUnit {
  readonly table: number;
  readonly stored: StoredBlock | null;
  readonly lost: LostStretch | null;
}

export interface StoredSummary extends TableSummary {
  readonly table: number;
}

/** Decodes rows that were put into scratch, of several tables, in any order. */
export class StoredTableDecoder implements UnitDecoder {
  readonly #store: ByteSource;
  readonly #tables: readonly TableShape[];
  readonly #notes = new RowNotes();
  readonly #parts = new Map<number, { row: TableRow; checks: RowChecks; writer: RowWriter }>();

  constructor(tables: readonly TableShape[], store: ByteSource) {
    this.#tables = tables;
    this.#store = store;
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const { table, stored, lost } = unit.state as StoredUnit;
    const shape = this.#tables[table] as TableShape;
    const findings = new FindingFolder(out, shape.path);
    const parts = this.#partsOf(table);
    parts.checks.start();
    this.#notes.start();
    const counts = { records: 0, decoded: 0, lost: 0 as number | null, notCovered: 0 };
    if (lost !== null) {
      const place = { row: 0, offset: lost.offset, length: lost.length };
      findings.alone('RECORD_MALFORMED', place, { detail: lost.detail, records: null });
      counts.lost = null;
    } else if (stored !== null) {
      const block = readBlock(this.#store, stored);
      for (let i = 0; i < stored.count; i++) {
        counts.records++;
        const fate = this.#one(block, i, { table, out, findings });
        counts[fate] = (counts[fate] ?? 0) + 1;
      }
    }
    findings.flush();
    const summary: StoredSummary = { table, ...this.#notes.summary(parts.checks) };
    return { counts, summary };
  }

  close(): void {
    this.#parts.clear();
  }

  #partsOf(table: number): { row: TableRow; checks: RowChecks; writer: RowWriter } {
    let parts = this.#parts.get(table);
    if (parts === undefined) {
      const { columns, kind, asOf } = this.#tables[table] as TableShape;
      const writer = new RowWriter(kind, columns, asOf);
      parts = { row: new TableRow(columns), checks: new RowChecks(columns), writer };
      this.#parts.set(table, parts);
    }
    return parts;
  }

  #one(
    { lines, raws, places }: RecordBlock,
    i: number,
    { table, out, findings }: { table: number; out: BatchWriter; findings: FindingFolder },
  ): 'decoded' | 'lost' | 'notCovered' {
    const numbers = places.subarray(i * PLACE_NUMBERS, (i + 1) * PLACE_NUMBERS);
    const [row, offset, length, lineAt, lineLength, rawAt, rawLength, problem] = numbers as unknown as number[];
    const place: Place = { row: row as number, offset: offset as number, length: length as number };
    const line = lines.subarray(lineAt, (lineAt as number) + (lineLength as number));
    if (problem === 1) {
      findings.add('RECORD_MALFORMED', line.toString(), place);
      return 'lost';
    }
    const parts = this.#partsOf(table);
    const cells = JSON.parse(line.toString()) as string[];
    for (let c = 0; c < parts.row.cells.length; c++) parts.row.cells[c] = cells[c] ?? '';
    const other = noRecord(parts.row.columns, parts.row.cells);
    if (other !== null) {
      if (other.doubt) findings.alone('NOT_COVERED', place, { detail: other.why, class: 'doubt' });
      else findings.add('NOT_COVERED', other.why, place);
      return 'notCovered';
    }
    findings.flush();
    const remarks = parts.checks.check(parts.row);
    const hasRaw = (rawLength as number) >= 0;
    const start = hasRaw ? (rawAt as number) : (lineAt as number);
    const bytes = hasRaw ? raws : lines;
    const end = start + ((hasRaw ? rawLength : lineLength) as number);
    const { path } = this.#tables[table] as TableShape;
    remarks.push(...parts.writer.write(parts.row, { locator: { path, ...place }, bytes, start, end }, out));
    for (const { code, ...remark } of remarks) findings.alone(code, place, remark);
    this.#notes.add(parts.row, place, line);
    return 'decoded';
  }
}
