import type { QueryPlan } from './query-plan.ts';
import type { TileSource } from './tile-source.ts';

/** Blocks under way for one tile: enough to hide the store's latency. */
export const BLOCKS_AT_ONCE = 4;

/** A query as one tile is asked it. */
export interface TileQuery {
  readonly source: TileSource;
  readonly plan: QueryPlan;
  /** LeafIndex of the first leaf of a segment of the tile; -1 for a segment that is not asked about. */
  readonly firstOf: (segment: number) => number;
  /** Told when the type that was asked for occurs in the tile at all. */
  readonly onType: () => void;
}
