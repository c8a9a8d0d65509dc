import type { CommitObject } from '@custody/chain';
import type { Counts, SuppliedKey, Unit } from '@custody/decode';
import type { Authority, Finding } from '@custody/evidence';
import type { OriginalHandle, SegmentKey, SegmentKeys } from '@custody/segment';
import type { CaptureFileSpec } from '../capture-files.ts';
import type { StageTimes } from './stage-meter.ts';
import type { WireError } from './wire-error.ts';

/** Everything a thread needs to do units of one derivation. Holds keys: it is handed to threads of this process only. */
export interface DerivationJob {
  readonly location: string;
  readonly original: OriginalHandle;
  readonly files: readonly CaptureFileSpec[];
  readonly plans: readonly FilePlan[];
  readonly keys: readonly SuppliedKey[];
  readonly scratchKey: Uint8Array;
  readonly authority: Authority;
  readonly derive: number;
  readonly deriveHash: Uint8Array;
  readonly segmentKeys: SegmentKeys;
  /** Recipient of index parts: the `evidence` compartment. */
  readonly indexRecipient: string;
  /** What opens the key of a tile whose maker died before its parts were stored: then they are completed. */
  readonly indexIdentities: readonly string[];
  readonly region: string | null;
}

/** One decoded file of the capture. */
export interface FilePlan {
  /** Index into `files`. */
  readonly file: number;
  readonly format: string;
  readonly state: unknown;
}

/** A unit of the derivation: findings alone, or a unit of one file's plan. */
export interface UnitJob {
  /** Number of the unit in the derivation; part of every segment's identity. */
  readonly unit: number;
  readonly findings?: readonly Finding[];
  /** Records that these findings account for. */
  readonly counts?: Counts;
  readonly decode?: { readonly plan: number; readonly unit: Unit };
  /** Committed before: decode for the counts only and store nothing. */
  readonly countOnly: boolean;
}

/** Tally of one unit. Items by disposition code; findings of class lost or doubt under `adverse`. */
export interface LeafTally {
  readonly items: number;
  readonly findings: number;
  readonly adverse: number;
  readonly dispositions: readonly [number, number, number, number];
}

export interface SegmentResult {
  readonly key: SegmentKey;
  readonly count: number;
  readonly root: Uint8Array;
  readonly objects: readonly CommitObject[];
  /** `[disposition code, rule, how many items]` runs in order, as the segment entry commits them. */
  readonly decisions: readonly (readonly [number, number, number])[];
}

export interface UnitDone {
  readonly unit: number;
  readonly segments: readonly SegmentResult[];
  readonly tally: LeafTally;
  readonly counts: Counts | null;
  readonly summary: unknown;
  /** Spent by the thread that did it since its last result. */
  readonly spent: StageTimes;
}

/** What a thread is told: its derivation once, then units in whatever order; `null` ends it. */
export type Order = { readonly job: DerivationJob } | { readonly unit: UnitJob } | null;

/** What a thread answers: of which unit, and the result or why there is none. */
export interface Outcome {
  readonly unit: number;
  readonly done?: UnitDone;
  readonly failed?: WireError;
}
