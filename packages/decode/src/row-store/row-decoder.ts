import type { BatchWriter } from '@custody/evidence';
import type { Unit, UnitDecoder, UnitResult } from '../format.ts';
import type { RowCursor, SqliteFile, SqliteTable } from '../sqlite/index.ts';
import type { RowPart } from './plan-rows.ts';
import { newTally, type RowTally } from './row-tally.ts';

/** Where a row's item goes, and what is counted beside it. */
export interface RowSink {
  readonly out: BatchWriter;
  readonly tally: RowTally;
}

/** Writes the row that the cursor shows: the items it makes, or nothing where it is part of another row's item. */
export type RowWriter = (row: RowCursor, sink: RowSink) => void;

/** Decodes the units of a plan made by `planRows`. */
export class RowDecoder implements UnitDecoder {
  readonly #file: SqliteFile;
  readonly #writerFor: (table: SqliteTable) => RowWriter;
  readonly #writers = new Map<string, RowWriter>();

  constructor(file: SqliteFile, writerFor: (table: SqliteTable) => RowWriter) {
    this.#file = file;
    this.#writerFor = writerFor;
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const tally = newTally();
    const sink: RowSink = { out, tally };
    for (const { table: name, pages } of unit.state as readonly RowPart[]) {
      const table = this.#file.table(name);
      if (table === null) throw new Error(`unit ${unit.index} names a table that the plan did not find`);
      const write = this.#writer(table);
      const cursor = pages.length === 0 ? table.scan() : table.scan({ leaves: pages });
      while (cursor.next()) {
        write(cursor, sink);
        tally.decoded++;
      }
    }
    const { decoded } = tally;
    return { counts: { records: decoded, decoded, lost: 0, notCovered: 0 }, summary: tally };
  }

  close(): void {}

  #writer(table: SqliteTable): RowWriter {
    const known = this.#writers.get(table.name);
    if (known !== undefined) return known;
    const writer = this.#writerFor(table);
    this.#writers.set(table.name, writer);
    return writer;
  }
}
