import { isUtf8 } from 'node:buffer';
import { type CsvDialect, readRow } from '../formats/envelope/csv-scanner.ts';
import type { FieldPath } from './field-path.ts';
import type { Container, TextEncodingName, TimeField } from './profile.ts';

/** Records that a draft is made from. */
export const DRAFT_ROWS = 100;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** A field of a dump as its first records show it. No value is kept. */
export interface DraftField {
  /** Its path with dots. */
  readonly name: string;
  readonly path: FieldPath;
  readonly time: TimeField['format'] | null;
  /** Its values look like encoded bytes. */
  readonly binary: boolean;
  readonly isList: boolean;
}

export interface Sample {
  readonly container: Container;
  readonly fields: readonly DraftField[];
}

/** Ours: objects inside objects that are looked into. */
const DEEPEST = 6;
const MOST_FIELDS = 500;

/** The first records of a dump, by field; null where they are neither lines of JSON nor a table with a header. */
export function readSample(head: Buffer): Sample | null {
  const { lines, encoding } = linesOf(head);
  const [first] = lines;
  if (first === undefined) return null;
  if (!first.trimStart().startsWith('{')) return tableSample(first, lines.slice(1, DRAFT_ROWS + 1), encoding);
  return encoding === null ? jsonSample(lines.slice(0, DRAFT_ROWS), { kind: 'ndjson' }) : null;
}

/** Lines of the beginning of a text without blank ones; the last may be cut and is left out. */
export function linesOf(head: Buffer): { lines: string[]; encoding: TextEncodingName | null } {
  const { text, encoding } = textOf(head);
  const end = text.lastIndexOf('\n');
  return { lines: (end < 0 ? text : text.slice(0, end)).split(/\r?\n/).filter((line) => line !== ''), encoding };
}

/** The text of the beginning of a dump, and its encoding where that is not UTF-8: by its mark, else the usual one of the West. */
function textOf(head: Buffer): { text: string; encoding: TextEncodingName | null } {
  const [a, b] = head;
  if (a === 0xff && b === 0xfe) return { text: decoded(head, 'utf-16le'), encoding: 'utf-16le' };
  if (a === 0xfe && b === 0xff) return { text: decoded(head, 'utf-16be'), encoding: 'utf-16be' };
  const whole = head.subarray(0, head.lastIndexOf(0x0a) + 1);
  if (isUtf8(whole) || head.includes(0)) return { text: decoded(head, 'utf-8'), encoding: null };
  return { text: decoded(head, 'windows-1252'), encoding: 'windows-1252' };
}

function decoded(bytes: Buffer, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** Records as JSON objects, by field. Null where one is no object. */
export function jsonSample(lines: readonly string[], container: Container): Sample | null {
  const values = new Map<string, { path: readonly string[]; all: unknown[] }>();
  for (const line of lines) {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return null;
    }
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return null;
    collect(record, [], values);
  }
  const fields = [...values.values()].map(({ path, all }) => fieldOf(path, all));
  return fields.length === 0 ? null : { container, fields };
}

function collect(
  record: object,
  path: readonly string[],
  into: Map<string, { path: readonly string[]; all: unknown[] }>,
): void {
  for (const [name, value] of Object.entries(record)) {
    const here = [...path, name];
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && here.length < DEEPEST) {
      collect(value, here, into);
      continue;
    }
    const key = JSON.stringify(here);
    const known = into.get(key);
    if (known !== undefined) known.all.push(value);
    else if (into.size < MOST_FIELDS) into.set(key, { path: here, all: [value] });
  }
}

function tableSample(header: string, lines: readonly string[], encoding: TextEncodingName | null): Sample | null {
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, names: rowOf(header, delimiter) ?? [] }));
  const best = counted.reduce((a, b) => (b.names.length > a.names.length ? b : a));
  const { delimiter, names } = best;
  if (names.length < 2 || new Set(names).size < names.length || names.some((name) => name === '')) return null;
  const rows = lines.flatMap((line) => {
    const row = rowOf(line, delimiter);
    return row?.length === names.length ? [row] : [];
  });
  const form = { delimiter, quote: '"', header: true };
  const container: Container = encoding === null ? { kind: 'csv', ...form } : { kind: 'table', encoding, ...form };
  const valuesOf = (i: number) => rows.map((row) => row[i]);
  return { container, fields: names.map((name, i) => fieldOf([name], valuesOf(i))) };
}

function rowOf(line: string, delimiter: string): string[] | null {
  const dialect: CsvDialect = { delimiter: delimiter.charCodeAt(0), quote: 0x22 };
  return readRow(Buffer.from(line), dialect);
}

const TIMES: readonly (readonly [TimeField['format'], RegExp])[] = [
  ['unix-ms', /^1\d{12}$/],
  ['unix-s', /^1\d{9}$/],
  ['iso8601', /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$/],
  // With dots the day comes first; with slashes that is for a person to say.
  ['day-month-year', /^\d{1,2}\.\d{1,2}\.\d{4}([ T]+\d{1,2}:\d\d(:\d\d)?)?$/],
  // Days since 1900 with a fraction, of the years 1982 to 2064.
  ['excel-1900', /^[3-5]\d{4}\.\d+$/],
];

function fieldOf(path: readonly string[], values: readonly unknown[]): DraftField {
  const texts = values
    .filter((value) => (typeof value === 'string' && value !== '') || typeof value === 'number')
    .map(String);
  const all = (pattern: RegExp) => texts.length > 0 && texts.every((text) => pattern.test(text));
  return {
    name: path.join('.'),
    path: path.length === 1 ? (path[0] as string) : path,
    time: TIMES.find(([, pattern]) => all(pattern))?.[0] ?? null,
    binary: all(/^(?=.{16})([A-Za-z0-9+/_-]+={0,2})$/),
    isList: values.some((value) => Array.isArray(value)),
  };
}
