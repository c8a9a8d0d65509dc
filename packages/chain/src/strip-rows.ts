/** One strip of a part by the rows of digests of @custody/bytes: no value of it is touched here. */
import { type ByteColumn, type DigestRows, rowStart, type SaltedValues } from '@custody/bytes';
import { type KindStrip, STRIP } from './kind-strip.ts';
import { type FieldLayout, ITEM_RAW_FIELD } from './kinds.ts';
import { OPENING_PREFIX, PIECE_PREFIX, PIECES_PREFIX, ROOT_PREFIX, SALT_LENGTH } from './openings.ts';
import { type ColumnPieces, isDigestColumn, type PartColumn, type PartLayout } from './part-layout.ts';
import { HASH_LENGTH } from './tree.ts';

/** Of a row in pieces, among the marks of values: there is no digest of it in one piece. */
const IN_PIECES = 2;

/** Filled again for each column in pieces. */
const marks = new Uint8Array(STRIP);
const firsts = new Uint32Array(STRIP + 1);

/** True where the pieces of the strip are no more than there is room for. */
export function fitsRows(rows: DigestRows, { work, from, to }: KindStrip): boolean {
  const fits = ({ first }: ColumnPieces) => (first[to] as number) - (first[from] as number) <= rows.mostParts;
  return work.shape.mapField === undefined || (fits(work.layout.body) && fits(work.layout.map));
}

export function digestStripRows(rows: DigestRows, strip: KindStrip): void {
  const { work, from, to, roots } = strip;
  const { columns, shape } = work;
  const count = to - from;
  rows.start(ROOT_PREFIX, shape.fields, count);
  for (let number = 1; number <= shape.fields; number++) {
    const column = columns[number - 1] as PartColumn;
    const raw = number === ITEM_RAW_FIELD ? work.raw : null;
    if (isDigestColumn(column)) {
      rows.partDigests.set(column.digests.subarray(from * HASH_LENGTH, to * HASH_LENGTH));
      rows.placeParts(number - 1);
    } else if (raw !== null) {
      rows.parts(valuesOf(column, number, strip, null));
      rows.placeParts(number - 1);
    } else {
      digestColumn(rows, column, number, { strip, pieces: piecesOf(work.layout, shape, number) });
    }
    raw?.set(rows.partDigests.subarray(0, count * HASH_LENGTH), from * HASH_LENGTH);
  }
  roots.set(rows.finish(), from * HASH_LENGTH);
}

function piecesOf(layout: PartLayout, shape: FieldLayout, number: number): ColumnPieces | null {
  if (number === shape.bodyField) return layout.body;
  return number === shape.mapField ? layout.map : null;
}

/** A column of which some rows may be in pieces: the pieces' digests, those of the other rows, the lists over pieces. */
function digestColumn(
  rows: DigestRows,
  column: ByteColumn,
  number: number,
  { strip, pieces }: { readonly strip: KindStrip; readonly pieces: ColumnPieces | null },
): void {
  const { from, to, work } = strip;
  if (pieces === null || pieces.first[from] === pieces.first[to]) {
    rows.column(number - 1, valuesOf(column, number, strip, column.absent.subarray(from, to)));
    return;
  }
  const base = pieces.first[from] as number;
  const last = pieces.first[to] as number;
  for (let row = from; row < to; row++) {
    const first = pieces.first[row] as number;
    firsts[row - from] = first - base;
    marks[row - from] = pieces.first[row + 1] === first ? (column.absent[row] as number) : IN_PIECES;
  }
  firsts[to - from] = last - base;
  rows.parts({
    prefix: PIECE_PREFIX,
    number,
    data: column.bytes,
    starts: pieces.starts.subarray(base, last),
    first: 0,
    ends: pieces.ends.subarray(base, last),
    marks: null,
    salts: saltsAt(work.salts, pieces.block + base, last - base),
  });
  rows.column(number - 1, valuesOf(column, number, strip, marks.subarray(0, to - from)));
  rows.lists(number - 1, { prefix: PIECES_PREFIX, number, first: firsts.subarray(0, to - from + 1) });
}

function valuesOf(
  column: ByteColumn,
  number: number,
  { work, from, to }: KindStrip,
  marked: Uint8Array | null,
): SaltedValues {
  return {
    prefix: OPENING_PREFIX,
    number,
    data: column.bytes,
    starts: null,
    first: rowStart(column, from),
    ends: column.ends.subarray(from, to),
    marks: marked ?? column.absent.subarray(from, to),
    salts: saltsAt(work.salts, work.block + (number - 1) * work.count + from, to - from),
  };
}

function saltsAt(salts: Uint8Array, block: number, count: number): Uint8Array {
  return salts.subarray(block * SALT_LENGTH, (block + count) * SALT_LENGTH);
}
