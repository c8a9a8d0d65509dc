import { type ColumnMetaData, type FileMetaData, parquetMetadata, readOffsetIndex } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { partMalformed } from './errors.ts';
import { PAGE_ROWS } from './part-column.ts';

/** BYTE_ARRAY values of one page: value i is `bytes[starts[i]..ends[i])`. */
export interface TextPage {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

interface Column {
  readonly meta: ColumnMetaData;
  /** Where each page begins; one more entry for where the last one ends. */
  readonly pages: readonly number[];
  readonly columnIndexAt: number | null;
}

interface Page {
  /** Offset of the definition levels, then of the values, and the end. */
  readonly levels: number;
  readonly values: number;
  readonly end: number;
}

/** Least and greatest value of each page. */
export interface PageBounds {
  readonly min: readonly Uint8Array[];
  readonly max: readonly Uint8Array[];
}

/**
 * Reads single pages of a part that PartEncoder wrote, straight into flat arrays. Any Parquet reader reads these files;
 * this one reads no others. What it reads was authenticated by the seal; a length that does not fit is an
 * IntegrityError INDEX_PART_MALFORMED all the same.
 */
export class PartReader {
  readonly rows: number;
  readonly pages: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #columns = new Map<string, Column>();
  readonly #names = new Map<string, readonly string[]>();
  readonly #bounds = new Map<string, PageBounds | null>();

  constructor(plain: Uint8Array) {
    this.#bytes = plain;
    this.#view = new DataView(plain.buffer, plain.byteOffset, plain.length);
    const meta = readFooter(plain);
    this.rows = Number(meta.num_rows);
    this.pages = Math.ceil(this.rows / PAGE_ROWS);
    for (const chunk of meta.row_groups[0]?.columns ?? []) {
      if (chunk.meta_data === undefined) throw partMalformed('has a column without metadata');
      const pages = this.#pageOffsets(chunk.meta_data, chunk.offset_index_offset);
      const columnIndexAt = chunk.column_index_offset === undefined ? null : Number(chunk.column_index_offset);
      this.#columns.set(chunk.meta_data.path_in_schema.join('.'), { meta: chunk.meta_data, pages, columnIndexAt });
    }
  }

  /** Length of the part. */
  get bytes(): number {
    return this.#bytes.length;
  }

  has(column: string): boolean {
    return this.#columns.has(column);
  }

  /** Rows of page `page`; their numbers begin at `page * PAGE_ROWS`. */
  rowsOf(page: number): number {
    return Math.min(PAGE_ROWS, this.rows - page * PAGE_ROWS);
  }

