import { UsageError, utf8Decode } from '@custody/bytes';
import type { ByteSource } from '../../byte-source.ts';
import type { CaptureFile } from '../../format.ts';
import { isZone } from '../../local-time.ts';
import type { TextEncodingName } from '../../profile/profile.ts';
import { textEncodings } from '../../profile/profile-schema.ts';
import { type ColumnRole, columnRoles } from './roles.ts';
import { type TableKind, tableKinds } from './table-kind.ts';
import type { DayOrder } from './time-text.ts';

/** What a lab says about one column of its table. */
export interface ColumnStatement {
  readonly as?: ColumnRole;
  readonly zone?: string;
  readonly clock?: 'device' | 'server' | 'sender' | 'unknown';
  readonly order?: Exclude<DayOrder, 'undecided'>;
}

export interface FixedColumn {
  readonly name: string;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** A table profile: `NAME.table.json` or `table.json` beside the table. What it leaves out is recognised or reported. */
export interface TableProfile {
  readonly custodyTable: 1;
  readonly basedOn: string;
  readonly kind?: TableKind;
  readonly delimiter?: string;
  /** Zone of every time of the table that states none. */
  readonly zone?: string;
  readonly order?: Exclude<DayOrder, 'undecided'>;
  /** When the table shows its state, in ISO 8601 with a zone: the time of rows that have none of their own. */
  readonly asOf?: string;
  /** Of a text that is not UTF-8 and does not say so by a byte order mark. */
  readonly encoding?: TextEncodingName;
  /** The row of the headings, from 1, where others stand above it. */
  readonly headerRow?: number;
  /** Lines whose fields stand at fixed places, counted in characters from 0; `skip` lines above them. */
  readonly fixed?: { readonly skip?: number; readonly columns: readonly FixedColumn[] };
  readonly columns?: Readonly<Record<string, ColumnStatement>>;
}

const LONGEST_PROFILE = 1024 * 1024;

/** The profile beside a table, or null. Throws UsageError PROFILE_INVALID with every mistake in it. */
export function tableProfileBeside(
  file: CaptureFile,
): { readonly profile: TableProfile; readonly bytes: Uint8Array } | null {
  const own = file.name.slice(file.name.lastIndexOf('/') + 1);
  const source: ByteSource | null = file.beside?.(`${own}.table.json`) ?? file.beside?.('table.json') ?? null;
  if (source === null) return null;
  if (source.length > LONGEST_PROFILE) throw invalid([`/: longer than ${LONGEST_PROFILE} bytes`]);
  const bytes = source.read(0, source.length).slice();
  return { profile: readTableProfile(bytes), bytes };
}

/** Reads a table profile. Throws UsageError PROFILE_INVALID. */
export function readTableProfile(bytes: Uint8Array): TableProfile {
  let value: unknown;
  try {
    value = JSON.parse(utf8Decode(bytes));
  } catch {
    throw invalid(['/: not a JSON text in UTF-8']);
  }
  const mistakes: string[] = [];
  checkProfile(value, mistakes);
  if (mistakes.length > 0) throw invalid(mistakes);
  return value as TableProfile;
}

function invalid(mistakes: readonly string[]): UsageError<'PROFILE_INVALID'> {
  return new UsageError(
    'PROFILE_INVALID',
    `the table profile has ${mistakes.length} mistake(s):\n  ${mistakes.join('\n  ')}`,
  );
}

const TOP = [
  ...['custodyTable', 'basedOn', 'kind', 'delimiter', 'zone', 'order', 'asOf', 'columns'],
  ...['encoding', 'headerRow', 'fixed'],
];
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const COLUMN = ['as', 'zone', 'clock', 'order'];
const CLOCKS = ['device', 'server', 'sender', 'unknown'];
const ORDERS = ['dmy', 'mdy'];

function checkProfile(value: unknown, mistakes: string[]): void {
  const profile = objectAt('', value, TOP, mistakes);
  if (profile === null) return;
  const { custodyTable, basedOn, kind, delimiter, zone, order, asOf, columns } = profile;
  if (custodyTable !== 1) mistakes.push('/custodyTable: must be 1');
  if (typeof basedOn !== 'string' || basedOn === '') mistakes.push('/basedOn: say what the profile is based on');
  if (kind !== undefined) oneOf('/kind', kind, tableKinds, mistakes);
  if (delimiter !== undefined && !(typeof delimiter === 'string' && /^[\t,;|]$/.test(delimiter))) {
    mistakes.push('/delimiter: one of comma, semicolon, tab, |');
  }
  if (asOf !== undefined && !(typeof asOf === 'string' && ZONED.test(asOf) && !Number.isNaN(Date.parse(asOf)))) {
    mistakes.push('/asOf: a date and time with its zone, as 2025-10-10T06:00:00Z');
  }
  checkZone('/zone', zone, mistakes);
  checkLayout(profile, mistakes);
  if (order !== undefined) oneOf('/order', order, ORDERS, mistakes);
  if (columns === undefined) return;
  const named = objectAt('/columns', columns, null, mistakes) ?? {};
  for (const [name, column] of Object.entries(named)) checkColumn(`/columns/${name}`, column, mistakes);
}

function checkLayout({ encoding, headerRow, fixed }: Record<string, unknown>, mistakes: string[]): void {
  if (encoding !== undefined) oneOf('/encoding', encoding, textEncodings, mistakes);
  if (headerRow !== undefined && !isIn(headerRow, 1, 1000)) mistakes.push('/headerRow: a row number from 1');
  if (fixed === undefined) return;
  const { skip, columns } = objectAt('/fixed', fixed, ['skip', 'columns'], mistakes) ?? {};
  if (skip !== undefined && !isIn(skip, 0, 1000)) mistakes.push('/fixed/skip: a number of lines');
  if (!Array.isArray(columns) || columns.length === 0) {
    mistakes.push('/fixed/columns: a list of columns');
    return;
  }
  for (const [i, column] of columns.entries()) {
    const at = `/fixed/columns/${i}`;
    const { name, from, to } = objectAt(at, column, ['name', 'from', 'to'], mistakes) ?? {};
    if (typeof name !== 'string' || name === '') mistakes.push(`${at}/name: the heading of the column`);
    if (!isIn(from, 0, 65_535)) mistakes.push(`${at}/from: characters before it`);
    else if (!isIn(to, (from as number) + 1, 65_536)) mistakes.push(`${at}/to: a number after "from"`);
  }
}

function isIn(value: unknown, from: number, to: number): boolean {
  return Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
}

function checkColumn(path: string, value: unknown, mistakes: string[]): void {
  const column = objectAt(path, value, COLUMN, mistakes);
  if (column === null) return;
  if (column.as !== undefined) oneOf(`${path}/as`, column.as, columnRoles, mistakes);
  checkZone(`${path}/zone`, column.zone, mistakes);
  if (column.clock !== undefined) oneOf(`${path}/clock`, column.clock, CLOCKS, mistakes);
  if (column.order !== undefined) oneOf(`${path}/order`, column.order, ORDERS, mistakes);
}

function checkZone(path: string, zone: unknown, mistakes: string[]): void {
  if (zone === undefined) return;
  if (typeof zone !== 'string' || !isZone(zone))
    mistakes.push(`${path}: no zone (examples: UTC, +02:00, Europe/Amsterdam)`);
}

function oneOf(path: string, value: unknown, known: readonly string[], mistakes: string[]): void {
  if (typeof value !== 'string' || !known.includes(value)) mistakes.push(`${path}: one of ${known.join(', ')}`);
}

function objectAt(
  path: string,
  value: unknown,
  known: readonly string[] | null,
  mistakes: string[],
): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    mistakes.push(`${path === '' ? '/' : path}: must be an object`);
    return null;
  }
  for (const name of Object.keys(value)) {
    if (known !== null && !known.includes(name)) mistakes.push(`${path}/${name}: unknown`);
  }
  return value as Record<string, unknown>;
}
