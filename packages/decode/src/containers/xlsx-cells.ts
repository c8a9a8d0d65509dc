import type { XmlElement } from '../formats/xmpp-archive/xml-element.ts';
import { textOf, type XlsxParts } from './xlsx-parts.ts';

/** ECMA-376 and Excel: columns A to XFD. */
const MOST_COLUMNS = 16_384;

/** One cell of a row. `kind` is its type attribute (`n` where it has none); `style` its number among the styles. */
export interface SheetCell {
  readonly text: string;
  readonly kind: string;
  readonly style: number;
  readonly reference: string;
  readonly formula: boolean;
}

/** A sheet and its member in the workbook. */
export interface SheetMember {
  readonly name: string;
  /** Null: the workbook does not say where it is. */
  readonly member: string | null;
}

/** The sheets in their order, by the workbook and its relations (ECMA-376 12.3.23). */
export async function sheetsOf(parts: XlsxParts): Promise<readonly SheetMember[]> {
  const workbook = await parts.element('xl/workbook.xml');
  const relations = await parts.element('xl/_rels/workbook.xml.rels');
  const sheets = workbook?.children.find((child) => child.name === 'sheets')?.children ?? [];
  return sheets.map((sheet) => {
    const id = [...sheet.attributes].find(([name]) => name.endsWith(' id'))?.[1];
    const target = relations?.children.find((one) => one.attributes.get('Id') === id)?.attributes.get('Target');
    const member = target === undefined ? null : target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    return { name: sheet.attributes.get('name') ?? '', member };
  });
}

/** Cells by column; undefined: no cell. Null: a row whose cells cannot be placed, or whose text is not there. */
export function cellsOfRow(row: XmlElement, strings: readonly string[]): (SheetCell | undefined)[] | null {
  const cells: (SheetCell | undefined)[] = [];
  let next = 0;
  for (const cell of row.children) {
    if (cell.name !== 'c') continue;
    const reference = cell.attributes.get('r');
    const column = reference === undefined ? next : columnOf(reference);
    if (column < 0 || column >= MOST_COLUMNS) return null;
    next = column + 1;
    const text = cellText(cell, strings);
    if (text === null) return null;
    cells[column] = {
      text,
      kind: cell.attributes.get('t') ?? 'n',
      style: Number(cell.attributes.get('s') ?? 0),
      reference: reference ?? '',
      formula: cell.children.some(({ name }) => name === 'f'),
    };
  }
  return cells;
}

function cellText(cell: XmlElement, strings: readonly string[]): string | null {
  const kind = cell.attributes.get('t') ?? 'n';
  const inline = cell.children.find(({ name }) => name === 'is');
  if (kind === 'inlineStr') return inline === undefined ? '' : textOf(inline);
  const value = cell.children.find(({ name }) => name === 'v')?.text ?? '';
  return kind === 's' ? (strings[Number(value)] ?? null) : value;
}

/** `BC12` is column 54. */
function columnOf(reference: string): number {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference)?.[1] ?? '';
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
