/**
 * One strip of a part with nothing made per item: the openings of one column are laid end to end in a buffer that the
 * next column uses again, and digested in one batch; the digests go to their places in rows `0x03 || n || digest 1 .. n`,
 * and the rows are digested in one more batch.
 */
import { type ByteColumn, digestMany, rowStart } from '@custody/bytes';
import { type KindStrip, STRIP } from './kind-strip.ts';
import { ITEM_LAYOUT, ITEM_RAW_FIELD } from './kinds.ts';
import {
  ABSENT_LENGTH,
  OPENING_OVERHEAD,
  OPENING_PREFIX,
  PIECE_PREFIX,
  PIECES_PREFIX,
  ROOT_PREFIX,
  SALT_LENGTH,
} from './openings.ts';
import { type ColumnPieces, isDigestColumn, type PartColumn } from './part-layout.ts';
import { RowBuffer } from './row-buffer.ts';
import { HASH_LENGTH } from './tree.ts';

/** Prefix and field count before the digests of a row. */
const ROW_HEAD = 3;

/** Memory that one strip leaves to the next. */
export class StripScratch {
  readonly openings: RowBuffer = new RowBuffer();
  /** Rows of a strip, each the hashed form of a fields root. */
  readonly rows: Uint8Array = new Uint8Array(STRIP * (ROW_HEAD + ITEM_LAYOUT.fields * HASH_LENGTH));
  readonly rowEnds: Uint32Array = new Uint32Array(STRIP);
  readonly digests: Uint8Array = new Uint8Array(STRIP * HASH_LENGTH);
  #pieces: Uint8Array = new Uint8Array(0);

