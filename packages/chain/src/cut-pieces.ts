/**
 * Where the two fields that may be in pieces are cut (SPEC.md section 2). A piece is what a redaction can withhold, so
 * the cut is a function of the bytes alone: whoever holds the value finds the same pieces.
 */
import { formatError } from './errors.ts';

/** Longest piece of body text in bytes; a body no longer than this is not cut. */
export const BODY_PIECE_MAX = 64;

/** Offsets where the pieces of the body text `bytes[start..end)` end, ascending; the last is `end`. */
export function cutBody(bytes: Uint8Array, start = 0, end: number = bytes.length): number[] {
  const ends: number[] = [];
  let at = start;
  while (end - at > BODY_PIECE_MAX) {
    at = bodyPieceEnd(bytes, at);
    ends.push(at);
  }
  ends.push(end);
  return ends;
}

/** End of the piece that begins at `start`, where more than 64 bytes are left. */
export function bodyPieceEnd(bytes: Uint8Array, start: number): number {
  for (let at = start + BODY_PIECE_MAX - 1; at >= start; at--) {
    const byte = bytes[at] as number;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return at + 1;
  }
  // No white space: cut before the first byte that does not continue a UTF-8 sequence, at 64 down to 61.
  for (let at = start + BODY_PIECE_MAX; at > start + BODY_PIECE_MAX - 4; at--) {
    if (((bytes[at] as number) & 0xc0) !== 0x80) return at;
  }
  return start + BODY_PIECE_MAX;
}

/**
 * Offsets where the entries of the CBOR map `bytes[start..end)` end, ascending. Entry 0 begins after the map's head, at
 * `mapHeadEnd`. They go to `into`, which is emptied first. Throws FIELDS_MAP_MALFORMED where the bytes are not one
 * well-formed map of definite lengths.
 */
export function cutFieldsMap(bytes: Uint8Array, start = 0, end: number = bytes.length, into: number[] = []): number[] {
  const head = readHead(bytes, start, end);
  if (head.major !== 5) throw malformed(start, 'it is not a map');
  // Each entry takes two bytes at least: a larger count is a lie, and is refused before memory is taken for it.
  if (head.argument > (end - head.next) / 2) throw malformed(start, 'it declares more entries than there are bytes');
  into.length = 0;
  let at = head.next;
  for (let entry = 0; entry < head.argument; entry++) {
    at = skipItem(bytes, skipItem(bytes, at, end), end);
    into.push(at);
  }
  if (at !== end) throw malformed(at, 'bytes follow after its last entry');
  return into;
}

/** Offset just after the head of the map that begins at `start`. */
export function mapHeadEnd(bytes: Uint8Array, start: number, end: number): number {
  return readHead(bytes, start, end).next;
}

/** The head of a CBOR map of `entries` entries, shortest form (RFC 8949 4.2.1). */
export function mapHead(entries: number): Uint8Array {
  if (entries < 24) return Uint8Array.of(0xa0 | entries);
  if (entries < 0x100) return Uint8Array.of(0xb8, entries);
  if (entries < 0x10000) return Uint8Array.of(0xb9, entries >>> 8, entries);
  return Uint8Array.of(0xba, entries >>> 24, entries >>> 16, entries >>> 8, entries);
}

interface Head {
  readonly major: number;
  readonly argument: number;
  readonly next: number;
}

/** Offset after one CBOR item with all it contains. Counts what is still owed instead of recursing: no depth to exhaust. */
function skipItem(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let owed = 1; owed > 0; owed--) {
    const first = bytes[at] as number;
    let major = first >>> 5;
    let argument = first & 31;
    // Nearly every head is one byte; the others are read with all checks.
    if (argument < 24 && at < end) at++;
    else ({ major, argument, next: at } = readHead(bytes, at, end));
    if (major === 2 || major === 3) at += argument;
    else if (major === 4) owed += argument;
    else if (major === 5) owed += 2 * argument;
    else if (major === 6) owed += 1;
    // Whoever wrote the bytes chose the lengths: what is owed can never exceed what is left.
    if (at > end || owed - 1 > end - at) throw malformed(at, 'a length goes beyond its end');
  }
  return at;
}

function readHead(bytes: Uint8Array, at: number, end: number): Head {
  if (at >= end) throw malformed(at, 'it ends too early');
  const first = bytes[at] as number;
  const major = first >>> 5;
  const info = first & 31;
  if (info < 24) return { major, argument: info, next: at + 1 };
  // 28 to 30 are reserved; 31 is an indefinite length, which deterministic CBOR has not.
  if (info > 27) throw malformed(at, 'it uses a form that deterministic CBOR does not have');
  const width = 1 << (info - 24);
  const next = at + 1 + width;
  if (next > end) throw malformed(at, 'it ends too early');
  let argument = 0;
  for (let i = at + 1; i < next; i++) argument = argument * 256 + (bytes[i] as number);
  return { major, argument, next };
}

function malformed(offset: number, why: string): Error {
  return formatError('FIELDS_MAP_MALFORMED', `the named format fields are not a CBOR map: ${why} (offset ${offset})`, {
    offset,
  });
}
