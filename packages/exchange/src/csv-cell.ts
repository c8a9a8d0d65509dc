/** What spreadsheets take for a formula (OWASP, CSV injection). A telephone number begins with + and is none. */
const FORMULA = /^[=@\t\r\n]|^[+-](?![\d\s().-]*$)/;

/** One cell of RFC 4180. A value that a spreadsheet would run gets an apostrophe before it. */
export function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** One line, ended by CRLF (RFC 4180 section 2). */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** The same where a line must stay one line (i2): breaks inside a cell become spaces. */
export function csvOneLine(cells: readonly (string | number | null)[]): string {
  return csvLine(
    cells.map((cell) => (typeof cell === 'string' ? cell.replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ') : cell)),
  );
}
