import type { Column } from './read-shape.ts';

const TIME_OF_DAY = /^\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d{1,9})?)?\s?(AM|PM)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const DAY_NUMBER = /^\d{3,7}$/;
const DAY_PART = /^(0?\.\d+|\d(\.\d+)?E-\d+|0)$/i;

/** A time as its cell, or its two cells, have it, and as it is read; null: the cells hold nothing. */
export function joinedTime(column: Column, at: number, textOf: (column: number) => string): readonly [string, string] {
  const own = textOf(at);
  const clock = column.clockAt === undefined ? '' : textOf(column.clockAt);
  if (clock !== '' && own !== '' && !own.includes(':')) return [`${own} ${clock}`, sum(own, clock)];
  if (column.dayAt === undefined) return [own, own];
  const day = textOf(column.dayAt);
  const isClock = TIME_OF_DAY.test(own) || DAY_PART.test(own);
  return isClock && day !== '' && !day.includes(':') ? [`${day} ${own}`, sum(day, own)] : [own, own];
}

/** A spreadsheet keeps a day as a whole number and a time of day as a fraction. */
function sum(day: string, clock: string): string {
  return DAY_NUMBER.test(day) && DAY_PART.test(clock) ? String(Number(day) + Number(clock)) : `${day} ${clock}`;
}
