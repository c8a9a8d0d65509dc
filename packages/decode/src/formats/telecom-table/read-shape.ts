import { hexEncode, sha256 } from '@custody/bytes';
import type { CaptureFile } from '../../format.ts';
import { type CsvDialect, readRow } from '../envelope/csv-scanner.ts';
import { firstLine } from '../envelope/shape.ts';
import { type ColumnRole, identifierRoles, readHeading, repeatable } from './column-roles.ts';
import { kindOfColumns, type TableKind } from './table-kind.ts';
import { type TableProfile, tableProfileBeside } from './table-profile.ts';
import type { DayOrder, TimeColumn } from './time-text.ts';

const QUOTE = 0x22;
const DELIMITERS = [',', ';', '\t', '|'];

/** One column of a table. Role null: nobody can say what it is; its text is kept. */
export interface Column {
  readonly name: string;
  readonly role: ColumnRole | null;
  /** For columns of times. */
  readonly time: TimeColumn | null;
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
  const line = firstLine(asBuffer(head));
  if (line === null || line.length > 65_536) return null;
  let best: { delimiter: string; names: string[]; known: number } | null = null;
  for (const delimiter of DELIMITERS) {
    const names = readRow(line, dialect(delimiter));
    if (names === null || names.length < 2) continue;
    const known = names.filter((name) => readHeading(name).role !== null).length;
    if (known > (best?.known ?? 1)) best = { delimiter, names, known };
  }
  if (best === null || best.names.some((name) => /^\+?\d{6,}$/.test(name))) return null;
  const roles = rolesOf(best.names);
  const kind = kindOfColumns(roles);
  if (
    kind === null ||
    (kind !== 'manifest' && !identifierRoles.some((role) => roles.has(role))) ||
    best.known * 2 < best.names.length
  )
    return null;
  return { delimiter: best.delimiter, names: best.names, kind };
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
  const names = readRow(line, dialect(delimiter));
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

/** A role is given once: of two columns with one heading the second is not decided, save where several make sense. */
function columnsOf(names: readonly string[], profile: TableProfile | null): Column[] {
  const taken = new Set<ColumnRole>();
  return names.map((name) => {
    const stated = profile?.columns?.[name];
    const heading = readHeading(name);
    const wanted = stated?.as ?? heading.role;
    const role = wanted !== null && taken.has(wanted) && !repeatable.has(wanted) ? null : wanted;
    if (role !== null) taken.add(role);
    const zone = stated?.zone ?? heading.zone ?? profile?.zone ?? null;
    const order: DayOrder = stated?.order ?? profile?.order ?? 'undecided';
    const time = isTime(role) ? { zone, clock: stated?.clock ?? clockOf(role), order } : null;
    return { name, role, time };
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

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
