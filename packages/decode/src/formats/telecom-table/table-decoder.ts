import { isUtf8 } from 'node:buffer';
import type { BatchWriter } from '@custody/evidence';
import type { CaptureFile, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { contentEnd } from '../envelope/content-end.ts';
import { CsvScanner } from '../envelope/csv-scanner.ts';
import { FindingFolder, type Place } from '../envelope/finding-folder.ts';
import type { UnitState } from '../envelope/plan-units.ts';
import { isBlank, LONGEST_RECORD, RowSplitter } from '../envelope/splitter.ts';
import { asBuffer } from '../envelope/stretch-memory.ts';
import type { TableShape } from './read-shape.ts';
import { RowChecks } from './row-checks.ts';
import { RowNotes } from './row-notes.ts';
import { noRecord } from './row-of-no-record.ts';
import { RowWriter } from './row-writer.ts';
import { TableRow } from './table-row.ts';

const QUOTE = 0x22;

/** Decodes stretches of one table, in any order. */
export class TableDecoder implements UnitDecoder {
  readonly #file: CaptureFile;
  readonly #shape: TableShape;
  readonly #scanner: CsvScanner;
  readonly #row: TableRow;
  readonly #writer: RowWriter;
  #out: BatchWriter | null = null;
  #findings: FindingFolder | null = null;
  #bytes: Buffer = Buffer.alloc(0);
  #counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
  #lostUnknown = false;
  readonly #checks: RowChecks;
  readonly #notes = new RowNotes();

  constructor(file: CaptureFile, shape: TableShape) {
    this.#file = file;
    this.#shape = shape;
    const { columns, delimiter, kind, asOf } = shape;
    this.#scanner = new CsvScanner(
      columns.map((_, i) => i),
      columns.length,
      { delimiter, quote: QUOTE },
    );
    this.#row = new TableRow(columns);
    this.#checks = new RowChecks(columns);
    this.#writer = new RowWriter(kind, columns, asOf);
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const state = unit.state as UnitState;
    this.#start(out);
    if (state.kind === 'records') this.#rows(state);
    else this.#unreadable(state);
    this.#findings?.flush();
    const { records, decoded, lost, notCovered } = this.#counts;
    const counts = { records, decoded, lost: this.#lostUnknown ? null : lost, notCovered };
    return { counts, summary: this.#notes.summary(this.#checks) };
  }

  close(): void {
    this.#bytes = Buffer.alloc(0);
  }

  #start(out: BatchWriter): void {
    this.#out = out;
    this.#findings = new FindingFolder(out, this.#shape.path);
    this.#counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
    this.#lostUnknown = false;
    this.#checks.start();
    this.#notes.start();
  }

  #unreadable(state: UnitState): void {
    const place = { row: state.row, offset: state.offset, length: state.length };
    if (state.kind === 'oversize') {
      this.#counts.records++;
      this.#lose('LIMIT_EXCEEDED', `a row is longer than ${LONGEST_RECORD} bytes`, place);
      return;
    }
    this.#lostUnknown = true;
    const detail = 'quotes that are not closed: where rows begin and end cannot be told here';
    this.#findings?.alone('RECORD_MALFORMED', place, { detail, records: null });
  }

  #rows(state: UnitState): void {
    const bytes = asBuffer(this.#file.source.read(state.offset, state.length));
    this.#bytes = bytes;
    const splitter = new RowSplitter({ delimiter: this.#shape.delimiter, quote: QUOTE }, Number.POSITIVE_INFINITY);
    splitter.complete = true;
    let { row } = state;
    for (let at = 0; at < bytes.length; row++) {
      const next = splitter.next(bytes, at);
      if (!isBlank(bytes, at, next)) this.#one(state, { row, offset: at, length: contentEnd(bytes, at, next) - at });
      at = next;
    }
  }

  #one(state: UnitState, inUnit: Place): void {
    const bytes = this.#bytes;
    const end = inUnit.offset + inUnit.length;
    const place = { ...inUnit, offset: state.offset + inUnit.offset };
    this.#counts.records++;
    if (!this.#scanner.scan(bytes, inUnit.offset, end)) {
      const cut = place.offset + place.length === this.#file.source.length;
      this.#lose(cut ? 'TRUNCATED' : 'RECORD_MALFORMED', this.#scanner.problem, place);
      return;
    }
    const text = !this.#scanner.high || isUtf8(bytes.subarray(inUnit.offset, end));
    this.#cells(text ? 'utf8' : 'latin1');
    const other = noRecord(this.#shape.columns, this.#row.cells);
    if (other !== null) {
      this.#counts.notCovered++;
      if (other.doubt) this.#findings?.alone('NOT_COVERED', place, { detail: other.why, class: 'doubt' });
      else this.#findings?.add('NOT_COVERED', other.why, place);
      return;
    }
    this.#findings?.flush();
    const remarks = this.#checks.check(this.#row);
    if (!text) remarks.unshift({ code: 'FIELD_COERCED', detail: 'bytes that are not UTF-8, shown as Latin-1' });
    const locator = { path: this.#shape.path, offset: place.offset, length: place.length, row: place.row };
    const item = { locator, bytes, start: inUnit.offset, end };
    remarks.push(...this.#writer.write(this.#row, item, this.#out as BatchWriter));
    for (const { code, ...remark } of remarks) this.#findings?.alone(code, place, remark);
    this.#counts.decoded++;
    this.#notes.add(this.#row, place, bytes.subarray(inUnit.offset, end));
  }

  #cells(encoding: 'utf8' | 'latin1'): void {
    const { values } = this.#scanner;
    const { cells } = this.#row;
    for (let i = 0; i < cells.length; i++) {
      const bytes = values.bytes(i);
      cells[i] = bytes.toString(encoding, values.starts[i], values.ends[i]);
    }
  }

  #lose(code: 'LIMIT_EXCEEDED' | 'RECORD_MALFORMED' | 'TRUNCATED', cause: string, place: Place): void {
    this.#counts.lost++;
    this.#findings?.add(code, cause, place);
  }
}
