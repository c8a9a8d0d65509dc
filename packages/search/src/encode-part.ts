import type { ColumnChunk, ColumnMetaData, Encoding, OffsetIndex, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeIndexes } from 'hyparquet-writer/src/indexes.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { PageBytes } from './page-bytes.ts';
import { type ColumnForm, PAGE_ROWS, type PartColumn } from './part-column.ts';

/** Parquet, "File Format": it begins and ends with these four bytes. */
const MAGIC = new TextEncoder().encode('PAR1');

/**
 * A part as a Parquet file: one row group, data pages of version 2, nothing compressed (the whole part is, before it is
 * sealed), so that equal rows give equal bytes whatever the version of a compressor. The pages come from flat arrays;
 * headers, indexes and footer are hyparquet-writer's.
 */
export class PartEncoder {
  readonly #page = new PageBytes();

  /** `name` is the part and its layout version, kept in the footer. */
  encode(name: string, rows: number, columns: readonly PartColumn[]): Uint8Array {
    const writer = new ByteWriter(1 << 17);
    writer.appendBytes(MAGIC);
    const written = rows === 0 ? [] : columns.map((column) => this.#column(writer, rows, column));
    const dataEnd = writer.offset;
    writeIndexes(writer, written);
    const chunks = written.map(({ chunk }) => chunk);
    writeMetadata(writer, {
      version: 2,
      schema: [{ name: 'root', num_children: columns.length }, ...columns.map(schemaOf)],
      num_rows: BigInt(rows),
      row_groups:
        rows === 0
          ? []
          : [{ columns: chunks, total_byte_size: BigInt(dataEnd - MAGIC.length), num_rows: BigInt(rows) }],
      key_value_metadata: [{ key: 'custody.part', value: name }],
      created_by: 'custody',
      metadata_length: 0,
    });
    writer.appendBytes(MAGIC);
    return writer.getBytes().slice();
  }

  #column(writer: ByteWriter, rows: number, column: PartColumn): WrittenColumn {
    const start = writer.offset;
    const dictionary = column.form === 'choice';
    if (dictionary) this.#dictionary(writer, column.names);
    const dataStart = writer.offset;
    const pages: Bounds & OffsetIndex = { page_locations: [], min: [], max: [] };
    for (let from = 0; from < rows; from += PAGE_ROWS) {
      const offset = writer.offset;
      const to = Math.min(rows, from + PAGE_ROWS);
      this.#dataPage(writer, column, from, to);
      const size = writer.offset - offset;
      pages.page_locations.push({
        offset: BigInt(offset),
        compressed_page_size: size,
        first_row_index: BigInt(from),
      });
      if (!('bounds' in column) || column.bounds === null) continue;
      pages.min.push(bound(column, from, to, -1));
      pages.max.push(bound(column, from, to, 1));
    }
    const encodings: Encoding[] = dictionary ? ['PLAIN', 'RLE_DICTIONARY'] : ['PLAIN'];
    const meta: ColumnMetaData = {
      type: physicalType(column.form),
      encodings,
      path_in_schema: [column.name],
      codec: 'UNCOMPRESSED',
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(writer.offset - start),
      total_compressed_size: BigInt(writer.offset - start),
      data_page_offset: BigInt(dataStart),
      ...(dictionary ? { dictionary_page_offset: BigInt(start) } : {}),
    };
    return { chunk: { file_offset: BigInt(start), meta_data: meta }, offsetIndex: pages, ...columnIndexOf(pages) };
  }

  #dictionary(writer: ByteWriter, names: readonly string[]): void {
    const page = this.#page;
    page.clear();
    for (const name of names) {
      const bytes = new TextEncoder().encode(name);
      page.byteArray(bytes, 0, bytes.length);
    }
    writePageHeader(writer, {
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: page.length,
      compressed_page_size: page.length,
      dictionary_page_header: { num_values: names.length, encoding: 'PLAIN' },
    });
    writer.appendBytes(page.view());
  }

  #dataPage(writer: ByteWriter, column: PartColumn, from: number, to: number): void {
    const page = this.#page;
    page.clear();
    const nulls = column.form.endsWith('?') ? putLevels(page, column, from, to) : 0;
    const levels = page.length;
    putValues(page, column, from, to);
    writePageHeader(writer, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: page.length,
      compressed_page_size: page.length,
      data_page_header_v2: {
        num_values: to - from,
        num_nulls: nulls,
        num_rows: to - from,
        encoding: column.form === 'choice' ? 'RLE_DICTIONARY' : 'PLAIN',
        definition_levels_byte_length: levels,
        repetition_levels_byte_length: 0,
        is_compressed: false,
      },
    });
    writer.appendBytes(page.view());
  }
}

interface Bounds {
  readonly min: Uint8Array[];
  readonly max: Uint8Array[];
}

interface WrittenColumn {
  readonly chunk: ColumnChunk;
  readonly offsetIndex: OffsetIndex;
  readonly columnIndex?: NonNullable<Parameters<typeof writeIndexes>[1][number]['columnIndex']>;
}

