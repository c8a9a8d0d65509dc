import { DRAFT_ROWS, jsonSample, linesOf, type Sample } from './draft-sample.ts';

/** Fewer lines show gaps that are none. */
const FEWEST_LINES = 3;
const LONGEST_LINE = 4096;
const MOST_COLUMNS = 200;

interface Column {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A table whose fields stand at fixed places: a column begins behind a place that is blank in every line. The first line
 * names the columns where it has no digit and the others have. Null where the lines show no columns.
 */
export function fixedSample(head: Buffer): Sample | null {
  const { lines, encoding } = linesOf(head);
  const sample = lines.slice(0, DRAFT_ROWS + 1).map((line) => [...line.replace(/^\ufeff/, '')]);
  if (sample.length < FEWEST_LINES || sample.some(({ length }) => length > LONGEST_LINE)) return null;
  const gaps = startsOf(sample);
  const [first = [], ...rest] = sample;
  const hasHeader = !/\d/.test(first.join('')) && rest.every((line) => /\d/.test(line.join('')));
  // Words of a text may stand below each other by chance: then the header has nothing there.
  const starts = hasHeader ? gaps.filter((at) => (first[at] ?? ' ') !== ' ') : gaps;
  if (starts.length < 2 || starts.length > MOST_COLUMNS) return null;
  const columns = columnsAt(starts, Math.max(...sample.map(({ length }) => length)), hasHeader ? first : null);
  const records = (hasHeader ? rest : sample).map((line) =>
    JSON.stringify(Object.fromEntries(columns.map(({ name, from, to }) => [name, textAt(line, from, to)]))),
  );
  const form = { ...(encoding !== null && { encoding }), ...(hasHeader && { skip: 1 }) };
  return jsonSample(records, { kind: 'fixed', ...form, columns });
}

/** Places where a column begins. */
function startsOf(lines: readonly (readonly string[])[]): number[] {
  const width = Math.max(...lines.map(({ length }) => length));
  const isBlank = (at: number) => lines.every((line) => (line[at] ?? ' ') === ' ');
  const starts: number[] = [];
  for (let at = 0, before = true; at < width; at++) {
    const blank = isBlank(at);
    if (before && !blank) starts.push(at);
    before = blank;
  }
  return starts;
}

/** A column reaches to where the next begins; names that are missing or stand twice are numbered. */
function columnsAt(starts: readonly number[], width: number, header: readonly string[] | null): Column[] {
  const names = new Set<string>();
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? width;
    const said = header === null ? '' : textAt(header, from, to);
    const name = said === '' || names.has(said) ? `column${i + 1}` : said;
    names.add(name);
    return { name, from, to };
  });
}

function textAt(line: readonly string[], from: number, to: number): string {
  return line.slice(from, to).join('').trim();
}
