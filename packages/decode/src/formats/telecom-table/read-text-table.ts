import { MisreadText } from '../../containers/misread-text.ts';
import { textForm } from '../../containers/text-encoding.ts';
import { type TextRecord, walkText } from '../../containers/text-records.ts';
import type { CaptureFile } from '../../format.ts';
import { readRow } from '../envelope/csv-scanner.ts';
import { LineSplitter, RowSplitter } from '../envelope/splitter.ts';
import { dialect, recogniseBelow } from './read-shape.ts';
import type { StoredSource, StoredTables } from './read-workbook.ts';
import { type GridCell, TableCollector } from './table-collector.ts';
import type { FixedColumn } from './table-profile.ts';

const HEAD = 64 * 1024;

/**
 * A table of text that the plain decoder does not take: in UTF-16 or a declared encoding, with lines above its headings,
 * or with fields at fixed places. Throws ContainerFailure.
 */
export function readTextTable(file: CaptureFile, options: StoredSource): StoredTables {
  const { profile, profileHash } = options;
  const form = textForm(file.source, profile?.encoding);
  const fixed = profile?.fixed;
  const delimiter = profile?.delimiter ?? recogniseBelow(headOf(file, form.encoding, form.mark))?.delimiter ?? ',';
  const names = fixed?.columns.map(({ name }) => name);
  const collector = new TableCollector(file.name, { ...options, ...(names !== undefined && { names }) });
  const misread = new MisreadText();
  const onRecord = ({ text, bytes, place }: TextRecord) => {
    if (fixed !== undefined && place.row <= (fixed.skip ?? 0)) return;
    if (text === null) {
      collector.problem(`bytes that are not ${form.encoding}`, place);
      return;
    }
    misread.look(text, place.row);
    const cells = fixed === undefined ? readRow(Buffer.from(text), dialect(delimiter)) : cut(text, fixed.columns);
    if (cells === null) collector.problem('a row with quotes, NULs or line ends where none may stand', place);
    else collector.row(cells.map(asText), place, bytes);
  };
  const splitter = fixed === undefined ? new RowSplitter(dialect(delimiter)) : new LineSplitter();
  const lost = walkText(file.source, form, { splitter, onRecord });
  const { shape, findings } = collector.finish(profileHash, '1900');
  return {
    tables: shape === null ? [] : [shape],
    lost: lost.map((stretch) => ({ path: file.name, stretch })),
    findings: [...findings, ...misread.findings(file.name)],
  };
}

/** The beginning of a text as UTF-8. */
export function headOf(file: Pick<CaptureFile, 'source'>, encoding: string, mark: number): Buffer {
  const head = file.source.read(mark, HEAD);
  return Buffer.from(new TextDecoder(encoding, { ignoreBOM: true }).decode(head));
}

function cut(text: string, columns: readonly FixedColumn[]): string[] | null {
  const characters = [...text];
  return columns.map(({ from, to }) => characters.slice(from, to).join('').trim());
}

function asText(text: string): GridCell {
  return { text, form: 'text' };
}
