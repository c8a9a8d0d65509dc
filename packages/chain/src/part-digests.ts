/**
 * Fields roots of a whole part at once: the hot path of every commit and of every verification with content.
 *
 * Nothing here is made per item. The openings of one column are laid end to end in a buffer that the next column uses
 * again, and digested in one batch; the digests go to their places in rows `0x03 || n || digest 1 .. n`, and the rows
 * are digested in one more batch. SPEC.md section 2 has the bytes.
 */
import { type ByteColumn, digestMany } from '@custody/bytes';
import { FINDING_LAYOUT, type FieldLayout, ITEM_LAYOUT, ITEM_RAW_FIELD } from './kinds.ts';
import {
  ABSENT_LENGTH,
  OPENING_OVERHEAD,
  OPENING_PREFIX,
  PIECE_PREFIX,
  PIECES_PREFIX,
  ROOT_PREFIX,
  SALT_LENGTH,
} from './openings.ts';
import {
  type ColumnPieces,
  isDigestColumn,
  type LeafPart,
  layoutPart,
  type PartColumn,
  type PartLayout,
} from './part-layout.ts';
import { RowBuffer } from './row-buffer.ts';
import { type SaltSource, takeSalts } from './salts.ts';
import { HASH_LENGTH } from './tree.ts';

/** Prefix and field count before the digests of a row. */
const ROW_HEAD = 3;

/** Fields roots of one kind in a part, in order. */
export interface KindDigests {
  readonly count: number;
  /** Fields of each leaf. */
  readonly fields: number;
  /** 32 bytes a leaf. */
  readonly roots: Uint8Array;
  /** A row a leaf: `0x03 || n u16 || digest 1 .. n`, the hashed form of its root. */
  readonly rows: Uint8Array;
}

export interface PartDigests {
  readonly items: KindDigests;
  readonly findings: KindDigests;
  /** Digests of the items' raw records (field 15), 32 bytes an item: what the segment keeps in their place. */
  readonly raw: Uint8Array;
}

/** Memory that one call leaves to the next; keep one a worker. */
export class PartScratch {
  readonly rows: RowBuffer = new RowBuffer();
  #digests: Uint8Array = new Uint8Array(4096 * HASH_LENGTH);
  #pieces: Uint8Array = new Uint8Array(0);

  /** Room for `count` digests; overwritten by the next call. */
  digests(count: number): Uint8Array {
    this.#digests = grown(this.#digests, count * HASH_LENGTH);
    return this.#digests;
  }

  /** Room for `count` digests of pieces, apart from `digests`. */
  pieceDigests(count: number): Uint8Array {
    this.#pieces = grown(this.#pieces, count * HASH_LENGTH);
    return this.#pieces;
  }
}

/**
 * Fields roots and raw digests of a part. Throws a UsageError where columns do not fit each other or salts are too few,
 * FIELDS_MAP_MALFORMED where field 14 is no CBOR map. The result does not share memory with `scratch`.
 */
export function digestPart(part: LeafPart, salts: SaltSource, scratch: PartScratch = new PartScratch()): PartDigests {
  const layout = layoutPart(part);
  const work = { layout, salts: viewOf(takeSalts(salts, layout.blocks)), scratch };
  const { itemCount, findingCount } = layout;
  const findingBlock = itemCount * ITEM_LAYOUT.fields;
  const items = digestKind(part.items, ITEM_LAYOUT, { ...work, count: itemCount, block: 0 });
  const findings = digestKind(part.findings, FINDING_LAYOUT, { ...work, count: findingCount, block: findingBlock });
  return { items, findings, raw: fieldDigestsOf(items, ITEM_RAW_FIELD) };
}

/** Digests of one field of all leaves, 32 bytes each. */
export function fieldDigestsOf(kind: KindDigests, number: number): Uint8Array {
  const out = new Uint8Array(kind.count * HASH_LENGTH);
  const stride = ROW_HEAD + kind.fields * HASH_LENGTH;
  for (let row = 0; row < kind.count; row++) {
    const at = row * stride + ROW_HEAD + (number - 1) * HASH_LENGTH;
    out.set(kind.rows.subarray(at, at + HASH_LENGTH), row * HASH_LENGTH);
  }
  return out;
}

interface KindWork {
  readonly layout: PartLayout;
  readonly salts: DataView;
  readonly scratch: PartScratch;
  readonly count: number;
  /** Salt block of field 1 of leaf 0. */
  readonly block: number;
}

interface ColumnWork {
  readonly number: number;
  readonly count: number;
  readonly scratch: PartScratch;
  readonly salts: DataView;
  /** Offset in `salts` of the salt of row 0. */
  readonly saltAt: number;
}

