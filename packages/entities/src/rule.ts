import type { Side } from './run-sides.ts';
import type { Scan } from './scan.ts';

/** The run is digits only. */
export const DIGITS = 1;
/** The run has letters too. */
export const MIXED = 2;

/** A run by its make-up, its length in bytes and what stands beside it. */
export interface RunPlace {
  readonly isDigits: boolean;
  readonly length: number;
  readonly before: Side;
  readonly after: Side;
}

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
  /** Whether the rule can find anything at such a run: asked once for each kind of place, never for a text. */
  mayStand?(place: RunPlace): boolean;
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
