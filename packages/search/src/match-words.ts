import { compareBytes } from '@custody/bytes';
import { partMalformed } from './errors.ts';
import type { PartReader } from './part-reader.ts';
import { TILE_LEAVES } from './tile-names.ts';

/** Positions of leaves that hold all words of one of the alternatives, as marks: 1 at each position. */
export function matchWords(part: PartReader, alternatives: readonly (readonly Uint8Array[])[]): Uint8Array {
  const marks = new Uint8Array(TILE_LEAVES);
  for (const words of alternatives) {
    const counts = new Uint16Array(TILE_LEAVES);
    const all = words.every((word) => countLeaves(part, word, counts));
    if (!all) continue;
    for (let position = 0; position < TILE_LEAVES; position++) {
      if (counts[position] === words.length) marks[position] = 1;
    }
  }
  return marks;
}

/** Adds one at each position in the word's postings. False where no leaf holds the word. */
function countLeaves(part: PartReader, word: Uint8Array, counts: Uint16Array): boolean {
  const bounds = part.bounds('word');
  for (let page = 0; page < part.pages; page++) {
    const [min, max] = [bounds?.min[page], bounds?.max[page]];
    if (min !== undefined && compareBytes(word, min) < 0) return false;
    if (max !== undefined && compareBytes(word, max) > 0) continue;
    const row = findWord(part, page, word);
    if (row < 0) return false;
    const postings = part.texts('postings', page);
    addPostings(postings.bytes.subarray(postings.starts[row], postings.ends[row]), counts);
    return true;
  }
  return false;
}

/** Binary search within a page: words are sorted by their bytes. */
function findWord(part: PartReader, page: number, word: Uint8Array): number {
  const { bytes, starts, ends } = part.texts('word', page);
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareBytes(bytes.subarray(starts[middle], ends[middle]), word);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** Differences of positions in base-128 varints, at most two bytes each. */
function addPostings(postings: Uint8Array, counts: Uint16Array): void {
  let position = 0;
  for (let at = 0; at < postings.length; ) {
    let step = postings[at++] as number;
    if (step > 0x7f) step = (step & 0x7f) | ((postings[at++] as number) << 7);
    position += step;
    if (!(position < TILE_LEAVES)) throw partMalformed('lists a leaf that its segment cannot have');
    counts[position] = (counts[position] as number) + 1;
  }
}