function digestKind(columns: readonly PartColumn[], shape: FieldLayout, work: KindWork): KindDigests {
  const { count, scratch, salts } = work;
  const rows = emptyRows(count, shape.fields);
  for (let number = 1; number <= shape.fields; number++) {
    const saltAt = (work.block + (number - 1) * count) * SALT_LENGTH;
    const pieces = number === shape.bodyField ? work.layout.body : number === shape.mapField ? work.layout.map : null;
    const digests = digestColumn(columns[number - 1] as PartColumn, pieces, { number, count, scratch, salts, saltAt });
    scatter(digests, rows, { count, fields: shape.fields, number });
  }
  const stride = ROW_HEAD + shape.fields * HASH_LENGTH;
  const ends = Uint32Array.from({ length: count }, (_, row) => (row + 1) * stride);
  const roots = new Uint8Array(count * HASH_LENGTH);
  digestMany(rows, ends, roots);
  return { count, fields: shape.fields, roots, rows };
}

function digestColumn(column: PartColumn, pieces: ColumnPieces | null, work: ColumnWork): Uint8Array {
  if (isDigestColumn(column)) return column.digests;
  if (pieces === null || pieces.ends.length === 0) return digestWhole(column, work);
  return digestInPieces(column, pieces, work);
}

/** A column of which every row is in one piece. */
function digestWhole(column: ByteColumn, work: ColumnWork): Uint8Array {
  const { count, scratch } = work;
  scratch.rows.start(count, count * OPENING_OVERHEAD + column.bytes.length);
  let start = 0;
  for (let row = 0; row < count; row++) {
    const end = column.ends[row] as number;
    layOpening(column, row, { work, start, end });
    start = end;
  }
  const digests = scratch.digests(count);
  scratch.rows.digestInto(digests);
  return digests;
}

/** A column of which some rows are in pieces: first the pieces, then the rows over the pieces' digests. */
function digestInPieces(column: ByteColumn, pieces: ColumnPieces, work: ColumnWork): Uint8Array {
  const { count, scratch, number } = work;
  const pieceDigests = digestPieces(column, pieces, work);
  const { rows } = scratch;
  rows.start(count, count * OPENING_OVERHEAD + column.bytes.length + pieces.ends.length * HASH_LENGTH);
  let start = 0;
  for (let row = 0; row < count; row++) {
    const end = column.ends[row] as number;
    const first = pieces.first[row] as number;
    const last = pieces.first[row + 1] as number;
    if (first === last) {
      layOpening(column, row, { work, start, end });
    } else {
      rows.head(PIECES_PREFIX, number, last - first);
      rows.copy(pieceDigests, first * HASH_LENGTH, last * HASH_LENGTH);
      rows.endRow();
    }
    start = end;
  }
  const digests = scratch.digests(count);
  rows.digestInto(digests);
  return digests;
}

function digestPieces(column: ByteColumn, pieces: ColumnPieces, work: ColumnWork): Uint8Array {
  const { rows } = work.scratch;
  const count = pieces.ends.length;
  rows.start(count, count * OPENING_OVERHEAD + column.bytes.length);
  for (let i = 0; i < count; i++) {
    const start = pieces.starts[i] as number;
    const end = pieces.ends[i] as number;
    const salt = (pieces.block + i) * SALT_LENGTH;
    rows.head(PIECE_PREFIX, work.number, end - start);
    rows.salt(work.salts, salt);
    rows.copy(column.bytes, start, end);
    rows.endRow();
  }
  const digests = work.scratch.pieceDigests(count);
  rows.digestInto(digests);
  return digests;
}

function layOpening(
  column: ByteColumn,
  row: number,
  at: { readonly work: ColumnWork; readonly start: number; readonly end: number },
): void {
  const { work, start, end } = at;
  const { rows } = work.scratch;
  const absent = column.absent[row] === 1;
  const salt = work.saltAt + row * SALT_LENGTH;
  rows.head(OPENING_PREFIX, work.number, absent ? ABSENT_LENGTH : end - start);
  rows.salt(work.salts, salt);
  if (!absent) rows.copy(column.bytes, start, end);
  rows.endRow();
}

function emptyRows(count: number, fields: number): Uint8Array {
  const stride = ROW_HEAD + fields * HASH_LENGTH;
  const rows = new Uint8Array(count * stride);
  for (let at = 0; at < rows.length; at += stride) {
    rows[at] = ROOT_PREFIX;
    rows[at + 1] = fields >>> 8;
    rows[at + 2] = fields;
  }
  return rows;
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

function grown(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.length >= length ? bytes : new Uint8Array(Math.ceil(length * 1.25));
}
