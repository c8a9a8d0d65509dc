import type { CborValue } from '@custody/bytes';
import type { BatchWriter, FindingClass, Instant, Locator } from '@custody/evidence';
import type { ColumnRole } from './column-roles.ts';
import type { Column } from './read-shape.ts';
import { partiesOf, type RowParty } from './row-parties.ts';
import { itemKindOf, type TableKind } from './table-kind.ts';
import type { TableRow } from './table-row.ts';
import { TimeTexts } from './time-text.ts';

/** Where the bytes of a row stand. */
export interface RowPlace {
  readonly locator: Locator;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** What the times of a row have wrong, in words. */
export interface RowRemark {
  readonly code: 'TIME_ANOMALY' | 'FIELD_COERCED';
  readonly detail: string;
  readonly class?: FindingClass;
}

const KEPT: readonly ColumnRole[] = [
  'operator',
  'country',
  'service',
  'box',
  'slot',
  'cell',
  'latitude',
  'longitude',
  'make',
  'model',
  'status',
  'direction',
  'sequence',
  'file',
  'rows',
  'column',
  'sha256',
];

/** Writes rows of one table as items. */
export class RowWriter {
  readonly #kind: TableKind;
  readonly #times: readonly (TimeTexts | null)[];
  readonly #names: readonly string[];
  readonly #asOf: Instant | null;

  constructor(kind: TableKind, columns: readonly Column[], asOf: string | null) {
    this.#kind = kind;
    this.#asOf = asOf === null ? null : stateTime(asOf);
    this.#times = columns.map(({ time }) => (time === null ? null : new TimeTexts(time)));
    this.#names = distinctNames(columns.map(({ name }) => name));
  }

  /** Writes the item; returns what its times have wrong. */
  write(row: TableRow, place: RowPlace, out: BatchWriter): RowRemark[] {
    const times = this.#timesOf(row);
    out.begin(itemKindOf[this.#kind], 'telecom', null);
    out.locator(place.locator);
    out.raw(place.bytes, place.start, place.end);
    const id = row.text('id');
    if (id !== null) out.messageId(id);
    const sent = times.sent ?? this.#asOf;
    if (sent !== null) out.sentAt(sent);
    if (times.until !== null) out.time('until', times.until);
    if (times.received !== null) out.time('received', times.received);
    const text = this.#kind === 'message' ? row.text('text') : null;
    if (text !== null) out.body(text);
    const others = this.#parties(row, out);
    for (const [type, values] of others) out.field(type, values.length === 1 ? (values[0] as string) : values);
    for (const role of KEPT) this.#field(row, role, out);
    out.field('table', this.#kind);
    out.field('cells', new Map<string, CborValue>(this.#names.map((name, i) => [name, row.cells[i] as string])));
    out.end();
    return times.remarks;
  }

  #field(row: TableRow, role: ColumnRole, out: BatchWriter): void {
    const text = row.text(role);
    if (text !== null) out.field(role, text);
  }

  /** Writes the parties; returns what else names the subject, by type. */
  #parties(row: TableRow, out: BatchWriter): Map<string, string[]> {
    const { sender, recipients, owner, others } = partiesOf(this.#kind, row);
    const party = ({ type, value }: RowParty) => out.party(type, value);
    if (sender !== null) out.sender(party(sender));
    for (const recipient of recipients) out.recipient(party(recipient));
    if (owner !== null) out.owner(party(owner));
    const byType = new Map<string, string[]>();
    for (const { type, value } of others) byType.set(type, [...(byType.get(type) ?? []), value]);
    return byType;
  }

  #timesOf(row: TableRow): {
    sent: Instant | null;
    until: Instant | null;
    received: Instant | null;
    remarks: RowRemark[];
  } {
    const remarks: RowRemark[] = [];
    const read = (role: ColumnRole) => this.#time(row, role, remarks);
    const start = read('start');
    const sent = start ?? read('time');
    const until =
      read('end') ?? untilOf(sent, row.text('duration'), row.columns[row.column('duration')]?.days === true);
    if (sent?.utc != null && until?.utc != null && until.utc < sent.utc) {
      remarks.push({ code: 'TIME_ANOMALY', detail: 'the row ends before it begins' });
    }
    const received = read('received');
    return { sent, until, received, remarks };
  }

  #time(row: TableRow, role: ColumnRole, remarks: RowRemark[]): Instant | null {
    const column = row.column(role);
    const texts = this.#times[column];
    if (column < 0 || texts == null) return null;
    const instant = texts.read(row.cells[column] as string);
    const name = JSON.stringify(this.#names[column]);
    if (instant.ambiguous === true) {
      const detail = `the local time in column ${name} exists twice or not at all: clocks were changed`;
      remarks.push({ code: 'TIME_ANOMALY', detail });
    } else if (instant.within !== undefined && texts.isUnproven(instant.raw)) {
      const detail = `column ${name}: no row proves which number of its dates is the day, only bounds of the time are known`;
      remarks.push({ code: 'TIME_ANOMALY', detail });
    } else if (instant.precision === 'unknown') {
      remarks.push({ code: 'TIME_ANOMALY', detail: `column ${name} holds a text that cannot be read as a time` });
    }
    return instant;
  }
}

/** The table profile's word, not the table's: `raw` says so. */
function stateTime(asOf: string): Instant {
  const zone = asOf.endsWith('Z') ? 'UTC' : asOf.slice(-6);
  return { utc: Date.parse(asOf), raw: `as of ${asOf} (table profile)`, zone, precision: 'unknown', clock: 'unknown' };
}

const DURATION = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{2})$/;

/** The end by a duration in seconds, `h:mm:ss` or days; raw is the duration's text. */
function untilOf(start: Instant | null, text: string | null, days: boolean): Instant | null {
  if (start === null || text === null) return null;
  const parts = DURATION.exec(text);
  const plain = /^\d{1,9}$/.test(text) ? Number(text) : null;
  const seconds = days ? daySeconds(text) : parts === null ? plain : clockSeconds(parts);
  if (seconds === null) return null;
  const utc = start.utc === null ? null : start.utc + seconds * 1000;
  return { utc, raw: text, zone: start.zone, precision: start.precision, clock: start.clock };
}

/** A spreadsheet keeps a duration as a fraction of a day. */
function daySeconds(text: string): number | null {
  const days = Number(text);
  return /^\d*\.?\d+(E[+-]?\d{1,2})?$/i.test(text) && days < 36_525 ? Math.round(days * 86_400) : null;
}

function clockSeconds(parts: RegExpExecArray): number {
  return (Number(parts[1] ?? 0) * 60 + Number(parts[2])) * 60 + Number(parts[3]);
}

/** Two columns of one heading are `name` and `name #2`. */
function distinctNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}
