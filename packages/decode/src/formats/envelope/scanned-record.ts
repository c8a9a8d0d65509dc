import type { RecordLayout } from '../../profile/layout.ts';
import type { Place } from './finding-folder.ts';
import type { RecordValues } from './record-values.ts';

/** Records that are scanned, and opened together, before the first of them is written. */
export const WINDOW = 256;

/** One record of a window as the scanner found it. Used again for a record of the next window. */
export class ScannedRecord implements Place {
  row = 0;
  /** In the bytes of the unit. */
  offset = 0;
  length = 0;
  readonly values: RecordValues;
  /** Why it cannot be read, and at which byte of the record where that can be told. */
  problem: string | null = null;
  problemAt: number | null = null;
  /** Null: a type of record that the profile does not describe. */
  layout: RecordLayout | null = null;
  /** A name that the profile does not read stands twice. */
  twice = false;
  /** Number of its payload among those opened together, or -1. */
  staged = -1;

  constructor(values: RecordValues) {
    this.values = values;
  }

  renew(row: number, offset: number, length: number): void {
    this.row = row;
    this.offset = offset;
    this.length = length;
    this.problem = null;
    this.problemAt = null;
    this.layout = null;
    this.twice = false;
    this.staged = -1;
  }
}