  /** Room for `count` digests of pieces. */
  pieceDigests(count: number): Uint8Array {
    const length = count * HASH_LENGTH;
    if (this.#pieces.length < length) this.#pieces = new Uint8Array(Math.ceil(length * 1.25));
    return this.#pieces;
  }
}

/** One column of one strip. */
interface Strip {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly scratch: StripScratch;
  readonly salts: DataView;
  /** Offset in `salts` of the salt of leaf 0. */
  readonly saltAt: number;
}

/** Digests a strip column by column in buffers of our own: where there is no WebAssembly, or too many pieces for it. */
export function digestStripHere(scratch: StripScratch, { work, from, to, roots }: KindStrip): void {
  const { columns, shape, layout, raw } = work;
  const salts = viewOf(work.salts);
  startRows(scratch, shape.fields);
  for (let number = 1; number <= shape.fields; number++) {
    const saltAt = (work.block + (number - 1) * work.count) * SALT_LENGTH;
    const pieces = number === shape.bodyField ? layout.body : number === shape.mapField ? layout.map : null;
    const column = columns[number - 1] as PartColumn;
    const digests = digestColumn(column, pieces, { number, from, to, scratch, salts, saltAt });
    scatter(digests, scratch.rows, { count: to - from, fields: shape.fields, number });
    if (number === ITEM_RAW_FIELD) raw?.set(digests.subarray(0, (to - from) * HASH_LENGTH), from * HASH_LENGTH);
  }
  digestMany(scratch.rows, scratch.rowEnds, roots.subarray(from * HASH_LENGTH), to - from);
}

function digestColumn(column: PartColumn, pieces: ColumnPieces | null, strip: Strip): Uint8Array {
  const { from, to, scratch } = strip;
  if (isDigestColumn(column)) return column.digests.subarray(from * HASH_LENGTH, to * HASH_LENGTH);
  if (pieces === null || pieces.first[from] === pieces.first[to]) layWhole(column, strip);
  else layInPieces(column, pieces, strip);
  scratch.openings.digestInto(scratch.digests);
  return scratch.digests;
}

/** Openings of a column of which every row is in one piece. */
function layWhole(column: ByteColumn, strip: Strip): void {
  const { from, to, scratch } = strip;
  let start = rowStart(column, from);
  scratch.openings.start(to - from, (to - from) * OPENING_OVERHEAD + ((column.ends[to - 1] as number) - start));
  for (let row = from; row < to; row++) {
    const end = column.ends[row] as number;
    layOpening(column, row, { strip, start, end });
    start = end;
  }
}

/** A column of which some rows are in pieces: first the pieces' digests, then the rows over them. */
function layInPieces(column: ByteColumn, pieces: ColumnPieces, strip: Strip): void {
  const { from, to, scratch, number } = strip;
  const base = pieces.first[from] as number;
  const count = (pieces.first[to] as number) - base;
  const pieceDigests = digestPieces(column, pieces, { strip, base, count });
  const { openings } = scratch;
  let start = rowStart(column, from);
  const bytes = (column.ends[to - 1] as number) - start;
  openings.start(to - from, (to - from) * OPENING_OVERHEAD + bytes + count * HASH_LENGTH);
  for (let row = from; row < to; row++) {
    const end = column.ends[row] as number;
    const first = (pieces.first[row] as number) - base;
    const last = (pieces.first[row + 1] as number) - base;
    if (first === last) {
      layOpening(column, row, { strip, start, end });
    } else {
      openings.head(PIECES_PREFIX, number, last - first);
      openings.copy(pieceDigests, first * HASH_LENGTH, last * HASH_LENGTH);
      openings.endRow();
    }
    start = end;
  }
}

function digestPieces(
  column: ByteColumn,
  pieces: ColumnPieces,
  { strip, base, count }: { readonly strip: Strip; readonly base: number; readonly count: number },
): Uint8Array {
  const { openings } = strip.scratch;
  const bytes = (pieces.ends[base + count - 1] as number) - (pieces.starts[base] as number);
  openings.start(count, count * OPENING_OVERHEAD + bytes);
  for (let i = base; i < base + count; i++) {
    const start = pieces.starts[i] as number;
    const end = pieces.ends[i] as number;
    openings.head(PIECE_PREFIX, strip.number, end - start);
    openings.salt(strip.salts, (pieces.block + i) * SALT_LENGTH);
    openings.copy(column.bytes, start, end);
    openings.endRow();
  }
  const digests = strip.scratch.pieceDigests(count);
  openings.digestInto(digests);
  return digests;
}

function layOpening(
  column: ByteColumn,
  row: number,
  at: { readonly strip: Strip; readonly start: number; readonly end: number },
): void {
  const { strip, start, end } = at;
  const { openings } = strip.scratch;
  const absent = column.absent[row] === 1;
  openings.head(OPENING_PREFIX, strip.number, absent ? ABSENT_LENGTH : end - start);
  openings.salt(strip.salts, strip.saltAt + row * SALT_LENGTH);
  if (!absent) openings.copy(column.bytes, start, end);
  openings.endRow();
}

/** Heads of the rows of a strip, and where each row ends. */
function startRows({ rows, rowEnds }: StripScratch, fields: number): void {
  const stride = ROW_HEAD + fields * HASH_LENGTH;
  for (let row = 0; row < STRIP; row++) {
    rows[row * stride] = ROOT_PREFIX;
    rows[row * stride + 1] = fields >>> 8;
    rows[row * stride + 2] = fields;
    rowEnds[row] = (row + 1) * stride;
  }
}

/** Puts one column's digests in their place in every row. */
function scatter(
  digests: Uint8Array,
  rows: Uint8Array,
  { count, fields, number }: { count: number; fields: number; number: number },
): void {
  const stride = ROW_HEAD + fields * HASH_LENGTH;
  const from = viewOf(digests);
  const into = viewOf(rows);
  let to = ROW_HEAD + (number - 1) * HASH_LENGTH;
  for (let row = 0; row < count; row++) {
    const at = row * HASH_LENGTH;
    // Word by word: rows are not aligned, so a DataView is the fastest copy of so few bytes.
    for (let i = 0; i < HASH_LENGTH; i += 4) into.setInt32(to + i, from.getInt32(at + i, true), true);
    to += stride;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
