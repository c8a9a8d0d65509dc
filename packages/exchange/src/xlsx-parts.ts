import { escapeXml } from './escape-xml.ts';

/** Limits that Excel states for a workbook: rows of a sheet, UTF-16 units of a cell. */
export const SHEET_ROWS = 1_048_576;
export const CELL_CHARACTERS = 32_767;

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const SPREADSHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

export function sheetStart(): string {
  return `${HEAD}<worksheet xmlns="${SPREADSHEET}"><sheetData>\n`;
}

/** One row of text cells (ECMA-376 part 1, 18.3.1.4: t="inlineStr"), which no program takes for a number or a formula. */
export function sheetRow(row: number, cells: readonly string[]): string {
  const written = cells
    .map((cell, i) =>
      cell === ''
        ? ''
        : `<c r="${column(i)}${row}" t="inlineStr"><is><t xml:space="preserve">${cellText(cell)}</t></is></c>`,
    )
    .join('');
  return `<row r="${row}">${written}</row>\n`;
}

export function sheetEnd(): string {
  return '</sheetData></worksheet>\n';
}

/** The parts that name the sheets, by their names in the package. */
export function workbookMembers(sheets: number): (readonly [name: string, text: string])[] {
  const numbers = Array.from({ length: sheets }, (_, i) => i + 1);
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return [
    [
      '[Content_Types].xml',
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`).join('')}</Types>\n`,
    ],
    [
      '_rels/.rels',
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>\n`,
    ],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${SPREADSHEET}" xmlns:r="${RELATIONSHIPS}"><sheets>${numbers.map((n) => `<sheet name="items ${n}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>\n`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${numbers.map((n) => `<Relationship Id="rId${n}" Type="${RELATIONSHIPS}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}</Relationships>\n`,
    ],
  ];
}

/** `_x0041_` is itself an escape in a cell (ECMA-376 part 1, 22.9.2.19): evidence that holds such text is escaped once more. */
function cellText(text: string): string {
  return escapeXml(text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_'));
}

/** Letters of a column from 0: A to Z, AA … */
function column(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${column(Math.floor(index / 26) - 1)}${letter}`;
}
