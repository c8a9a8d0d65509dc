import { isUtf8 } from 'node:buffer';
import { hexEncode, sha256 } from '@custody/bytes';
import type { CaptureFile } from '../../format.ts';
import { type CsvDialect, readRow } from '../envelope/csv-scanner.ts';
import { firstLine } from '../envelope/shape.ts';
import { placesOf } from './column-places.ts';
import { readHeading } from './column-roles.ts';
import { type ColumnRole, identifierRoles } from './roles.ts';
import { kindOfColumns, type TableKind } from './table-kind.ts';
import { type TableProfile, tableProfileBeside } from './table-profile.ts';
import type { DayOrder, TimeColumn } from './time-text.ts';

const QUOTE = 0x22;
/** Ours: headings stand in one of the first rows, below a title at most. */
export const HEADINGS_WITHIN = 30;
const DELIMITERS = [',', ';', '\t', '|'];

/** One column of a table. Role null: nobody can say what it is; its text is kept. */
export interface Column {
  readonly name: string;
  readonly role: ColumnRole | null;
  /** For columns of times. */
  readonly time: TimeColumn | null;
  /** Where the time of day of these days stands, or the day of these times of day. */
  readonly clockAt?: number;
  readonly dayAt?: number;
  /** A duration that a spreadsheet keeps as a fraction of a day. */
  readonly days?: true;
}

/** How a table is to be read. Survives structured cloning. */
export interface TableShape {
  readonly path: string;
  readonly kind: TableKind;
  readonly columns: readonly Column[];
  readonly delimiter: number;
  /** Where the rows begin. */
  readonly offset: number;
  readonly profile: string | null;
  /** By the table profile: the time of rows that have none. */
  readonly asOf: string | null;
}

/** The columns of a heading as delimiter and roles; null where it is no telecom table. */
export function recognise(
  head: Uint8Array,
): { readonly delimiter: string; readonly names: readonly string[]; readonly kind: TableKind } | null {
  const first = firstLine(asBuffer(head));
  if (first === null || first.length > 65_536) return null;
  const line = asUtf8(first);
  let best: { delimiter: string; names: string[]; known: number } | null = null;
  for (const delimiter of DELIMITERS) {
    const names = readRow(line, dialect(delimiter));
    if (names === null || names.length < 2) continue;
    const known = names.filter((name) => readHeading(name).role !== null).length;
    if (known > (best?.known ?? 1)) best = { delimiter, names, known };
  }
  const kind = best === null ? null : kindOfNames(best.names);
  return best === null || kind === null ? null : { delimiter: best.delimiter, names: best.names, kind };
}

/** What rows under these headings are; null where they are no headings of a telecom table. Blank ones do not count. */
export function kindOfNames(all: readonly string[]): TableKind | null {
  const names = all.filter((name) => name.trim() !== '');
  if (names.some((name) => /^\+?\d{6,}$/.test(name))) return null;
  const known = names.filter((name) => readHeading(name).role !== null).length;
  const roles = rolesOf(names);
  const kind = kindOfColumns(roles);
  if (kind === null || known < 2 || (known * 2 < names.length && !isCertain(roles, known))) return null;
  return kind === 'manifest' || identifierRoles.some((role) => roles.has(role)) ? kind : null;
}

/** Headings that nothing but a table of telecom has, among however many others. */
function isCertain(roles: ReadonlySet<ColumnRole>, known: number): boolean {
  const own = (['imei', 'imeisv', 'imsi', 'iccid'] as const).filter((role) => roles.has(role)).length;
  return own >= 2 || (known >= 4 && (own === 1 || (roles.has('caller') && roles.has('called'))));
}

/**
 * The first line that names the columns of a telecom table, where a title or notes stand above it: shorter rows, and the
 * next line has as many cells as the headings. Null where there is none.
 */
