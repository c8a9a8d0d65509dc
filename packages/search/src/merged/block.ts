/** Rows of a block, and the bytes of its values after which it ends: ours, so that one is read and opened in well under a millisecond. */
export const BLOCK_ROWS = 4096;
export const BLOCK_BYTES: number = 96 * 1024;

/** One stretch of a merged part's rows as a Parquet file, and what the part's index says of it. */
export interface Block<Key> {
  readonly plain: Uint8Array;
  readonly rows: number;
  readonly key: Key;
}

/** First row of a block of mentions: number of its type in the part's list, and the value. */
export interface MentionKey {
  readonly type: number;
  readonly value: Uint8Array;
}

/** First word of a block of words. */
export interface WordKey {
  readonly word: Uint8Array;
}

/** First place in a block of items, the times in it (NaN where none is dated), and how many are undated. */
export interface ItemKey {
  readonly position: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly undated: number;
}