  texts(column: string, page: number): TextPage {
    const { values, end } = this.#page(column, page);
    const rows = this.rowsOf(page);
    const starts = new Uint32Array(rows);
    const ends = new Uint32Array(rows);
    let at = values;
    for (let i = 0; i < rows; i++) {
      if (at + 4 > end) throw partMalformed(`has a page of ${column} that ends early`);
      const from = at + 4;
      at = from + this.#view.getUint32(at, true);
      if (at > end) throw partMalformed(`has a value of ${column} beyond its page`);
      starts[i] = from;
      ends[i] = at;
    }
    return { bytes: this.#bytes, starts, ends };
  }

  /** The names that the codes of a column stand for. */
  names(column: string): readonly string[] {
    const known = this.#names.get(column);
    if (known !== undefined) return known;
    const { meta } = this.#column(column);
    if (meta.dictionary_page_offset === undefined) throw partMalformed(`has no dictionary for ${column}`);
    const reader = { view: this.#view, offset: Number(meta.dictionary_page_offset) };
    const header = thrift(reader);
    const names: string[] = [];
    const end = reader.offset + Number(header.field_3);
    for (let at = reader.offset; at < end; ) {
      const from = at + 4;
      at = from + this.#view.getUint32(at, true);
      if (at > end) throw partMalformed(`has a dictionary of ${column} that ends early`);
      names.push(Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, at - from).toString());
    }
    this.#names.set(column, names);
    return names;
  }

  /** Codes of a page: places in `names`. A code without a name is possible in a malformed part only. */
  codes(column: string, page: number): ArrayLike<number> {
    const { values, end } = this.#page(column, page);
    const rows = this.rowsOf(page);
    const width = (this.#bytes[values] as number) >>> 3;
    // One bit-packed run: its header is a varint of at most three bytes for PAGE_ROWS rows.
    let at = values + 1;
    while (at < end && (this.#bytes[at] as number) > 0x7f) at++;
    at++;
    if (!(width >= 1 && width <= 3) || at + rows * width > end)
      throw partMalformed(`has a page of ${column} that ends early`);
    if (width === 1) return this.#bytes.subarray(at, at + rows);
    const codes = new Uint32Array(rows);
    for (let i = 0; i < rows; i++) {
      const from = at + i * width;
      const third = width === 3 ? (this.#bytes[from + 2] as number) : 0;
      codes[i] = (this.#bytes[from] as number) | ((this.#bytes[from + 1] as number) << 8) | (third << 16);
    }
    return codes;
  }

  /** 32-bit numbers of a page; -1 where there is none. */
  numbers(column: string, page: number): Int32Array {
    const place = this.#numberPage(column, page, 4);
    const into = new Int32Array(this.rowsOf(page));
    let at = place.values;
    if (place.levels >= place.values) {
      for (let row = 0; row < into.length; row++, at += 4) into[row] = this.#view.getInt32(at, true);
      return into;
    }
    for (let row = 0; row < into.length; row++) {
      if (this.#isNull(place, row)) into[row] = -1;
      else {
        into[row] = this.#view.getInt32(at, true);
        at += 4;
      }
    }
    return into;
  }

  /** 64-bit numbers of a page as doubles; NaN where there is none. */
  longNumbers(column: string, page: number): Float64Array {
    const place = this.#numberPage(column, page, 8);
    const into = new Float64Array(this.rowsOf(page));
    let at = place.values;
    for (let row = 0; row < into.length; row++) {
      if (this.#isNull(place, row)) into[row] = Number.NaN;
      else {
        // Within ±2^53, as the builder wrote it: exact.
        into[row] = this.#view.getInt32(at + 4, true) * 0x1_0000_0000 + this.#view.getUint32(at, true);
        at += 8;
      }
    }
    return into;
  }

  /** Bounds of each page of a column, or null where the part has a single page and so no index. */
  bounds(column: string): PageBounds | null {
    const known = this.#bounds.get(column);
    if (known !== undefined) return known;
    const at = this.#column(column).columnIndexAt;
    const bounds = at === null ? null : boundsOf(thrift({ view: this.#view, offset: at }), this.pages);
    this.#bounds.set(column, bounds);
    return bounds;
  }

  /** As #page, with `levels` at the first byte of bits; checked to hold a number for each row that has one. */
  #numberPage(column: string, page: number, size: number): Page {
    const place = this.#page(column, page);
    const rows = this.rowsOf(page);
    let bits = place.levels;
    if (bits < place.values) {
      while (bits < place.values && (this.#bytes[bits] as number) > 0x7f) bits++;
      bits++;
      if (bits + Math.ceil(rows / 8) > place.values) throw partMalformed(`has levels of ${column} that end early`);
    }
    const checked = { ...place, levels: bits };
    let present = rows;
    if (bits < place.values) for (let row = 0; row < rows; row++) if (this.#isNull(checked, row)) present--;
    if (place.values + present * size > place.end) throw partMalformed(`has a page of ${column} that ends early`);
    return checked;
  }

  #isNull({ levels, values }: Page, row: number): boolean {
    return levels < values && (((this.#bytes[levels + (row >>> 3)] as number) >>> (row & 7)) & 1) === 0;
  }

  #page(name: string, page: number): Page {
    const column = this.#column(name);
    const reader = { view: this.#view, offset: column.pages[page] as number };
    const header = thrift(reader);
    const size = Number(header.field_3);
    const levels = Number(header.field_8?.field_5 ?? 0);
    const end = reader.offset + size;
    if (
      header.field_8?.field_1 !== this.rowsOf(page) ||
      !(levels <= size) ||
      end > (column.pages[page + 1] as number)
    ) {
      throw partMalformed(`has a page of ${name} that does not fit its header`);
    }
    return { levels: reader.offset, values: reader.offset + levels, end };
  }

  #column(name: string): Column {
    const column = this.#columns.get(name);
    if (column === undefined) throw partMalformed(`has no column ${name}`);
    return column;
  }

  #pageOffsets(meta: ColumnMetaData, index: bigint | undefined): number[] {
    const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
    const end = start + Number(meta.total_compressed_size);
    const offsets = [Number(meta.data_page_offset)];
    if (index !== undefined) {
      const read = guarded(() => readOffsetIndex({ view: this.#view, offset: Number(index) }));
      offsets.splice(0, 1, ...read.page_locations.map((page) => Number(page.offset)));
    }
    if (offsets.length !== this.pages || end > this.#bytes.length || !offsets.every((at) => at >= 0 && at < end)) {
      throw partMalformed('has pages that do not lie within it');
    }
    return [...offsets, end];
  }
}

function readFooter(plain: Uint8Array): FileMetaData {
  const whole = plain.byteOffset === 0 && plain.byteLength === plain.buffer.byteLength;
  const buffer = (whole ? plain : new Uint8Array(plain)).buffer as ArrayBuffer;
  return guarded(() => parquetMetadata(buffer));
}

type Thrift = ReturnType<typeof deserializeTCompactProtocol>;

function thrift(reader: { view: DataView; offset: number }): Thrift {
  return guarded(() => deserializeTCompactProtocol(reader));
}

/** Whatever a reader of Parquet trips over means that this is not a part of ours. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw partMalformed(`cannot be read: ${cause instanceof Error ? cause.message : 'unknown fault'}`);
  }
}

function boundsOf(index: Thrift, pages: number): PageBounds {
  const { field_2: min, field_3: max } = index;
  if (!Array.isArray(min) || !Array.isArray(max) || min.length !== pages || max.length !== pages) {
    throw partMalformed('has a page index of another length');
  }
  return { min, max };
}
