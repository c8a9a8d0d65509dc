import type { CaptureFile } from '../format.ts';
import type { Container } from '../profile/profile.ts';
import type { Scratch } from '../scratch.ts';
import { readBinaryStream } from './binary-stream.ts';
import type { ContainerReport } from './container-report.ts';
import { readFixedLines } from './fixed-lines.ts';
import { readJsonArray } from './json-array.ts';
import type { RecordStore } from './record-store.ts';
import { readSqlRows } from './sql-rows.ts';
import { readSqliteRows } from './sqlite-rows.ts';
import { readTable } from './table-rows.ts';
import { readSheet } from './xlsx-rows.ts';
import { readXmlRecords } from './xml-records.ts';

/** A container whose records must be turned into JSON before the decoder reads them. */
export type StoredContainer = Exclude<Container, { kind: 'ndjson' | 'csv' }>;

/**
 * Puts every record of a container into the store, in its order, in memory for a few records only.
 * @throws ContainerFailure where the file is no such container.
 */
export async function readContainer(
  file: CaptureFile,
  container: StoredContainer,
  { store, scratch }: { store: RecordStore; scratch: Scratch },
): Promise<ContainerReport> {
  switch (container.kind) {
    case 'table':
      return readTable(file, container, store);
    case 'fixed':
      return readFixedLines(file, container, store);
    case 'json':
      return readJsonArray(file, container, store);
    case 'xml':
      return readXmlRecords(file, container, store);
    case 'xlsx':
      return readSheet(file, container, { store, scratch });
    case 'sqlite':
      return readSqliteRows(file, container, store);
    case 'sql':
      return readSqlRows(file, container, store);
    default:
      return readBinaryStream(file, container, store);
  }
}
