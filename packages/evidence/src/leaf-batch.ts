import type { ByteColumn } from '@custody/bytes';
import type { Party } from './item.ts';
import type { ItemKind } from './item-kinds.ts';

/**
 * What the scope rule and the index need of the items of a batch, without decoding a field again.
 * It is derived from the columns and not committed to: `factsOf` gives the same from stored columns.
 */
export interface BatchFacts {
  /** Kind of each item. */
  readonly kinds: readonly ItemKind[];
  readonly platforms: readonly string[];
  /** Milliseconds since 1970 UTC of `sentAt`; NaN where there is none. */
  readonly sentMs: Float64Array;
  /** By item row, the bounds of a `sentAt` of which nothing more is known: `[from, to)`, milliseconds UTC. */
  readonly sentWithin: ReadonlyMap<number, readonly [number, number]>;
  /** Distinct parties of the batch. */
  readonly parties: readonly Party[];
  /** Parties of item `i` are `partyIds[partyEnds[i-1] .. partyEnds[i])`: sender, recipients, owner, in this order, each once. */
  readonly partyIds: Uint32Array;
  readonly partyEnds: Uint32Array;
}

/** Items and findings of one stretch of a capture, in capture order, column by column. */
export interface LeafBatch {
  readonly count: number;
  /** LEAF_ITEM or LEAF_FINDING for each leaf. */
  readonly kinds: Uint8Array;
  /** For each leaf its row in `items` or `findings`. */
  readonly rows: Uint32Array;
  /** Columns of item fields; `items[slot - 1]`. */
  readonly items: readonly ByteColumn[];
  /** Columns of finding fields; `findings[slot - 1]`. */
  readonly findings: readonly ByteColumn[];
  readonly facts: BatchFacts;
}
