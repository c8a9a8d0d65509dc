/**
 * One compartment's part of a segment as columns, and which salt belongs to what in it (SPEC.md section 2, Salts):
 * a block for each (field, item), then for each (field, finding), then for each piece of field 10, then of field 14.
 */
import { type ByteColumn, rowStart } from '@custody/bytes';
import { BODY_PIECE_MAX, bodyPieceEnd, cutFieldsMap, mapHeadEnd } from './cut-pieces.ts';
import { usageError } from './errors.ts';
import { FINDING_LAYOUT, type FieldLayout, ITEM_LAYOUT } from './kinds.ts';
import { HASH_LENGTH } from './tree.ts';

/** A column of which only the field digests are at hand (32 bytes a row): raw records kept in the original. */
export interface DigestColumn {
  readonly digests: Uint8Array;
}

export type PartColumn = ByteColumn | DigestColumn;

/** The leaves of one compartment in a segment, field by field. `items[0]` is field 1 of the items. */
export interface LeafPart {
  readonly items: readonly PartColumn[];
  readonly findings: readonly PartColumn[];
}

/** Pieces of one column: those of row `i` are numbers `first[i]` to `first[i+1]`; none where the row is in one piece. */
export interface ColumnPieces {
  readonly first: Uint32Array;
  /** Offsets in the column's bytes. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Salt block of the column's piece 0. */
  readonly block: number;
}

export interface PartLayout {
  readonly itemCount: number;
  readonly findingCount: number;
  readonly body: ColumnPieces;
  readonly map: ColumnPieces;
  /** Salt blocks of the whole part. */
  readonly blocks: number;
}

/** Cuts what is in pieces and numbers the salts. Throws a UsageError where columns are missing or of unequal length. */
export function layoutPart(part: LeafPart): PartLayout {
  const itemCount = rowsOf(part.items, ITEM_LAYOUT, 'items');
  const findingCount = rowsOf(part.findings, FINDING_LAYOUT, 'findings');
  const bodyBlock = itemCount * ITEM_LAYOUT.fields + findingCount * FINDING_LAYOUT.fields;
  const body = cutColumn(part.items[ITEM_LAYOUT.bodyField - 1], itemCount, { block: bodyBlock, cut: cutBodyRow });
  const mapBlock = bodyBlock + body.ends.length;
  const map = cutColumn(part.items[ITEM_LAYOUT.mapField - 1], itemCount, { block: mapBlock, cut: cutMapRow });
  return { itemCount, findingCount, body, map, blocks: mapBlock + map.ends.length };
}

export function isDigestColumn(column: PartColumn): column is DigestColumn {
  return 'digests' in column;
}

type CutRow = (column: ByteColumn, row: number, pieces: PieceList) => void;

/** Start and end of pieces, in memory that grows by doubling. */
class PieceList {
  starts: Uint32Array = new Uint32Array(64);
  ends: Uint32Array = new Uint32Array(64);
  length = 0;

  add(start: number, end: number): void {
    if (this.length === this.ends.length) {
      this.starts = doubled(this.starts);
      this.ends = doubled(this.ends);
    }
    this.starts[this.length] = start;
    this.ends[this.length++] = end;
  }
}

function cutColumn(
  column: PartColumn | undefined,
  rows: number,
  how: { readonly block: number; readonly cut: CutRow },
): ColumnPieces {
  const first = new Uint32Array(rows + 1);
  const pieces = new PieceList();
  if (column !== undefined && !isDigestColumn(column)) {
    for (let row = 0; row < rows; row++) {
      if (column.absent[row] !== 1) how.cut(column, row, pieces);
      first[row + 1] = pieces.length;
    }
  }
  const { starts, ends, length } = pieces;
  return { first, starts: starts.subarray(0, length), ends: ends.subarray(0, length), block: how.block };
}

function cutBodyRow(column: ByteColumn, row: number, pieces: PieceList): void {
  let at = rowStart(column, row);
  const end = column.ends[row] as number;
  if (end - at <= BODY_PIECE_MAX) return;
  while (end - at > BODY_PIECE_MAX) {
    const next = bodyPieceEnd(column.bytes, at);
    pieces.add(at, next);
    at = next;
  }
  pieces.add(at, end);
}

/** Kept, since this is done for every item. */
const mapEnds: number[] = [];

function cutMapRow(column: ByteColumn, row: number, pieces: PieceList): void {
  const start = rowStart(column, row);
  const end = column.ends[row] as number;
  const ends = cutFieldsMap(column.bytes, start, end, mapEnds);
  if (ends.length < 2) return;
  let at = mapHeadEnd(column.bytes, start, end);
  for (const next of ends) {
    pieces.add(at, next);
    at = next;
  }
}

function rowsOf(columns: readonly PartColumn[], layout: FieldLayout, what: string): number {
  if (columns.length !== layout.fields) {
    throw usageError(`${what} have ${layout.fields} fields each, not ${columns.length}`);
  }
  const rows = rowCount(columns[0] as PartColumn);
  for (const column of columns) {
    if (rowCount(column) !== rows) throw usageError(`the columns of the ${what} have different numbers of rows`);
  }
  return rows;
}

function rowCount(column: PartColumn): number {
  return isDigestColumn(column) ? column.digests.length / HASH_LENGTH : column.ends.length;
}

function doubled(array: Uint32Array): Uint32Array {
  const bigger = new Uint32Array(array.length * 2);
  bigger.set(array);
  return bigger;
}