function columnIndexOf({ min, max }: Bounds): Pick<WrittenColumn, 'columnIndex'> {
  if (min.length === 0) return {};
  const none = min.map(() => false);
  const columnIndex = { null_pages: none, min_values: min, max_values: max, boundary_order: 'UNORDERED' as const };
  return { columnIndex };
}

type ByteArrayColumn = Extract<PartColumn, { form: 'text' | 'bytes' }>;

/** The least (`sign` -1) or greatest (1) value of rows [from, to). */
function bound(column: ByteArrayColumn, from: number, to: number, sign: number): Uint8Array {
  if (column.bounds === 'sorted') return rowValue(column, sign < 0 ? from : to - 1);
  const { source, spans } = column;
  let best = place(column, from);
  let last = best;
  for (let row = from + 1; row < to; row++) {
    const at = place(column, row);
    if (at === last) continue;
    last = at;
    if (compareSpans(source, spans, at, best) * sign > 0) best = at;
  }
  return source.subarray(spans[best], spans[best + 1]);
}

/** Byte order of two spans of one array: as compareBytes, without views. */
function compareSpans(source: Uint8Array, spans: ArrayLike<number>, a: number, b: number): number {
  const startA = spans[a] as number;
  const startB = spans[b] as number;
  const lengthA = (spans[a + 1] as number) - startA;
  const lengthB = (spans[b + 1] as number) - startB;
  const shared = Math.min(lengthA, lengthB);
  for (let i = 0; i < shared; i++) {
    const difference = (source[startA + i] as number) - (source[startB + i] as number);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

function place(column: ByteArrayColumn, row: number): number {
  return column.at === null ? row : (column.at[row] as number);
}

function rowValue(column: ByteArrayColumn, row: number): Uint8Array {
  const at = place(column, row);
  return column.source.subarray(column.spans[at], column.spans[at + 1]);
}

/** Definition levels as one bit-packed run of width 1 (Parquet, "RLE / bit-packing hybrid"). Returns the number of nulls. */
function putLevels(page: PageBytes, column: PartColumn, from: number, to: number): number {
  if (column.form !== 'int32?' && column.form !== 'int64?') return 0;
  const { values } = column;
  const isNull = (row: number) =>
    column.form === 'int64?' ? Number.isNaN(values[row] as number) : (values[row] as number) < 0;
  page.varint((Math.ceil((to - from) / 8) << 1) | 1);
  let nulls = 0;
  for (let row = from; row < to; row += 8) {
    let bits = 0;
    for (let k = 0; k < 8 && row + k < to; k++) {
      if (isNull(row + k)) nulls++;
      else bits |= 1 << k;
    }
    page.u8(bits);
  }
  return nulls;
}

function putValues(page: PageBytes, column: PartColumn, from: number, to: number): void {
  switch (column.form) {
    case 'text':
    case 'bytes':
      putByteArrays(page, column, from, to);
      return;
    case 'choice':
      putCodes(page, column, from, to);
      return;
    case 'int32':
      for (let row = from; row < to; row++) page.i32(column.values[row] as number);
      return;
    case 'int32?':
      for (let row = from; row < to; row++)
        if ((column.values[row] as number) >= 0) page.i32(column.values[row] as number);
      return;
    case 'int64?':
      for (let row = from; row < to; row++) {
        if (!Number.isNaN(column.values[row] as number)) page.i64(column.values[row] as number);
      }
  }
}

function putByteArrays(page: PageBytes, column: ByteArrayColumn, from: number, to: number): void {
  const { source, spans, at } = column;
  for (let row = from; row < to; row++) {
    const span = at === null ? row : (at[row] as number);
    page.byteArray(source, spans[span] as number, spans[span + 1] as number);
  }
}

/** Dictionary indexes as one bit-packed run whose width is a whole number of bytes, so that nothing is shifted. */
function putCodes(page: PageBytes, column: Extract<PartColumn, { form: 'choice' }>, from: number, to: number): void {
  const { codes } = column;
  const size = column.names.length;
  const width = size <= 0x100 ? 1 : size <= 0x10000 ? 2 : 3;
  const groups = Math.ceil((to - from) / 8);
  page.u8(width * 8);
  page.varint((groups << 1) | 1);
  for (let row = from; row < to; row++) {
    const code = codes[row] as number;
    page.u8(code);
    if (width > 1) page.u8(code >>> 8);
    if (width > 2) page.u8(code >>> 16);
  }
  page.zeros((groups * 8 - (to - from)) * width);
}

function physicalType(form: ColumnForm): 'BYTE_ARRAY' | 'INT32' | 'INT64' {
  if (form === 'int64?') return 'INT64';
  return form.startsWith('int32') ? 'INT32' : 'BYTE_ARRAY';
}

function schemaOf(column: PartColumn): SchemaElement {
  return {
    name: column.name,
    type: physicalType(column.form),
    repetition_type: column.form.endsWith('?') ? 'OPTIONAL' : 'REQUIRED',
    ...(column.form === 'text' || column.form === 'choice'
      ? { converted_type: 'UTF8' as const, logical_type: { type: 'STRING' as const } }
      : {}),
  };
}
