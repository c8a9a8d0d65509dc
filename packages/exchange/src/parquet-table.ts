import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportFile, ExportFolder } from './export-folder.ts';
import type { TableColumn } from './parquet-columns.ts';

/** Rows of a row group, and the characters after which it ends before: what is in memory at a time. */
const GROUP_ROWS = 16_384;
const GROUP_CHARACTERS = 8 * 1024 * 1024;

/**
 * Writes rows as one Parquet file, a row group at a time. `sizeOf` tells about how much text a row holds. Returns the
 * number of rows.
 */
export async function writeParquetTable<Row>(
  folder: ExportFolder,
  name: string,
  table: {
    readonly columns: readonly TableColumn<Row>[];
    readonly rows: AsyncIterable<Row>;
    readonly sizeOf: (row: Row) => number;
  },
): Promise<number> {
  const file = await folder.file(name);
  const group = new RowGroups(file, table.columns);
  let size = 0;
  let count = 0;
  for await (const row of table.rows) {
    group.add(row);
    size += table.sizeOf(row);
    count++;
    if (group.rows < GROUP_ROWS && size < GROUP_CHARACTERS) continue;
    await group.flush();
    size = 0;
  }
  await group.finish();
  await file.close();
  return count;
}

class RowGroups<Row> {
  readonly #file: ExportFile;
  readonly #columns: readonly TableColumn<Row>[];
  readonly #bytes = new ByteWriter(1 << 16);
  readonly #writer: ParquetWriter;
  #values: unknown[][];
  rows = 0;

  constructor(file: ExportFile, columns: readonly TableColumn<Row>[]) {
    this.#file = file;
    this.#columns = columns;
    this.#values = columns.map(() => []);
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(({ schema }) => schema)],
      codec: 'ZSTD',
      compressors: { ZSTD: (input) => zstdCompressSync(input) },
      createdBy: 'custody',
    });
  }

  add(row: Row): void {
    for (const [i, column] of this.#columns.entries()) (this.#values[i] as unknown[]).push(column.value(row));
    this.rows++;
  }

  async flush(): Promise<void> {
    if (this.rows > 0) {
      const columnData = this.#columns.map(({ name }, i) => ({
        name,
        data: this.#values[i] as unknown[],
        offsetIndex: false,
      }));
      await this.#writer.write({ columnData, rowGroupSize: this.rows });
    }
    this.#values = this.#columns.map(() => []);
    this.rows = 0;
    await this.#handOn();
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.#writer.finish();
    await this.#handOn();
  }

  /** The writer keeps counting from the beginning of the file; its buffer begins anew. */
  async #handOn(): Promise<void> {
    await this.#file.write(this.#bytes.getBytes().slice());
    this.#bytes.index = 0;
  }
}
