import { utf8DecodeLossy } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const PIECE = 256 * 1024;
/** The app's texts have at most 7,000 bytes, what it keeps beside them some more: longer rows are not read. */
const LONGEST_ROW: number = 16 * 1024 * 1024;

/** One row: fields in quotes, a quote inside doubled, line ends allowed inside (RFC 4180). */
export interface CsvRow {
  readonly offset: number;
  /** With its line end. */
  readonly length: number;
  readonly bytes: Uint8Array;
  /** Null where the row is longer than any row of the app, or its quotes do not match. */
  readonly fields: readonly string[] | null;
}

/** Rows of `[from, until)`, which begins at a row. Empty lines are none. */
export function* csvRows(source: ByteSource, from = 0, until: number = source.length): Generator<CsvRow> {
  let window = source.read(from, Math.min(PIECE, until - from));
  let windowAt = from;
  for (let at = from; at < until; ) {
    let end = rowEnd(window, at - windowAt);
    if (end === null) {
      window = windowFrom(source, at, until);
      windowAt = at;
      end = rowEnd(window, 0);
    }
    const bytes = end === null ? unended(window, at + window.length >= until) : window.subarray(at - windowAt, end);
    const content = contentEnd(bytes);
    const isClosed = end !== null || isBalanced(bytes);
    if (content > 0) {
      yield { offset: at, length: bytes.length, bytes, fields: isClosed ? split(bytes, content) : null };
    }
    at += bytes.length;
  }
}

/** From `at` on as much as a row needs, up to the longest. */
function windowFrom(source: ByteSource, at: number, until: number): Uint8Array {
  for (let size = PIECE; ; size *= 4) {
    const length = Math.min(size, until - at, LONGEST_ROW);
    const bytes = source.read(at, length);
    if (bytes.length < length || length < size || rowEnd(bytes, 0) !== null) return bytes;
  }
}

/** A last row without line end; one whose quote is never closed ends at its first line end, so that others are found. */
function unended(bytes: Uint8Array, isLast: boolean): Uint8Array {
  if (isLast && isBalanced(bytes)) return bytes;
  const line = bytes.indexOf(LF);
  return line < 0 ? bytes : bytes.subarray(0, line + 1);
}

/** Behind the line end that ends the row which begins at `start`. */
function rowEnd(bytes: Uint8Array, start: number): number | null {
  let quoted = false;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === LF && !quoted) return i + 1;
  }
  return null;
}

function isBalanced(bytes: Uint8Array): boolean {
  let quoted = false;
  for (const byte of bytes) if (byte === QUOTE) quoted = !quoted;
  return !quoted;
}

function contentEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === LF) end--;
  if (end > 0 && bytes[end - 1] === CR) end--;
  return end;
}

function split(bytes: Uint8Array, end: number): readonly string[] | null {
  const text = utf8DecodeLossy(bytes, 0, end);
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    if (field === null) return null;
    fields.push(field.value);
    if (field.next === text.length) return fields;
    if (text[field.next] !== ',') return null;
    at = field.next + 1;
  }
}

interface Field {
  readonly value: string;
  /** At the comma behind it, or at the end. */
  readonly next: number;
}

function quotedField(text: string, at: number): Field | null {
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return null;
    if (text[quote + 1] !== '"') {
      return { value: text.slice(at + 1, quote).replaceAll('""', '"'), next: quote + 1 };
    }
    from = quote + 2;
  }
}

function plainField(text: string, at: number): Field {
  const comma = text.indexOf(',', at);
  const next = comma < 0 ? text.length : comma;
  return { value: text.slice(at, next), next };
}
