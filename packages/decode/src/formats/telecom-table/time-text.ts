import { type Clock, type Instant, type InstantStatement, type Precision, withinAnyZone } from '@custody/evidence';
import { LocalTimes } from '../../local-time.ts';
import { monthNumber } from './month-names.ts';

/** Which of two numbers before the year is the day. */
export type DayOrder = 'dmy' | 'mdy' | 'undecided';

/** How the times of one column are to be read. */
export interface TimeColumn {
  readonly zone: string | null;
  readonly clock: Clock;
  readonly order: DayOrder;
  /** The numbers of the column are days of a spreadsheet, counted from 1900 or 1904 (ECMA-376 18.17.4.1). */
  readonly serial?: '1900' | '1904';
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;
const COMPACT =
  /^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const YEAR_FIRST = /^(\d{4})([/.])(\d{2})\2(\d{2})(?=$|[T ])/;
/** `3 Oct 2025 14:05`, `03-Oct-25`, `Oct 3, 2025 2:05 PM`: the name says which number is the month. */
const NAMED =
  /^(?:(\d{1,2})[\s.-]{1,2}(\p{L}{3,12})\.?|(\p{L}{3,12})\.?\s(\d{1,2}),?)[\s-](\d{4}|\d{2})(?:[,T ]{1,2}(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s?(AM|PM)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/iu;
/** A year of two digits: POSIX strptime %y. Read behind points and names of months only, elsewhere it may be a day. */
const SHORT_YEAR = /^(\d{1,2}\.\d{1,2}\.)(\d{2})(?=$|[ ,T])/;
const DAY_FIRST =
  /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[,T ]\s?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s?(AM|PM)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;
/** From 1 March 1900, after the day that the 1900 system has and no calendar, to the end of 9999. */
const SERIAL = /^(6[1-9]|[7-9]\d|\d{3,6}|[12]\d{6})(\.\d+)?(E\+?\d)?$/;
const DAY_MS = 86_400_000;
const FROM_1900: number = Date.UTC(1899, 11, 30);
const FROM_1904: number = Date.UTC(1904, 0, 1);
const EPOCH = /^1\d{9}(?:\d{3})?$/;

interface Wall {
  readonly ms: number;
  readonly precision: Precision;
  readonly zone: string | null;
}

/** Reads the texts of one column. What cannot be told stays text: `utc` is null then. */
export class TimeTexts {
  readonly #column: TimeColumn;
  readonly #zones = new Map<string, LocalTimes>();
  readonly #statements = new Map<string, InstantStatement>();

  constructor(column: TimeColumn) {
    this.#column = column;
  }

  /** `joined`: what is read in place of `raw`, where day and time stand in two cells. */
  read(raw: string, joined: string = raw): Instant {
    const text = written(joined.trim());
    if (EPOCH.test(text)) {
      const seconds = text.length === 10;
      return this.#instant(raw, Number(text) * (seconds ? 1000 : 1), 'UTC', seconds ? 's' : 'ms');
    }
    const unproven = this.isUnproven(text);
    const walls = unproven
      ? [dayFirst(text, 'dmy'), dayFirst(text, 'mdy')]
      : [this.#serial(text) ?? iso(text) ?? named(text) ?? dayFirst(text, this.#order)];
    const [wall, other] = walls.filter((one) => one !== null);
    if (wall === undefined) return this.#instant(raw, null, this.#column.zone, 'unknown');
    const zone = wall.zone ?? this.#column.zone;
    const known = zone === null || unproven ? null : this.#local(zone).read(wall.ms);
    const instant = this.#instant(raw, known?.utc ?? null, zone, wall.precision);
    if (instant.utc !== null) return instant;
    const within = withinAnyZone(other === undefined ? [wall.ms] : [wall.ms, other.ms], wall.precision);
    return { ...instant, ...(known?.ambiguous && { ambiguous: true }), within };
  }

  /** True for a date of which no row of the column proves which number is the day. */
  isUnproven(raw: string): boolean {
    return this.#column.order === 'undecided' && needsOrder(raw);
  }

  /** A whole number is a day; a fraction is a time of day, kept to some microseconds. */
  #serial(text: string): Wall | null {
    const { serial } = this.#column;
    if (serial === undefined || !SERIAL.test(text)) return null;
    const days = Number(text);
    const ms = Math.round(days * DAY_MS) + (serial === '1900' ? FROM_1900 : FROM_1904);
    const seconds = Math.round(ms / 1000) * 1000;
    if (Number.isInteger(days)) return { ms, precision: 'day', zone: null };
    return Math.abs(ms - seconds) <= 2
      ? { ms: seconds, precision: 's', zone: null }
      : { ms, precision: 'ms', zone: null };
  }

  get #order(): 'dmy' | 'mdy' {
    return this.#column.order === 'mdy' ? 'mdy' : 'dmy';
  }

  #local(zone: string): LocalTimes {
    let known = this.#zones.get(zone);
    if (known === undefined) {
      known = new LocalTimes(zone);
      this.#zones.set(zone, known);
    }
    return known;
  }

  #instant(raw: string, utc: number | null, zone: string | null, precision: Precision): Instant {
    const key = `${zone} ${precision}`;
    let statement = this.#statements.get(key);
    if (statement === undefined) {
      statement = { zone, precision, clock: this.#column.clock };
      this.#statements.set(key, statement);
    }
    return { utc, raw, ...statement };
  }
}

/** Day and month before the year: points are read day first, as the countries that write them do; else as `given`. */
function dayFirst(text: string, given: 'dmy' | 'mdy'): Wall | null {
  const parts = DAY_FIRST.exec(text);
  if (parts === null) return null;
  const order = parts[2] === '.' ? 'dmy' : given;
  const [first, second] = [Number(parts[1]), Number(parts[3])];
  const hour = halfDay(parts[5], parts[9]);
  return wallOf({
    year: Number(parts[4]),
    month: order === 'dmy' ? second : first,
    day: order === 'dmy' ? first : second,
    hour,
    minute: parts[6],
    second: parts[7],
    fraction: parts[8],
    zone: parts[10],
  });
}

/** What the texts of a column say of its order: `d` where the first number can only be a day, `m` the second. */
export function orderEvidence(text: string): 'd' | 'm' | null {
  const parts = DAY_FIRST.exec(text.trim());
  if (parts === null || parts[2] === '.') return null;
  if (Number(parts[1]) > 12) return 'd';
  return Number(parts[3]) > 12 ? 'm' : null;
}

/** True for a text whose reading needs the order of day and month. */
export function needsOrder(text: string): boolean {
  const parts = DAY_FIRST.exec(text.trim());
  return parts !== null && parts[2] !== '.';
}

function iso(text: string): Wall | null {
  const parts = ISO.exec(text) ?? COMPACT.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  return wallOf({ year: Number(year), month: Number(month), day: Number(day), hour, minute, second, fraction, zone });
}

/** `2025/10/03` with hyphens, `03.10.25` as `03.10.2025`. */
function written(text: string): string {
  if (YEAR_FIRST.test(text)) return text.replace(YEAR_FIRST, '$1-$3-$4');
  return text.replace(SHORT_YEAR, (_all, day: string, year: string) => `${day}${fullYear(year)}`);
}

function fullYear(text: string): number {
  return text.length === 4 ? Number(text) : Number(text) + (Number(text) < 69 ? 2000 : 1900);
}

function named(text: string): Wall | null {
  const parts = NAMED.exec(text);
  const month = parts === null ? null : monthNumber((parts[2] ?? parts[3]) as string);
  if (parts === null || month === null) return null;
  const [, before, , , after, year = '', hour, minute, second, fraction, half, zone] = parts;
  const day = Number(before ?? after);
  return wallOf({ year: fullYear(year), month, day, hour: halfDay(hour, half), minute, second, fraction, zone });
}

function halfDay(hour: string | undefined, half: string | undefined): string | undefined {
  if (hour === undefined || half === undefined) return hour;
  return String((Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0));
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly second: string | undefined;
  readonly fraction: string | undefined;
  readonly zone: string | undefined;
}

/** Null for a date or time that no calendar has. */
function wallOf({ year, month, day, hour, minute, second, fraction, zone }: Parts): Wall | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 1900) return null;
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (h > 23 || m > 59 || s > 60) return null;
  const ms = fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
  const precision = hour === undefined ? 'day' : second === undefined ? 'min' : fraction === undefined ? 's' : 'ms';
  return { ms: date.getTime() + ((h * 60 + m) * 60 + s) * 1000 + ms, precision, zone: zoneOf(zone) };
}

function zoneOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^(z|utc)$/i.test(text)) return 'UTC';
  return text.length === 5 ? `${text.slice(0, 3)}:${text.slice(3)}` : text;
}
