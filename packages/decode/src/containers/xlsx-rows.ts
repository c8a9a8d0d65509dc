import type { Finding } from '@custody/evidence';
import type { CaptureFile } from '../format.ts';
import type { XmlElement } from '../formats/xmpp-archive/xml-element.ts';
import { finding } from '../make-finding.ts';
import type { Container } from '../profile/profile.ts';
import type { Scratch } from '../scratch.ts';
import { ContainerFailure } from './container-failure.ts';
import type { ContainerReport } from './container-report.ts';
import type { RecordStore } from './record-store.ts';
import { cellsOfRow, sheetsOf } from './xlsx-cells.ts';
import { eachElement, rowNumber, XlsxParts } from './xlsx-parts.ts';

/** Excel: characters of a cell, digits of a number. */
const LONGEST_CELL = 32_767;
const LOSSY_NUMBER = /^-?[\d.]*E\+?\d+$|^\d{16,}/i;

/** The rows of a sheet, cells as their stored text: numbers as written in the XML, dates as their serial numbers. */
export async function readSheet(
  file: CaptureFile,
  { sheet, headerRow = 1 }: Extract<Container, { kind: 'xlsx' }>,
  { store, scratch }: { store: RecordStore; scratch: Scratch },
): Promise<ContainerReport> {
  const parts = new XlsxParts(file, scratch);
  const { name, others } = await findSheet(parts, sheet);
  const strings = await parts.sharedStrings();
  const source = await parts.part(name);
  if (source === null) throw new ContainerFailure(`the workbook lacks its member ${name}`);
  store.within(`${file.name}!${name}`);
  const odd = new OddCells(`${file.name}!${name}`);
  let columns: readonly string[] | null = null;
  let row = 0;
  const broken = eachElement(source, 'row', (element, found) => {
    row = rowNumber(element, row);
    const place = { row, ...found };
    if (row < headerRow) return;
    const cells = textsOf(element, strings, (cell, why) => odd.note(cell, why));
    if (columns === null) {
      columns = namesOf(cells);
      return;
    }
    if (cells === null)
      store.problem('a cell without a place, beyond column XFD, or of a string that is not there', place);
    else if (cells.some((cell) => cell !== undefined && cell !== ''))
      store.add(jsonOf(columns, cells), place, source.read(found.offset, found.length));
  });
  if (columns === null && broken !== null) throw new ContainerFailure(`the sheet cannot be read: ${broken.why}`);
  if (columns === null) throw new ContainerFailure(`the sheet has no row ${headerRow} that would name its columns`);
  const lost =
    broken === null
      ? []
      : [
          {
            offset: broken.offset,
            length: source.length - broken.offset,
            detail: `the sheet cannot be read on from here: ${broken.why}`,
          },
        ];
  return {
    columns,
    lost,
    findings: [...parts.changed(), ...odd.findings(), ...others.map((other) => notRead(file.name, other))],
  };
}

/** The sheet's member, and the names of the others. */
async function findSheet(
  parts: XlsxParts,
  wanted: string | undefined,
): Promise<{ name: string; others: readonly string[] }> {
  const sheets = await sheetsOf(parts);
  const names = sheets.map(({ name }) => name);
  const at = wanted === undefined ? 0 : names.indexOf(wanted);
  const found = sheets[at];
  if (found === undefined)
    throw new ContainerFailure(`the workbook has no sheet "${wanted ?? ''}"; it has ${names.join(', ')}`);
  if (found.member === null) throw new ContainerFailure('the workbook does not say where its sheet is');
  return { name: found.member, others: names.filter((_name, i) => i !== at) };
}

/** Text by column; undefined: no cell. Null: a row whose cells cannot be placed. */
function textsOf(
  row: XmlElement,
  strings: readonly string[],
  odd: (cell: string, why: Oddity) => void,
): (string | undefined)[] | null {
  const cells = cellsOfRow(row, strings);
  for (const cell of cells ?? []) {
    if (cell === undefined) continue;
    const { text, kind, reference } = cell;
    if (cell.formula) odd(reference, 'formula');
    if (text.length === LONGEST_CELL) odd(reference, 'cut');
    if (kind === 'n' && LOSSY_NUMBER.test(text)) odd(reference, 'number');
    if (kind === 'e') odd(reference, 'error');
  }
  return cells === null ? null : Array.from(cells, (cell) => cell?.text);
}

/** A column without a name is called by its number, a name that stands twice gets one behind it. */
function namesOf(cells: readonly (string | undefined)[] | null): readonly string[] {
  if (cells === null) throw new ContainerFailure('the row that would name the columns cannot be read');
  const seen = new Map<string, number>();
  return Array.from(cells, (cell, i) => {
    const name = cell === undefined || cell === '' ? `column ${i + 1}` : cell;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

function jsonOf(columns: readonly string[], cells: readonly (string | undefined)[]): Buffer {
  const members = Array.from(cells, (cell, i): [string, string] | null =>
    cell === undefined ? null : [columns[i] ?? `column ${i + 1}`, cell],
  );
  return Buffer.from(JSON.stringify(Object.fromEntries(members.filter((member) => member !== null))));
}

function notRead(path: string, sheet: string): Finding {
  return finding('BYTES_NOT_EXAMINED', path, {
    records: null,
    detail: `the sheet ${JSON.stringify(sheet.slice(0, 80))} is not described by the profile`,
  });
}

type Oddity = 'formula' | 'cut' | 'number' | 'error';

const WORDS: Readonly<Record<Oddity, string>> = {
  formula: 'hold formulas; the value that was computed last is shown',
  cut: `hold exactly ${LONGEST_CELL} characters, where spreadsheets cut texts off`,
  number:
    'hold numbers with an exponent or more than 15 digits: digits may have been lost when somebody saved the sheet',
  error: 'hold an error instead of a value',
};

/** Cells whose text is not, or may not be, what somebody entered: counted, with the first of each kind named. */
class OddCells {
  readonly #path: string;
  readonly #seen = new Map<Oddity, { cells: number; first: string }>();

  constructor(path: string) {
    this.#path = path;
  }

  note(cell: string, why: Oddity): void {
    const seen = this.#seen.get(why);
    if (seen === undefined) this.#seen.set(why, { cells: 1, first: cell });
    else seen.cells++;
  }

  findings(): Finding[] {
    return [...this.#seen].map(([why, { cells, first }]) =>
      finding('FIELD_COERCED', this.#path, {
        records: cells,
        detail: `${cells} cell(s), the first ${first}, ${WORDS[why]}`,
      }),
    );
  }
}
