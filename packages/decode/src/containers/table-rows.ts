import type { CaptureFile } from '../format.ts';
import { MOST_COLUMNS, readRow } from '../formats/envelope/csv-scanner.ts';
import { RowSplitter } from '../formats/envelope/splitter.ts';
import type { Container } from '../profile/profile.ts';
import { ContainerFailure } from './container-failure.ts';
import type { ContainerReport } from './container-report.ts';
import { MisreadText } from './misread-text.ts';
import type { RecordStore } from './record-store.ts';
import { textForm } from './text-encoding.ts';
import { type TextRecord, walkText } from './text-records.ts';

/** Rows of a table of text in any encoding: RFC 4180, the delimiter as declared. */
export function readTable(
  file: CaptureFile,
  container: Extract<Container, { kind: 'table' }>,
  store: RecordStore,
): ContainerReport {
  const form = textForm(file.source, container.encoding);
  const dialect = { delimiter: container.delimiter.charCodeAt(0), quote: container.quote.charCodeAt(0) };
  const misread = new MisreadText();
  let columns: readonly string[] | null = container.columns ?? null;
  const onRecord = ({ text, bytes, place }: TextRecord) => {
    const cells = text === null ? null : readRow(Buffer.from(text), dialect);
    if (columns === null) {
      columns = headerOf(cells);
      return;
    }
    if (text !== null) misread.look(text, place.row);
    if (text === null) store.problem(`bytes that are not ${form.encoding}`, place);
    else if (cells === null) store.problem('a row with quotes, NULs or line ends where none may stand', place);
    else if (cells.length !== columns.length)
      store.problem(`${cells.length} fields where the table has ${columns.length} columns`, place);
    else store.add(jsonOf(columns, cells), place, bytes);
  };
  const lost = walkText(file.source, form, { splitter: new RowSplitter(dialect), onRecord });
  if (columns === null) throw new ContainerFailure('the table has no header: the file is empty');
  return { columns, lost, findings: misread.findings(file.name) };
}

function headerOf(cells: readonly string[] | null): readonly string[] {
  if (cells === null) {
    throw new ContainerFailure(
      `the first row is no header of a table: it has more than ${MOST_COLUMNS} columns, or quotes or NULs where none may stand`,
    );
  }
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of cells) (seen.has(name) ? twice : seen).add(name);
  if (twice.size > 0) {
    const names = [...twice].slice(0, 20).map((name) => JSON.stringify(name));
    throw new ContainerFailure(`the header names a column twice: ${names.join(', ')}`);
  }
  return cells;
}

function jsonOf(columns: readonly string[], cells: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, cells[i]]))));
}
