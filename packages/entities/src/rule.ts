import type { Scan } from './scan.ts';

/** The run is digits only. */
export const DIGITS = 1;
/** The run has letters too. */
export const MIXED = 2;

/**
 * Looks at a run of letters and digits that holds a digit (`scan.runStart..runEnd`) and reports what it is. To add a
 * type: write a file with one of these and name it in rules/index.ts. A rule reads a bounded number of bytes beyond
 * the run, or scanning is no longer linear.
 */
export interface RunRule {
  readonly shapes: number;
  /** Length of the run in bytes, both inclusive; not counting what the rule joins to it across separators. */
  readonly minLength: number;
  readonly maxLength: number;
  match(scan: Scan): void;
}

/**
 * Looks at a sign (`@`, `:` or `.`) at offset `at` and reports what stands around it. Returns the offset up to which
 * nothing more can begin with this sign; at most `at` when it found nothing.
 */
export interface SignRule {
  readonly sign: number;
  match(scan: Scan, at: number): number;
}
