import type { MergedTile, MergeOutcome, MergeSource } from '@custody/search';
import type { WireError } from './wire-error.ts';

/** What a merging thread needs to know. Holds keys: it is handed to threads of this process only. */
export interface MergeThreadJob {
  readonly location: string;
  readonly recipient: string;
  readonly identities: readonly string[];
  /** Leaves the tiles below in place. */
  readonly keepNarrow: boolean;
}

/** One tile to be made, with all that names its inputs. */
export interface MergeOrder {
  readonly tile: MergedTile;
  readonly sources: readonly MergeSource[];
}

export interface Merged {
  readonly outcome: MergeOutcome;
}

export type MergeAnswer = Merged | { readonly failed: WireError };
