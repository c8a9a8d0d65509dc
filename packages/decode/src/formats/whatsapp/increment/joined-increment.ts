import type { ScratchHandle } from '../../../scratch.ts';
import type { IncrementUnit } from './increment-store.ts';

/** An incremental backup that is decoded together with the whole one. */
export interface JoinedIncrement {
  readonly handle: ScratchHandle;
  readonly path: string;
  /** Earlier records of its messages: `readEarlier`. */
  readonly earlier: ScratchHandle;
}

/** A unit of an incremental backup within the plan of the whole one. */
export interface JoinedUnit {
  readonly joined: number;
  readonly unit: IncrementUnit;
}
