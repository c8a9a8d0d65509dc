import type { XlsxParts } from './xlsx-parts.ts';

/** ECMA-376 18.8.30: formats that every workbook has, and that show dates or times of day. */
const BUILT_IN_DATES: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** For each style of a cell (`s`), whether a number in it is shown as a date or time. */
export async function dateStyles(parts: XlsxParts): Promise<readonly boolean[]> {
  const styles = await parts.element('xl/styles.xml');
  const list = (name: string) => styles?.children.find((child) => child.name === name)?.children ?? [];
  const own = new Map(
    list('numFmts').map(({ attributes }) => [
      Number(attributes.get('numFmtId')),
      isDateCode(attributes.get('formatCode') ?? ''),
    ]),
  );
  return list('cellXfs').map(({ attributes }) => {
    const id = Number(attributes.get('numFmtId') ?? 0);
    return own.get(id) ?? BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to);
  });
}

/** Letters of dates outside quotes, escapes and brackets (colours, locales, but `[h]` counts hours). */
function isDateCode(code: string): boolean {
  const bare = code
    .slice(0, 1024)
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(h+|m+|s+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/general/gi, '');
  return /[dmyhs]/i.test(bare);
}

/** Whether days are counted from 1904, as old Macintosh workbooks do (ECMA-376 18.2.28). */
export async function countsFrom1904(parts: XlsxParts): Promise<boolean> {
  const workbook = await parts.element('xl/workbook.xml');
  const flag = workbook?.children.find(({ name }) => name === 'workbookPr')?.attributes.get('date1904');
  return flag === '1' || flag === 'true';
}
