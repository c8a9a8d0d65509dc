import { PLACE_NUMBERS, type RecordBlock } from '../../containers/record-store.ts';
import type { RecordLayout } from '../../profile/layout.ts';
import type { Place } from './finding-folder.ts';
import type { RecordValues } from './record-values.ts';

/** Records that are scanned, and opened together, before the first of them is written. */
export const WINDOW = 512;

/** A record's place in the bytes of its unit, and where it was found. */
export interface FoundPlace extends Place {
  readonly foundAt: number;
  readonly foundLength: number;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** One record of a window as the scanner found it. Used again for a record of the next window. */
export class ScannedRecord implements FoundPlace {
  row = 0;
  /** In the bytes of the unit. */
  offset = 0;
  length = 0;
  /** In the file, or in what its locators name. */
  foundAt = 0;
  foundLength = 0;
  /** The record as found is `raw[rawStart..rawEnd)`. */
  raw: Buffer = NOTHING;
  rawStart = 0;
  rawEnd = 0;
  readonly values: RecordValues;
  /** Why it cannot be read, and at which byte of the record where that can be told. */
  problem: string | null = null;
  problemAt: number | null = null;
  /** Null: a type of record that the profile does not describe. */
  layout: RecordLayout | null = null;
  /** A name that the profile does not read stands twice. */
  twice = false;
  /** Number of its payload among those opened together, or -1. */
  staged = -1;

  constructor(values: RecordValues) {
    this.values = values;
  }

  /** The record stands in the file as it stands in the unit's bytes, which begin at `shift` of the file. */
  foundIn(bytes: Buffer, shift: number): void {
    this.foundAt = shift + this.offset;
    this.foundLength = this.length;
    this.raw = bytes;
    this.rawStart = this.offset;
    this.rawEnd = this.offset + this.length;
  }

  renew(row: number, offset: number, length: number): void {
    this.row = row;
    this.offset = offset;
    this.length = length;
    this.problem = null;
    this.problemAt = null;
    this.layout = null;
    this.twice = false;
    this.staged = -1;
  }
}

/** Makes `record` the one with that number in the block. False: its container gave no fields, `problem` says why. */
export function placeRecord(record: ScannedRecord, block: RecordBlock, number: number): boolean {
  const at = number * PLACE_NUMBERS;
  const [row, foundAt, foundLength, lineAt, lineLength, rawAt, rawLength, isProblem] = block.places.subarray(
    at,
    at + PLACE_NUMBERS,
  ) as unknown as [number, number, number, number, number, number, number, number];
  record.renew(row, lineAt, lineLength);
  record.foundIn(block.lines, 0);
  record.foundAt = foundAt;
  record.foundLength = foundLength;
  if (rawLength >= 0) {
    record.raw = block.raws;
    record.rawStart = rawAt;
    record.rawEnd = rawAt + rawLength;
  }
  if (isProblem === 0) return true;
  record.problem = block.lines.toString('utf8', lineAt, lineAt + lineLength);
  return false;
}

/** Whether two records of the same bytes say the same, byte by byte. */
export function isCopy(bytes: Buffer, place: FoundPlace, { offset, length }: FoundPlace): boolean {
  if (place.length !== length) return false;
  return bytes.compare(bytes, offset, offset + length, place.offset, place.offset + length) === 0;
}
