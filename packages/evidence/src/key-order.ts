import { type CborValue, compareCborKeys } from '@custody/bytes';

/** Sorts only when a decoder did not already write its names in map order. */
export function inKeyOrder(entries: [string, CborValue][]): [string, CborValue][] {
  for (let i = 1; i < entries.length; i++) {
    if (byKey(entries[i - 1] as [string, CborValue], entries[i] as [string, CborValue]) >= 0)
      return entries.sort(byKey);
  }
  return entries;
}

/** Map order of RFC 8949 4.2.1. */
export function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  if (a[0] === b[0]) throw new Error(`a decoder wrote the name ${a[0]} twice in one item`);
  return compareCborKeys(a[0], b[0]);
}
