import { compareBytes } from '@custody/bytes';
import { partMalformed } from './errors.ts';
import type { PartReader, TextPage } from './part-reader.ts';
import type { PositionList } from './position-list.ts';
import type { WantedWord } from './query-plan.ts';

/** A stretch of places, and the bound that all places of the tile keep to. */
export interface PlaceRange {
  readonly from: number;
  readonly to: number;
  readonly leaves: number;
}

/**
 * Adds the places in range at which a block's postings have a word. False where those that follow lie beyond the range:
 * the rows of one word go on rising from block to block.
 */
export function wordPlaces(block: PartReader, wanted: WantedWord, range: PlaceRange, into: PositionList): boolean {
  if (wanted.inPairs) {
    pairPlaces(block, wanted.bytes, range, into);
    return true;
  }
  const word = wanted.bytes;
  const bounds = block.bounds('word');
  for (let page = 0; page < block.pages; page++) {
    const [min, max] = [bounds?.min[page], bounds?.max[page]];
    if (min !== undefined && compareBytes(word, min) < 0) return false;
    if (max !== undefined && compareBytes(word, max) > 0) continue;
    const { bytes, starts, ends } = block.texts('word', page);
    const isWord = (row: number) => compareBytes(bytes.subarray(starts[row], ends[row]), word) === 0;
    let row = firstAtLeast({ bytes, starts, ends }, word);
    if (row === starts.length || !isWord(row)) continue;
    const postings = block.texts('postings', page);
    for (; row < starts.length && isWord(row); row++) {
      if (firstPosting(postings, row) >= range.to) return false;
      const isPassed = row + 1 < starts.length && isWord(row + 1) && firstPosting(postings, row + 1) <= range.from;
      if (!isPassed) addPostings(postings.bytes.subarray(postings.starts[row], postings.ends[row]), range, into);
    }
  }
  return true;
}

/** First place of the first row of a block, where that row is of the word; else null. */
export function firstPlaceOf(block: PartReader, word: Uint8Array): number | null {
  const { bytes, starts, ends } = block.texts('word', 0);
  if (compareBytes(bytes.subarray(starts[0], ends[0]), word) !== 0) return null;
  return firstPosting(block.texts('postings', 0), 0);
}

/** The first place of a row is stored as it is. */
function firstPosting({ bytes, starts, ends }: TextPage, row: number): number {
  const end = ends[row] as number;
  let place = 0;
  for (let at = starts[row] as number, shift = 0; at < end && shift < 28; at++, shift += 7) {
    const byte = bytes[at] as number;
    place |= (byte & 0x7f) << shift;
    if (byte <= 0x7f) break;
  }
  return place;
}

/** Every word that begins or ends with the character: it stands alone, or in a pair with either neighbour. */
function pairPlaces(block: PartReader, character: Uint8Array, range: PlaceRange, into: PositionList): void {
  for (let page = 0; page < block.pages; page++) {
    const { bytes, starts, ends } = block.texts('word', page);
    const postings = block.texts('postings', page);
    for (let row = 0; row < starts.length; row++) {
      const [start, end] = [starts[row] as number, ends[row] as number];
      if (
        !stands(character, bytes, { from: start, start, end }) &&
        !stands(character, bytes, { from: end - character.length, start, end })
      )
        continue;
      addPostings(postings.bytes.subarray(postings.starts[row], postings.ends[row]), range, into);
    }
  }
}

function stands(
  character: Uint8Array,
  bytes: Uint8Array,
  { from, start, end }: { readonly from: number; readonly start: number; readonly end: number },
): boolean {
  if (from < start || from + character.length > end) return false;
  for (let i = 0; i < character.length; i++) if (bytes[from + i] !== character[i]) return false;
  return true;
}

/** Binary search within a page: words are sorted by their bytes. */
function firstAtLeast({ bytes, starts, ends }: TextPage, word: Uint8Array): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(bytes.subarray(starts[middle], ends[middle]), word) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Differences of places in base-128 varints. */
function addPostings(postings: Uint8Array, { from, to, leaves }: PlaceRange, into: PositionList): void {
  let place = 0;
  for (let at = 0; at < postings.length; ) {
    let byte = postings[at++] as number;
    let step = byte & 0x7f;
    for (let shift = 7; byte > 0x7f && at < postings.length && shift < 28; shift += 7) {
      byte = postings[at++] as number;
      step |= (byte & 0x7f) << shift;
    }
    place += step;
    if (!(place < leaves)) throw partMalformed('lists a leaf that its segments cannot have');
    if (place >= from && place < to) into.push(place);
  }
}
