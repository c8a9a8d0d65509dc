/** Members that every exhibit has. */
export const DOCUMENT_NAME = 'exhibit.json';
export const PAGE_NAME = 'exhibit.html';
export const CHECKPOINT_NAME = 'checkpoint';
export const SUMS_NAME = 'manifest-sha256.txt';

/** Member that holds raw record `i` of an item. */
export function rawName(index: number, i: number): string {
  return `raw/${index}-${i}.bin`;
}
