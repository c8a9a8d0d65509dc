import type { IndexCounts } from './index-tiles.ts';
import type { WireError } from './wire-error.ts';

/** What an indexing thread needs to know. Holds keys: it is handed to threads of this process only. */
export interface IndexThreadJob {
  readonly location: string;
  /** The verifier key the case was opened with. */
  readonly verifierKey: string;
  readonly identities: readonly string[];
  readonly recipient: string;
  readonly regions: ReadonlyMap<number, string | null>;
  readonly check: boolean;
}

export interface IndexedStretch {
  readonly counts: IndexCounts;
}

/** A thread's answer to a stretch `[from, to)` of segment ordinals. */
export type IndexAnswer = IndexedStretch | { readonly failed: WireError };
