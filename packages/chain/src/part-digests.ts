/**
 * Fields roots of a whole part at once: the hot path of every commit and of every verification with content.
 *
 * Nothing here is made per item. The openings of one column are laid end to end in a buffer that the next column uses
 * again, and digested in one batch; the digests go to their places in rows `0x03 || n || digest 1 .. n`, and the rows
 * are digested in one more batch. It goes strip by strip of some hundred leaves, so that all of this stays in the
 * processor's cache. SPEC.md section 2 has the bytes.
 */
import { type ByteColumn, digestMany, rowStart } from '@custody/bytes';
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
/** Leaves in a strip: rows and openings together then take some 150 KB. */
const STRIP = 256;

/** Fields roots of one kind in a part, in order. */
export interface KindDigests {
  readonly count: number;
  /** 32 bytes a leaf. */
  readonly roots: Uint8Array;
}

export interface PartDigests {
  readonly items: KindDigests;
  readonly findings: KindDigests;
  /** Digests of the items' raw records (field 15), 32 bytes an item: what the segment keeps in their place. */
  readonly raw: Uint8Array;
}

/** Memory that one call leaves to the next; keep one a worker. */
export class PartScratch {
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

/**
 * Fields roots and raw digests of a part. Throws a UsageError where columns do not fit each other or salts are too few,
 * FIELDS_MAP_MALFORMED where field 14 is no CBOR map. The result does not share memory with `scratch`.
 */
export function digestPart(part: LeafPart, salts: SaltSource, scratch: PartScratch = new PartScratch()): PartDigests {
  const layout = layoutPart(part);
  const { itemCount, findingCount } = layout;
  const work = { layout, salts: viewOf(takeSalts(salts, layout.blocks)), scratch };
  const raw = new Uint8Array(itemCount * HASH_LENGTH);
  const items = digestKind(part.items, ITEM_LAYOUT, { ...work, count: itemCount, block: 0, raw });
  const block = itemCount * ITEM_LAYOUT.fields;
  const findings = digestKind(part.findings, FINDING_LAYOUT, { ...work, count: findingCount, block, raw: null });
  return { items, findings, raw };
}

interface KindWork {
  readonly layout: PartLayout;
  readonly salts: DataView;
  readonly scratch: PartScratch;
  readonly count: number;
  /** Salt block of field 1 of leaf 0. */
  readonly block: number;
  /** Where the digests of field 15 go; null for findings. */
  readonly raw: Uint8Array | null;
}

/** One column of one strip. */
interface Strip {
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly scratch: PartScratch;
  readonly salts: DataView;
  /** Offset in `salts` of the salt of leaf 0. */
  readonly saltAt: number;
}

function digestKind(columns: readonly PartColumn[], shape: FieldLayout, work: KindWork): KindDigests {
  const roots = new Uint8Array(work.count * HASH_LENGTH);
  for (let from = 0; from < work.count; from += STRIP) {
    const to = Math.min(from + STRIP, work.count);
    digestStrip(columns, shape, { work, from, to, roots });
  }
  return { count: work.count, roots };
}

function digestStrip(
  columns: readonly PartColumn[],
  shape: FieldLayout,
  strip: { readonly work: KindWork; readonly from: number; readonly to: number; readonly roots: Uint8Array },
): void {
  const { work, from, to, roots } = strip;
  const { scratch, salts, layout, raw } = work;
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
function startRows({ rows, rowEnds }: PartScratch, fields: number): void {
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
