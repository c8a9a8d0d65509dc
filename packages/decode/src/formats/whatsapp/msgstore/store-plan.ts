import type { Unit } from '../../../format.ts';
import { BYTES_A_STRETCH } from '../../../row-store/run-scan.ts';
import type { Census, TablePart } from './census.ts';

/** Rows that one unit takes: tables of few rows share a unit. */
const ROWS_A_UNIT = 4000;

/** Units in the order of the census. */
export function unitsOf(census: Census): readonly Unit[] {
  const units: Unit[] = [];
  let parts: TablePart[] = [];
  let records = 0;
  let bytes = 0;
  const close = (): void => {
    if (parts.length > 0) units.push({ index: units.length, records, state: parts });
    parts = [];
    records = 0;
    bytes = 0;
  };
  for (const part of census.parts) {
    if (records + part.rows > ROWS_A_UNIT || bytes + part.bytes > BYTES_A_STRETCH) close();
    parts.push(part);
    records += part.rows;
    bytes += part.bytes;
  }
  close();
  return units;
}
