import type { Unit } from '../../../format.ts';
import type { Census, TablePart } from './census.ts';

/** Rows that one unit takes: tables of few rows share a unit. */
const ROWS_A_UNIT = 4000;

/** Units in the order of the census. */
export function unitsOf(census: Census): readonly Unit[] {
  const units: Unit[] = [];
  let parts: TablePart[] = [];
  let records = 0;
  const close = (): void => {
    if (parts.length > 0) units.push({ index: units.length, records, state: parts });
    parts = [];
    records = 0;
  };
  for (const part of census.parts) {
    if (records + part.rows > ROWS_A_UNIT) close();
    parts.push(part);
    records += part.rows;
  }
  close();
  return units;
}
