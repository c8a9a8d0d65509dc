import { isUtf8 } from 'node:buffer';
import { sha256 } from '@custody/bytes';
import type { BatchWriter } from '@custody/evidence';
import type { CaptureFile, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { contentEnd } from '../envelope/content-end.ts';
import { CsvScanner } from '../envelope/csv-scanner.ts';
import { FindingFolder, type Place } from '../envelope/finding-folder.ts';
import { asBuffer, type UnitState } from '../envelope/plan-units.ts';
import { isBlank, LONGEST_RECORD, RowSplitter } from '../envelope/splitter.ts';
import { coercionOf, hasCheckDigit, isDoubtful, isUsable } from './cell-checks.ts';
import { isOdd } from './odd-cell.ts';
import type { TableShape } from './read-shape.ts';
import { type RowRemark, RowWriter } from './row-writer.ts';
import { TableRow } from './table-row.ts';
import type { TableSummary } from './table-summary.ts';

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
  #hashes: number[] = [];
  #places: number[] = [];
  #sequence: number[] = [];
  #odd: number[] = [];
  #filled: number[] = [];
  #unchecked: number[] = [];

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
    this.#writer = new RowWriter(kind, columns, asOf);
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const state = unit.state as UnitState;
    this.#start(out);
    if (state.kind === 'records') this.#rows(state);
    else this.#unreadable(state);
    this.#findings?.flush();
    const { records, decoded, lost, notCovered } = this.#counts;
    const summary: TableSummary = {
      hashes: Uint32Array.from(this.#hashes),
      places: Float64Array.from(this.#places),
      sequence: Float64Array.from(this.#sequence),
      odd: this.#odd,
      filled: this.#filled,
      unchecked: this.#unchecked,
    };
    return { counts: { records, decoded, lost: this.#lostUnknown ? null : lost, notCovered }, summary };
  }

  close(): void {
    this.#bytes = Buffer.alloc(0);
  }

  #start(out: BatchWriter): void {
    this.#out = out;
    this.#findings = new FindingFolder(out, this.#shape.path);
    this.#counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
    this.#lostUnknown = false;
    this.#hashes = [];
    this.#places = [];
    this.#sequence = [];
    this.#odd = this.#shape.columns.map(() => 0);
    this.#filled = this.#shape.columns.map(() => 0);
    this.#unchecked = this.#shape.columns.map(() => 0);
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
    this.#findings?.flush();
    const remarks = this.#checks();
    if (!text) remarks.unshift({ code: 'FIELD_COERCED', detail: 'bytes that are not UTF-8, shown as Latin-1' });
    const locator = { path: this.#shape.path, offset: place.offset, length: place.length, row: place.row };
    const item = { locator, bytes, start: inUnit.offset, end };
    remarks.push(...this.#writer.write(this.#row, item, this.#out as BatchWriter));
    for (const { code, ...remark } of remarks) this.#findings?.alone(code, place, remark);
    this.#counts.decoded++;
    this.#note(inUnit, place);
  }

  #cells(encoding: 'utf8' | 'latin1'): void {
    const { values } = this.#scanner;
    const { cells } = this.#row;
    for (let i = 0; i < cells.length; i++) {
      const bytes = values.bytes(i);
      cells[i] = bytes.toString(encoding, values.starts[i], values.ends[i]);
    }
  }

  /** What was done to the cells on the way here. */
  #checks(): RowRemark[] {
    const remarks: RowRemark[] = [];
    this.#row.unusable.clear();
    for (const [i, { role, name }] of this.#shape.columns.entries()) {
      const cell = (this.#row.cells[i] as string).trim();
      if (cell === '') continue;
      this.#filled[i] = (this.#filled[i] as number) + 1;
      const coerced = coercionOf(role, cell);
      if (coerced !== null) {
        const note = isDoubtful(role, cell) ? { class: 'note' as const } : {};
        remarks.push({ code: 'FIELD_COERCED', detail: `column ${JSON.stringify(name)}: ${coerced}`, ...note });
      }
      if (role === null) continue;
      if (!isUsable(role, cell)) this.#row.unusable.add(i);
      else if (isOdd(role, cell)) {
        this.#odd[i] = (this.#odd[i] as number) + 1;
        if (coerced === null)
          remarks.push({ code: 'FIELD_COERCED', detail: `column ${JSON.stringify(name)}: the cell is no ${role}` });
      } else if (role === 'imei' && cell.length === 15 && !hasCheckDigit(cell)) {
        this.#unchecked[i] = (this.#unchecked[i] as number) + 1;
      }
    }
    return remarks;
  }

  #note(inUnit: Place, place: Place): void {
    const digest = sha256(this.#bytes.subarray(inUnit.offset, inUnit.offset + inUnit.length));
    const view = new DataView(digest.buffer, digest.byteOffset, 8);
    this.#hashes.push(view.getUint32(0), view.getUint32(4));
    this.#places.push(place.row, place.offset, place.length);
    const sequence = this.#row.text('sequence');
    this.#sequence.push(sequence !== null && /^\d{1,15}$/.test(sequence) ? Number(sequence) : Number.NaN);
  }

  #lose(code: 'LIMIT_EXCEEDED' | 'RECORD_MALFORMED' | 'TRUNCATED', cause: string, place: Place): void {
    this.#counts.lost++;
    this.#findings?.add(code, cause, place);
  }
}
