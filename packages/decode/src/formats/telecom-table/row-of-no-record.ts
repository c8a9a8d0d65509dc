import { isEmptyMark } from './empty-mark.ts';
import { isOdd } from './odd-cell.ts';
import { type Column, kindOfNames } from './read-shape.ts';

const TOTAL =
  /^(grand |sub-?|sous-?|zwischen|tussen)?(total(en|s|e|i)?|totaal|gesamt|gesamtsumme|summe|somme|suma|summa|razem|łącznie|toplam|итого|всего)(?![\p{L}\p{N}])/iu;
/** Ours: totals and titles are short; a longer cell is content. */
const LONGEST_TITLE = 120;
const TELEPHONE = /^\+?\d[\d\s().-]{2,23}$/;
/** Roles that name somebody or something. */
const NAMING: ReadonlySet<string> = new Set(
  'imei imeisv imsi iccid phone mac ip email caller called account box'.split(' '),
);

/** What a row is that is no record. `doubt`: rows behind it may be misread. */
export interface NoRecord {
  readonly why: string;
  readonly doubt: boolean;
}

/** Says of a row between others that it is no record: headings again, totals, titles, nothing. Null for a record. */
export function noRecord(columns: readonly Column[], cells: readonly string[]): NoRecord | null {
  const filled = filledOf(cells);
  const [first] = filled;
  const is = (why: string, doubt = false): NoRecord => ({ why, doubt });
  if (first === undefined) return is('a row whose cells hold nothing');
  const texts = filled.map((i) => (cells[i] as string).trim());
  if (filled.length > 1 && filled.every((i, k) => texts[k] === columns[i]?.name.trim())) {
    return is('the headings once more');
  }
  const values = filled.filter((i, k) => isName(columns[i], texts[k] as string)).length;
  const said = texts[0] as string;
  if (values < 2 && said.length <= LONGEST_TITLE && TOTAL.test(said)) return is('a row of totals');
  if (
    filled.length === 1 &&
    values === 0 &&
    columns.length > 2 &&
    said.length <= LONGEST_TITLE &&
    !/\d{5}/.test(said)
  ) {
    return is('a title between the rows');
  }
  if (filled.length < 2 || texts.some((text) => /\d/.test(text)) || kindOfNames(texts) === null) return null;
  return is('the headings of another table: rows behind it are read under the first headings', true);
}

function filledOf(cells: readonly string[]): number[] {
  const out: number[] = [];
  for (const [i, cell] of cells.entries()) {
    const text = cell.trim();
    if (text !== '' && !isEmptyMark(text)) out.push(i);
  }
  return out;
}

/** True where a cell holds what its heading says, and that names somebody or something. */
function isName(column: Column | undefined, text: string): boolean {
  const role = column?.role ?? null;
  if (role === null || !NAMING.has(role)) return false;
  return role === 'caller' || role === 'called' ? TELEPHONE.test(text) : !isOdd(role, text);
}
