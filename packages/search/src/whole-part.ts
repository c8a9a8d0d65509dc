import type { PartReader } from './part-reader.ts';

/** What a merge and a query need of a part, whatever its level. */
export interface PartBlocks {
  readonly blocks: number;
  /** All types of a mentions part, by their bytes. */
  readonly types: readonly string[];
  /** Number of a block's first row in the part. */
  firstRow(block: number): number;
  block(block: number): Promise<PartReader>;
}

/** A part of a level-0 tile: read as a whole, one block. */
export function wholePart(reader: PartReader, typed: boolean): PartBlocks {
  return {
    blocks: reader.rows === 0 ? 0 : 1,
    types: typed && reader.rows > 0 ? reader.names('type') : [],
    firstRow: () => 0,
    block: async () => reader,
  };
}
