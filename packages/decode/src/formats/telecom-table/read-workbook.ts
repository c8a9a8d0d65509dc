import type { Finding } from '@custody/evidence';
import type { LostStretch } from '../../containers/container-report.ts';
import type { RecordStore } from '../../containers/record-store.ts';
import { cellsOfRow, type SheetCell, type SheetMember, sheetsOf } from '../../containers/xlsx-cells.ts';
import { eachElement, rowNumber, XlsxParts } from '../../containers/xlsx-parts.ts';
import { countsFrom1904, dateStyles } from '../../containers/xlsx-styles.ts';
import type { CaptureFile } from '../../format.ts';
import { finding } from '../../make-finding.ts';
import type { Scratch } from '../../scratch.ts';
import type { TableShape } from './read-shape.ts';
import { type GridCell, TableCollector } from './table-collector.ts';
import type { TableProfile } from './table-profile.ts';

/** The tables of a file, their rows being in the store. */
export interface StoredTables {
  readonly tables: readonly TableShape[];
  readonly lost: readonly { readonly path: string; readonly stretch: LostStretch }[];
  readonly findings: readonly Finding[];
}

export interface StoredSource {
  readonly store: RecordStore;
  readonly scratch: Scratch;
  readonly profile: TableProfile | null;
  readonly profileHash: string | null;
}

/** The sheets of a workbook that are telecom tables; of the others it is said that they are none. Throws ContainerFailure. */
export async function readWorkbook(file: CaptureFile, options: StoredSource): Promise<StoredTables> {
  const parts = new XlsxParts(file, options.scratch);
  const strings = await parts.sharedStrings();
  const isDate = await dateStyles(parts);
  const serial = (await countsFrom1904(parts)) ? '1904' : '1900';
  const out = { tables: [] as TableShape[], lost: [] as StoredTables['lost'][number][], findings: [] as Finding[] };
  for (const sheet of await sheetsOf(parts)) {
    const source = sheet.member === null ? null : await parts.part(sheet.member);
    const path = `${file.name}!${sheet.member ?? sheet.name}`;
    if (source === null) {
      out.findings.push(notRead(file, sheet, 'is not in the workbook', 'REFERENCED_BUT_ABSENT'));
      continue;
    }
    const collector = new TableCollector(path, options);
    let row = 0;
    let formulas = 0;
    const broken = eachElement(source, 'row', (element, found) => {
      if (collector.isHopeless) return;
      row = rowNumber(element, row);
      const cells = cellsOfRow(element, strings);
      const place = { row, ...found };
      if (cells === null) {
        collector.problem('a cell without a place, beyond column XFD, or of a string that is not there', place);
        return;
      }
      formulas += cells.filter((cell) => cell?.formula === true).length;
      collector.row(gridOf(cells, isDate), place, source.read(found.offset, found.length));
    });
    const { shape, findings } = collector.finish(options.profileHash, serial);
    if (shape === null) {
      out.findings.push(notRead(file, sheet, 'has no headings of a telecom table in its first rows'));
      continue;
    }
    out.tables.push(shape);
    out.findings.push(...findings, ...formulaFinding(path, formulas));
    if (broken !== null) {
      const detail = `the sheet cannot be read on from here: ${broken.why}`;
      out.lost.push({ path, stretch: { offset: broken.offset, length: source.length - broken.offset, detail } });
    }
  }
  out.findings.push(...parts.changed());
  return out;
}

function gridOf(cells: readonly (SheetCell | undefined)[], isDate: readonly boolean[]): GridCell[] {
  return Array.from(cells, (cell): GridCell => {
    if (cell === undefined) return { text: '', form: 'text' };
    const form = cell.kind !== 'n' ? 'text' : isDate[cell.style] === true ? 'date' : 'number';
    return { text: cell.text, form };
  });
}

function formulaFinding(path: string, formulas: number): Finding[] {
  if (formulas === 0) return [];
  const detail = `${formulas} cell(s) hold formulas; the value that was computed last is shown`;
  return [finding('FIELD_COERCED', path, { records: formulas, detail })];
}

function notRead(
  file: CaptureFile,
  { name }: SheetMember,
  why: string,
  code: 'BYTES_NOT_EXAMINED' | 'REFERENCED_BUT_ABSENT' = 'BYTES_NOT_EXAMINED',
): Finding {
  const detail = `the sheet ${JSON.stringify(name.slice(0, 80))} ${why}`;
  return finding(code, file.name, { records: null, detail });
}
