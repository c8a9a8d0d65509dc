import type { CborValue } from '@custody/bytes';
import type { BatchWriter, FindingClass, Instant, Locator, Precision } from '@custody/evidence';
import { durationSeconds } from './duration-text.ts';
import { joinedTime } from './joined-time.ts';
import type { Column } from './read-shape.ts';
import type { ColumnRole } from './roles.ts';
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
  'lac',
  'uplink',
  'downlink',
  'apn',
  'roaming',
  'file',
  'rows',
  'column',
  'sha256',
];

/** How much later than its beginning a time of a precision may be, in milliseconds. */
const WIDTHS: Readonly<Record<Precision, number>> = {
  ms: 0,
  s: 999,
  min: 59_999,
  h: 3_599_999,
  day: 86_399_999,
  unknown: 0,
};

/** Writes rows of one table as items. */
export class RowWriter {
  readonly #kind: TableKind;
  readonly #times: readonly (TimeTexts | null)[];
  readonly #names: readonly string[];
  readonly #asOf: Instant | null;

  constructor(kind: TableKind, columns: readonly Column[], asOf: string | null) {
    this.#kind = kind;
    this.#asOf = asOf === null ? null : stateTime(asOf);
    this.#times = columns.map(({ time, dayAt }) => {
      const day = dayAt === undefined ? null : (columns[dayAt]?.time ?? null);
      return time === null ? null : new TimeTexts(day === null ? time : { ...day, zone: time.zone, clock: time.clock });
    });
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
    const until = read('end') ?? this.#untilByDuration(row, sent, remarks);
    if (sent?.utc != null && until?.utc != null && until.utc + WIDTHS[until.precision] < sent.utc) {
      remarks.push({ code: 'TIME_ANOMALY', detail: 'the row ends before it begins' });
    }
    const received = read('received');
    return { sent, until, received, remarks };
  }

  #untilByDuration(row: TableRow, sent: Instant | null, remarks: RowRemark[]): Instant | null {
    const column = row.column('duration');
    const text = row.text('duration');
    if (text === null) return null;
    const until = untilOf(sent, text, row.columns[column]?.days === true);
    if (until === null && sent !== null) {
      const name = JSON.stringify(this.#names[column]);
      remarks.push({ code: 'TIME_ANOMALY', detail: `column ${name} holds a text that cannot be read as a duration` });
    }
    return until;
  }

  #time(row: TableRow, role: ColumnRole, remarks: RowRemark[]): Instant | null {
    const column = row.column(role);
    const texts = this.#times[column];
    if (column < 0 || texts == null) return null;
    const textOf = (at: number) => (at === column ? (row.cells[at] as string) : row.cellText(at));
    const [raw, joined] = joinedTime(row.columns[column] as Column, column, textOf);
    const instant = texts.read(raw, joined);
    const name = JSON.stringify(this.#names[column]);
    if (instant.ambiguous === true) {
      const detail = `the local time in column ${name} exists twice or not at all: clocks were changed`;
      remarks.push({ code: 'TIME_ANOMALY', detail });
    } else if (instant.within !== undefined && texts.isUnproven(joined)) {
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

/** The end by a duration; raw is the duration's text. */
function untilOf(start: Instant | null, text: string | null, days: boolean): Instant | null {
  if (start === null || text === null) return null;
  const seconds = days ? daySeconds(text) : durationSeconds(text);
  if (seconds === null) return null;
  const utc = start.utc === null ? null : start.utc + seconds * 1000;
  return { utc, raw: text, zone: start.zone, precision: start.precision, clock: start.clock };
}

/** A spreadsheet keeps a duration as a fraction of a day. */
function daySeconds(text: string): number | null {
  const days = Number(text);
  return /^\d*\.?\d+(E[+-]?\d{1,2})?$/i.test(text) && days < 36_525 ? Math.round(days * 86_400) : null;
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
