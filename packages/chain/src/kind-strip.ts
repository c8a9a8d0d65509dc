import type { FieldLayout } from './kinds.ts';
import type { PartColumn, PartLayout } from './part-layout.ts';

/** Leaves in a strip: rows and openings together then take some 150 KB. */
export const STRIP = 256;

/** The leaves of one kind in a part. */
export interface KindWork {
  readonly columns: readonly PartColumn[];
  readonly shape: FieldLayout;
  readonly layout: PartLayout;
  readonly salts: Uint8Array;
  readonly count: number;
  /** Salt block of field 1 of leaf 0. */
  readonly block: number;
  /** Where the digests of field 15 go; null for findings. */
  readonly raw: Uint8Array | null;
}

/** Leaves `[from, to)` of a kind; their roots go to their places in `roots`. */
export interface KindStrip {
  readonly work: KindWork;
  readonly from: number;
  readonly to: number;
  readonly roots: Uint8Array;
}