export function recogniseBelow(head: Buffer): ReturnType<typeof recognise> {
  const lines = head.toString('latin1').split('\n', HEADINGS_WITHIN + 1);
  let at = 0;
  for (const [i, line] of lines.entries()) {
    const start = at;
    at += line.length + 1;
    if (line.trim() === '') continue;
    const found = recognise(head.subarray(start, at));
    if (found === null) continue;
    const cells = (one: string | undefined) =>
      one?.split(found.delimiter).filter((cell) => cell.trim() !== '').length ?? 0;
    const isBelow = lines.slice(0, i).every((above) => cells(above) * 2 <= found.names.length);
    // A title may stand between the headings and the first row.
    const below = lines.slice(i + 1, i + 4);
    const goesOn = below.length === 0 || below.some((line) => cells(line) * 2 > found.names.length);
    return isBelow && goesOn ? found : null;
  }
  return null;
}

function rolesOf(names: readonly string[]): Set<ColumnRole> {
  return new Set(names.map((name) => readHeading(name).role).filter((role) => role !== null));
}

/** The shape of a table; text says why it cannot be told. Throws UsageError PROFILE_INVALID. */
export function readShape(file: CaptureFile): TableShape | string {
  const head = asBuffer(file.source.read(0, 128 * 1024));
  const beside = tableProfileBeside(file);
  const profile = beside?.profile ?? null;
  const line = firstLine(head);
  if (line === null) return 'the first line has no end within 128 KiB: there are no headings to read';
  const known = recognise(head);
  const delimiter = profile?.delimiter ?? known?.delimiter ?? ',';
  const names = readRow(asUtf8(line), dialect(delimiter));
  if (names === null) return 'the first line is no row of headings';
  const unknown = Object.keys(profile?.columns ?? {}).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    return `the profile names ${unknown.length} column(s) that the table does not have: ${unknown
      .slice(0, 5)
      .map((name) => JSON.stringify(name))
      .join(', ')}`;
  const columns = columnsOf(names, profile);
  const kind = profile?.kind ?? kindOfColumns(new Set(columns.map(({ role }) => role).filter((role) => role !== null)));
  if (kind === null) return 'the headings do not say what the rows are';
  const offset = head.indexOf(0x0a, line.byteOffset - head.byteOffset) + 1;
  const hash = beside === null ? null : hexEncode(sha256(beside.bytes));
  return {
    path: file.name,
    kind,
    columns,
    delimiter: delimiter.charCodeAt(0),
    offset,
    profile: hash,
    asOf: profile?.asOf ?? null,
  };
}

/** The columns of a table by its headings and its profile. */
export function columnsOf(names: readonly string[], profile: TableProfile | null): Column[] {
  const read = names.map((name) => readHeading(name));
  const stated = (name: string) => profile?.columns?.[name];
  const wanted = names.map((name, i) => stated(name)?.as ?? read[i]?.role ?? null);
  return placesOf(names, wanted).map((place, i) => {
    const name = names[i] as string;
    const other = place.clockAt ?? place.dayAt;
    const beside = other === undefined ? null : (stated(names[other] as string)?.zone ?? read[other]?.zone ?? null);
    const zone = stated(name)?.zone ?? read[i]?.zone ?? beside ?? profile?.zone ?? null;
    const order: DayOrder = stated(name)?.order ?? profile?.order ?? 'undecided';
    const clock = stated(name)?.clock ?? clockOf(place.role);
    return { name, ...place, time: isTime(place.role) ? { zone, clock, order } : null };
  });
}

function clockOf(role: ColumnRole | null): 'server' | 'unknown' {
  return role === 'received' ? 'server' : 'unknown';
}

function isTime(role: ColumnRole | null): boolean {
  return role === 'time' || role === 'start' || role === 'end' || role === 'received';
}

export function dialect(delimiter: string): CsvDialect {
  return { delimiter: delimiter.charCodeAt(0), quote: QUOTE };
}

/** Headings that are not UTF-8 are read as Latin-1, as their rows are. */
function asUtf8(line: Buffer): Buffer {
  return isUtf8(line) ? line : Buffer.from(line.toString('latin1'));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
