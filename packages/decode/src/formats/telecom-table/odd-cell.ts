import type { ColumnRole } from './roles.ts';

/** What cells of a role look like at least: for cells that stand in the wrong column. */
const SHAPES: Partial<Record<ColumnRole, RegExp>> = {
  imei: /^(\d[\s./-]?){13,15}\d$/,
  imeisv: /^(\d[\s./-]?){15}\d$/,
  // Mobile country codes begin with 2 to 7, test networks with 0 and worldwide services with 9 (ITU-T E.212).
  imsi: /^[0-79]([\s./-]?\d){13,14}$/,
  // ITU-T E.118: telecommunication cards begin with 89.
  iccid: /^89([\s./-]?[\dF]){15,20}$/i,
  phone: /^\+?[\d\s()./-]{3,24}$/,
  ip: /^(\d{1,3}(\.\d{1,3}){3}|[\da-f:.]*:[\da-f:.]*)(:\d{1,5})?$/i,
  mac: /^([\da-f]{2}[:.-]?){5}[\da-f]{2}$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  latitude: /^[+-]?\d{1,2}([.,]\d+)?$/,
  longitude: /^[+-]?\d{1,3}([.,]\d+)?$/,
  sequence: /^\d{1,15}$/,
  rows: /^\d{1,15}$/,
  sha256: /^[\da-f]{64}$/i,
};

/** True for a cell that cannot be a value of the role. */
export function isOdd(role: ColumnRole, cell: string): boolean {
  const shape = SHAPES[role];
  return shape !== undefined && !shape.test(cell);
}
