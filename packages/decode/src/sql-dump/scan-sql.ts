import type { ByteSource } from '../byte-source.ts';
import { ByteCursor } from './byte-cursor.ts';

/** How a dump writes text: MySQL escapes with backslashes, PostgreSQL's INSERT does not, COPY has its own way. */
export type RowForm = 'mysql' | 'standard' | 'copy';

export interface RowPlace {
  readonly table: string;
  readonly columns: readonly string[];
  readonly form: RowForm;
  readonly offset: number;
  readonly length: number;
}

export interface SqlEvents {
  row(place: RowPlace): void;
  /** A statement that cannot be followed from `offset` on; reading goes on at `next`. */
  damage(offset: number, next: number, why: string): void;
}

const LONGEST_HEAD = 64 * 1024;
/** Of a comment among rows: what never ends it is damage, and must not be looked for through the whole dump. */
const LONGEST_COMMENT = 64 * 1024;
/** One row; servers cut stanzas far below. */
const LONGEST_ROW = 64 * 1024 * 1024;
const MOST_COLUMNS = 256;
const NAME = '(?:[`"]?[\\w$]+[`"]?\\.)?[`"]?([\\w$]+)[`"]?';
/** What may part two words: a space, or a comment between slashes and stars, bounded as a stranger wrote it. */
const GAP = '(?:\\s|/\\*(?:[^*]|\\*(?!/)){0,400}\\*/)';
/** The ways of MySQL, PostgreSQL and SQLite to begin a statement that gives rows: a regular expression's text. */
export const INSERT_INTO: string = `(?:INSERT|REPLACE)${GAP}+(?:(?:IGNORE|DELAYED|LOW_PRIORITY|HIGH_PRIORITY|OR${GAP}+[A-Z]+)${GAP}+){0,3}INTO`;
const INSERT = new RegExp(
  `^${GAP}*${INSERT_INTO}${GAP}+${NAME}(?:${GAP}*\\(([^)]*)\\))?${GAP}*(?:VALUES|VALUE)\\s*`,
  'i',
);
const COPY = new RegExp(`^COPY\\s+${NAME}\\s*(?:\\(([^)]*)\\)\\s*)?FROM\\s+stdin`, 'i');
const CREATE = new RegExp(`^\\s*CREATE\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?${NAME}`, 'i');
/** What is left of an INSERT whose first words were changed; functions and triggers, which hold some, are indented or CREATE. */
const BROKEN_INSERT = /^(?:INSERT|REPLACE)\b(?!.*\bSELECT\b)|^(?!CREATE)\S.{0,40}\bINTO\b.{1,200}\bVALUES?\s*\(/i;
/** Rows on the line of a table's definition, which has none of its own. */
const SWALLOWED_INSERT = /\bVALUES\s*\(/i;
const END_OF_ROWS = /^\\\.\s*$/;
const [QUOTE, BACKSLASH, OPEN, CLOSE, COMMA, SEMICOLON] = [0x27, 0x5c, 0x28, 0x29, 0x2c, 0x3b];
const [SLASH, STAR, DASH] = [0x2f, 0x2a, 0x2d];

/** Walks the text of a dump; every row of every table is reported, in its order. */
export function scanSql(source: ByteSource, events: SqlEvents, progress?: (done: number) => void): void {
  const cursor = new ByteCursor(source);
  const head = source.read(0, LONGEST_HEAD);
  const start = Buffer.from(head.buffer, head.byteOffset, head.length).toString();
  const form = formOf(start);
  const tables = new Map<string, readonly string[]>();
  while (cursor.peek() >= 0) {
    const line = cursor.line(LONGEST_HEAD);
    const copy = COPY.exec(line);
    const insert = copy === null ? INSERT.exec(line) : null;
    const create = copy === null && insert === null ? CREATE.exec(line) : null;
    if (copy !== null) {
      const table = nameOf(copy[1]);
      const rest = /;(.*)/.exec(line.slice(copy[0].length))?.[1] ?? '';
      if (rest.trim() !== '')
        events.damage(cursor.at, cursor.at + line.length, 'rows stand on the line that announces them');
      copyRows(
        cursor,
        { table, columns: copy[2] === undefined ? (tables.get(table) ?? []) : columnsOf(copy[2]) },
        events,
      );
    } else if (insert !== null) {
      const table = nameOf(insert[1]);
      const columns = insert[2] === undefined ? (tables.get(table) ?? []) : columnsOf(insert[2]);
      cursor.at += Buffer.byteLength(insert[0]);
      insertRows(cursor, { table, columns, form }, events);
    } else {
      if (create !== null) tables.set(nameOf(create[1]), createdColumns(source, cursor.at));
      const from = cursor.at;
      cursor.skipLine();
      if (END_OF_ROWS.test(line)) events.damage(from, cursor.at, 'rows end here, and no statement announced them');
      else if (!line.startsWith('--') && (create === null ? BROKEN_INSERT : SWALLOWED_INSERT).test(line))
        events.damage(from, cursor.at, 'a statement that writes rows cannot be read');
    }
    progress?.(cursor.at);
  }
}

/** Statements that only one kind of server writes, outside the data; last, how the data themselves escape a quote. */
function formOf(start: string): RowForm {
  if (/^SET standard_conforming_strings = off/im.test(start)) return 'mysql';
  if (/^-- PostgreSQL database|^SET standard_conforming_strings|^PRAGMA |^BEGIN TRANSACTION;/im.test(start))
    return 'standard';
  const outside = start.replace(/^(?:INSERT|REPLACE|COPY)\b.*$/gim, (line) =>
    line.slice(0, 200).replace(/VALUES.*/i, ''),
  );
  if (/^-- (MySQL|MariaDB)|\/\*!\d{5}|ENGINE ?=|INTO `|\bAUTO_INCREMENT\b|\bUNSIGNED\b|^LOCK TABLES/im.test(outside))
    return 'mysql';
  const data = [...start.matchAll(/^(?:INSERT|REPLACE)\b.*$/gim)].map(([line]) => line).join('\n');
  return /[^\\](?:\\\\)*\\'[\p{L}\p{N} ]/u.test(data) ? 'mysql' : 'standard';
}

function nameOf(name: string | undefined): string {
  return (name ?? '').toLowerCase();
}

function columnsOf(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .slice(0, MOST_COLUMNS)
    .map((name) => name.trim().replace(/[`"]/g, '').toLowerCase());
}

/** Column names of a CREATE TABLE statement: the first word of each part inside that is no key or constraint. */
function createdColumns(source: ByteSource, offset: number): string[] {
  const bytes = source.read(offset, LONGEST_HEAD);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  const inside = text.slice(text.indexOf('(') + 1, Math.max(0, text.search(/\)[^()]*;/)));
  const columns: string[] = [];
  for (const line of outerParts(inside)) {
    const found = /^\s*[`"]?([\w$]+)[`"]?\s+\w/.exec(line);
    const isKey = /^\s*(primary|unique|key|constraint|index|foreign|check|fulltext)\s/i.test(line);
    if (found === null || isKey) continue;
    if (columns.length < MOST_COLUMNS) columns.push(nameOf(found[1]));
  }
  return columns;
}

/** What stands between the commas outside parentheses: SQLite writes a table in one line, others a column a line. */
function outerParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (at === text.length || (char === ',' && depth === 0)) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return parts;
}

function copyRows(
  cursor: ByteCursor,
  { table, columns }: { table: string; columns: readonly string[] },
  events: SqlEvents,
): void {
  cursor.skipLine();
  for (;;) {
    const offset = cursor.at;
    if (cursor.peek() < 0) {
      events.damage(offset, offset, 'the dump ends inside a table: the mark "\\." is missing');
      return;
    }
    cursor.skipLine();
    const length = cursor.at - offset;
    if (length <= 4 && cursorText(cursor, offset, length) === '\\.') return;
    events.row({ table, columns, form: 'copy', offset, length });
  }
}

function cursorText(cursor: ByteCursor, offset: number, length: number): string {
  const back = cursor.at;
  cursor.at = offset;
  const text = cursor.line(length).trim();
  cursor.at = back;
  return text;
}

/** Rows of one INSERT: `(…),(…);`. */
function insertRows(
  cursor: ByteCursor,
  table: { table: string; columns: readonly string[]; form: RowForm },
  events: SqlEvents,
): void {
  for (;;) {
    skipSpace(cursor);
    const offset = cursor.at;
    if (cursor.peek() !== OPEN || !skipRow(cursor, table.form)) {
      const isEnd = cursor.peek() < 0;
      skipToStatement(cursor, offset);
      events.damage(offset, cursor.at, isEnd ? 'the dump ends inside a statement' : 'no row where one must stand');
      return;
    }
    events.row({ ...table, offset, length: cursor.at - offset });
    skipSpace(cursor);
    const next = cursor.peek();
    if (next === COMMA) cursor.at++;
    else {
      if (next === SEMICOLON) cursor.at++;
      else {
        const from = cursor.at;
        const isEnd = next < 0;
        skipToStatement(cursor, from);
        events.damage(
          from,
          cursor.at,
          isEnd ? 'the dump ends inside a statement' : 'something else than a row follows a row',
        );
      }
      return;
    }
  }
}

/** Moves over spaces and comments. */
function skipSpace(cursor: ByteCursor): void {
  for (let byte = cursor.peek(); byte >= 0; byte = cursor.peek()) {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) cursor.at++;
    else if (!skipComment(cursor, byte)) return;
  }
}

/** Moves over a comment that begins with `byte`, which stands at the cursor; false, and nothing done, where none does. */
function skipComment(cursor: ByteCursor, byte: number): boolean {
  if (byte !== SLASH && byte !== DASH) return false;
  const from = cursor.at++;
  const next = cursor.peek();
  if (byte === DASH && next === DASH) {
    cursor.skipLine();
    return true;
  }
  if (byte === SLASH && next === STAR && from >= cursor.commentsFrom && skipStars(cursor)) return true;
  cursor.at = from;
  return false;
}

/** To behind the star and slash that end a comment; false where none come. The cursor stands at its first star. */
function skipStars(cursor: ByteCursor): boolean {
  const most = ++cursor.at + LONGEST_COMMENT;
  let last = 0;
  for (let byte = cursor.peek(); byte >= 0 && cursor.at < most; byte = cursor.peek()) {
    cursor.at++;
    if (last === STAR && byte === SLASH) return true;
    last = byte;
  }
  // Else a row of nothing but beginnings of comments would be read through for each of them.
  cursor.commentsFrom = most;
  return false;
}

/** Moves behind a row in parentheses; false at the end of the file or beyond the longest row. */
function skipRow(cursor: ByteCursor, form: RowForm): boolean {
  const start = cursor.at;
  let depth = 0;
  let quoted = false;
  let escapes = form === 'mysql';
  let last = 0;
  for (let byte = cursor.peek(); byte >= 0 && cursor.at - start < LONGEST_ROW; byte = cursor.peek()) {
    if (!quoted && skipComment(cursor, byte)) continue;
    cursor.at++;
    if (quoted) {
      // A doubled quote ends and begins a string again, which comes to the same.
      if (byte === BACKSLASH && escapes) cursor.at++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) {
      quoted = true;
      // PostgreSQL's E'…' escapes with backslashes, whatever the other texts do; the quote after a quote goes on as it was.
      if (last !== QUOTE) escapes = form === 'mysql' || (last | 0x20) === 0x65;
    } else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return true;
    last = byte;
  }
  return false;
}

/** Behind damage: the next line that begins a statement or a comment. */
function skipToStatement(cursor: ByteCursor, from: number): void {
  cursor.at = from;
  cursor.skipLine();
  while (cursor.peek() >= 0 && !/^(INSERT|REPLACE|COPY|CREATE|LOCK|UNLOCK|ALTER|SET|--|\/\*)/i.test(cursor.line(16)))
    cursor.skipLine();
}
