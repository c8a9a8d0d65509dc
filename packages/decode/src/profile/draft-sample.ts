import { type CsvDialect, readRow } from '../formats/envelope/csv-scanner.ts';
import type { Container, TimeField } from './profile.ts';

/** Records that a draft is made from. */
export const DRAFT_ROWS = 100;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** A field of a dump as its first records show it. No value is kept. */
export interface DraftField {
  readonly name: string;
  readonly time: TimeField['format'] | null;
  /** Its values look like encoded bytes. */
  readonly binary: boolean;
  readonly isList: boolean;
}

export interface Sample {
  readonly container: Container;
  readonly fields: readonly DraftField[];
}

/** The first records of a dump, by field; null where they are neither lines of JSON nor a table with a header. */
export function readSample(head: Buffer): Sample | null {
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  const end = text.lastIndexOf('\n');
  const lines = (end < 0 ? text : text.slice(0, end)).split(/\r?\n/).filter((line) => line !== '');
  const [first] = lines;
  if (first === undefined) return null;
  return first.trimStart().startsWith('{') ? jsonSample(lines) : tableSample(first, lines.slice(1, DRAFT_ROWS + 1));
}

function jsonSample(lines: readonly string[]): Sample | null {
  const values = new Map<string, unknown[]>();
  for (const line of lines.slice(0, DRAFT_ROWS)) {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return null;
    }
    if (typeof record !== 'object' || record === null) return null;
    for (const [name, value] of Object.entries(record)) values.set(name, [...(values.get(name) ?? []), value]);
  }
  const fields = [...values].map(([name, all]) => fieldOf(name, all));
  return { container: { kind: 'ndjson' }, fields };
}

function tableSample(header: string, lines: readonly string[]): Sample | null {
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, names: rowOf(header, delimiter) ?? [] }));
  const best = counted.reduce((a, b) => (b.names.length > a.names.length ? b : a));
  const { delimiter, names } = best;
  if (names.length < 2 || new Set(names).size < names.length || names.some((name) => name === '')) return null;
  const rows = lines.flatMap((line) => {
    const row = rowOf(line, delimiter);
    return row?.length === names.length ? [row] : [];
  });
  return {
    container: { kind: 'csv', delimiter, quote: '"', header: true },
    fields: names.map((name, i) =>
      fieldOf(
        name,
        rows.map((row) => row[i]),
      ),
    ),
  };
}

function rowOf(line: string, delimiter: string): string[] | null {
  const dialect: CsvDialect = { delimiter: delimiter.charCodeAt(0), quote: 0x22 };
  return readRow(Buffer.from(line), dialect);
}

function fieldOf(name: string, values: readonly unknown[]): DraftField {
  const texts = values.filter((value) => typeof value === 'string' || typeof value === 'number').map(String);
  const all = (pattern: RegExp) => texts.length > 0 && texts.every((text) => pattern.test(text));
  return {
    name,
    time: all(/^1\d{12}$/)
      ? 'unix-ms'
      : all(/^1\d{9}$/)
        ? 'unix-s'
        : all(/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$/)
          ? 'iso8601'
          : null,
    binary: all(/^(?=.{16})([A-Za-z0-9+/_-]+={0,2})$/),
    isList: values.some((value) => Array.isArray(value)),
  };
}
