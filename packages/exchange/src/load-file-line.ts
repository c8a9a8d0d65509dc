/** Concordance's delimiters: DC4 between fields, thorn around each, registered sign for a line break inside one. */
const FIELD = '\u0014';
const QUALIFIER = '\u00fe';
const NEW_LINE = '\u00ae';
const DELIMITERS = [
  [FIELD, '[U+0014]'],
  [QUALIFIER, '[U+00FE]'],
  [NEW_LINE, '[U+00AE]'],
] as const;

/** One line of a Concordance load file. A delimiter that a value holds itself is named, so that none can break the table. */
export function loadFileLine(values: readonly string[]): string {
  return `${values.map((value) => `${QUALIFIER}${cell(value)}${QUALIFIER}`).join(FIELD)}\r\n`;
}

function cell(value: string): string {
  let text = value;
  for (const [delimiter, name] of DELIMITERS) text = text.replaceAll(delimiter, name);
  return text.replace(/\r\n|[\r\n]/g, NEW_LINE);
}
