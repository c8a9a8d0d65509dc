import type { BatchWriter, Direction, ItemKind } from '@custody/evidence';
import type { Counts, Unit, UnitDecoder, UnitResult } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { Scratch } from '../../scratch.ts';
import { MEMBER_IN_CLEAR, MEMBER_VERIFIED } from './authentication.ts';
import { csvRows } from './csv-rows.ts';
import { placeOf, type WriteContext, writeMessage } from './message-writer.ts';
import type { MediumFile, Survey, TableFile, UnitState } from './plan-state.ts';
import { TableHeader, TableRow } from './table-row.ts';
import { tableWriters, writeSetting } from './table-writers.ts';

/** What units tell `finish`. */
export interface Tally {
  /** Members and rows that are no items, by what they are. */
  readonly passed: Map<string, number>;
  /** Files that messages name and the backup does not hold. */
  absent: number;
}

export type DecoderState = Omit<Survey, 'units' | 'findings'>;

/** Writes the items of rows, and counts the media. */
export class MemberDecoder implements UnitDecoder {
  readonly #state: DecoderState;
  readonly #scratch: Scratch;
  readonly #media: ReadonlyMap<string, MediumFile>;

  constructor(state: DecoderState, scratch: Scratch) {
    this.#state = state;
    this.#scratch = scratch;
    this.#media = new Map(state.media.map((medium) => [medium.key, medium]));
  }

  decode(unit: Unit, out: BatchWriter): UnitResult {
    const state = unit.state as UnitState;
    const tally: Tally = { passed: new Map(), absent: 0 };
    const counts = { records: 0, decoded: 0, lost: 0, notCovered: 0 };
    const into: Into = { out, tally, counts };
    if (state.what === 'members') this.#members(into);
    else this.#rows(state, into);
    return { counts, summary: tally };
  }

  close(): void {}

  #rows(state: UnitState, { out, tally, counts }: Into): void {
    const table = this.#state.tables[state.table] as TableFile;
    const header = new TableHeader(table.header);
    let number = state.row;
    const context: WriteContext = {
      ...{ out, people: this.#state.people, media: this.#media },
      begin: (kind: ItemKind, direction: Direction, { csv }: TableRow) => {
        out.begin(kind, 'threema', direction);
        out.locator({ path: table.path, offset: csv.offset, length: csv.length, row: number });
        out.raw(csv.bytes);
        out.authentication(table.verified ? MEMBER_VERIFIED : MEMBER_IN_CLEAR);
      },
    };
    for (const csv of csvRows(this.#scratch.open(table.handle), state.from, state.until)) {
      number++;
      counts.records++;
      if (csv.fields?.length !== header.names.length) {
        counts.lost++;
        const place = { path: table.path, offset: csv.offset, length: csv.length, row: number };
        const detail = `The row has ${csv.fields?.length ?? 'no readable'} fields, the table has ${header.names.length} columns.`;
        out.finding(finding('RECORD_MALFORMED', place, { records: 1, detail }));
        continue;
      }
      if (this.#write(context, table, new TableRow(csv, csv.fields, header))) tally.absent++;
      counts.decoded++;
    }
  }

  /** Whether the row names a file that the backup does not hold. */
  #write(context: WriteContext, { kind }: TableFile, row: TableRow): boolean {
    if (kind.kind === 'messages') return writeMessage(context, row, kind);
    if (kind.kind === 'table') tableWriters[kind.table](context, row);
    else writeSetting(context, row);
    return false;
  }

  /** Media are part of their messages; one that no message claims is an item of its own. */
  #members({ out, tally, counts }: Into): void {
    for (const medium of this.#state.media) {
      counts.records++;
      if (medium.sha256 === null) {
        counts.lost++;
        const detail = `${medium.problem ?? 'It cannot be read'}: the file is not used.`;
        out.finding(finding('UNIT_UNVERIFIED', placeOf(medium), { records: 1, detail, class: 'lost' }));
        continue;
      }
      counts.decoded++;
      if (!this.#state.claimed.has(medium.key) || this.#media.get(medium.key) !== medium) writeMedium(out, medium);
    }
    for (const [what, count] of this.#state.passed) {
      counts.records += count;
      counts.notCovered += count;
      tally.passed.set(what, count);
    }
  }
}

interface Into {
  readonly out: BatchWriter;
  readonly tally: Tally;
  readonly counts: { -readonly [name in keyof Counts]: number };
}

function writeMedium(out: BatchWriter, medium: MediumFile): void {
  out.begin('attachment', 'threema', null);
  out.locator(placeOf(medium));
  out.authentication(medium.verified ? MEMBER_VERIFIED : MEMBER_IN_CLEAR);
  out.attachment({ name: null, mime: null, size: medium.size, sha256: medium.sha256, present: true });
  out.field('no_message_claims_it', true);
  out.end();
}
