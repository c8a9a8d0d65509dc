import type { LineHead } from './line-head.ts';

export type DateOrder = 'day-month-year' | 'month-day-year' | 'year-month-day';

export const DATE_ORDERS: readonly DateOrder[] = ['day-month-year', 'month-day-year', 'year-month-day'];

/** WhatsApp was released in 2009: no message is older. */
const FIRST_YEAR = 2009;

/** Which order the numbers of dates have: narrowed by every line of a file, never guessed. */
export class DateOrderProof {
  readonly #open = new Set<DateOrder>(DATE_ORDERS);
  readonly #forms = new Set<string>();
  /** Lines that each order fails. */
  readonly #against = new Map<DateOrder, number>();
  #lines = 0;

  take(head: LineHead): void {
    this.#lines++;
    this.#forms.add(`${head.shape} ${head.separator} ${head.yearAt}`);
    for (const order of DATE_ORDERS) {
      if (dateOf(head, order) !== null) continue;
      this.#open.delete(order);
      this.#against.set(order, (this.#against.get(order) ?? 0) + 1);
    }
  }

  /** The only order in which every line is a date; null where several or none are. */
  get order(): DateOrder | null {
    const [only, ...more] = this.#open;
    return more.length === 0 ? (only ?? null) : null;
  }

  /** Orders that are still possible. */
  get possible(): readonly DateOrder[] {
    return [...this.#open];
  }

  /** Different ways in which dates are written: more than one means a file put together from several. */
  get forms(): number {
    return this.#forms.size;
  }

  get lines(): number {
    return this.#lines;
  }

  /** In words, for the examiner. */
  explain(): string {
    const ruled = DATE_ORDERS.filter((order) => this.#against.has(order)).map(
      (order) => `${order} by ${this.#against.get(order)}`,
    );
    return ruled.length === 0
      ? 'no line rules an order out'
      : `of ${this.#lines} lines, ruled out: ${ruled.join(', ')}`;
  }
}

export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The date of a line under an order; null where it is none. */
export function dateOf({ parts, yearAt, separator }: LineHead, order: DateOrder): CalendarDate | null {
  const yearFirst = order === 'year-month-day';
  if (yearAt !== null && (yearAt === 0) !== yearFirst) return null;
  // CLDR: with a slash, or dots without spaces, a year of two digits stands last in every language of the app.
  if (yearFirst && yearAt === null && separator !== '-') return null;
  const [a, b, c] = parts;
  const [year, month, day] = yearFirst ? [a, b, c] : order === 'day-month-year' ? [c, b, a] : [c, a, b];
  const full = yearAt === null ? 2000 + year : year;
  if (full < FIRST_YEAR || full > 9999 || month < 1 || month > 12 || day < 1) return null;
  const last = new Date(Date.UTC(full, month, 0)).getUTCDate();
  return day > last ? null : { year: full, month, day };
}
