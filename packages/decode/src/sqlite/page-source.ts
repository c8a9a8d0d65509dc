/** Which file a byte stands in: the database itself or the write-ahead log beside it. */
export type Origin = 'main' | 'wal';

/** Why a page cannot be had or used. */
export interface PageFault {
  readonly fault: string;
}

/**
 * Pages by number, from 1. Everything above reads through this, so that a page may come from a plain file, from a
 * write-ahead log or from under a page cipher. Reads never throw for what is in the file.
 */
export interface PageSource {
  readonly pageSize: number;
  /** The highest page number that can exist. */
  readonly pageCount: number;
  /** Exactly `pageSize` bytes that will not change, or why not. */
  read(page: number): Uint8Array | PageFault;
  /** Where the page's first byte stands in its file. */
  offsetOf(page: number): number;
  originOf(page: number): Origin;
}

export function isFault(value: object): value is PageFault {
  return 'fault' in value;
}
