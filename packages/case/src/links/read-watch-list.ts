import { hasImeiLength, type WatchedType, watchedTypes } from './watched-identifiers.ts';

/** One line of a watch list. `types` are what the value can be; empty where it can be nothing we know. */
export interface WatchEntry {
  /** Line of the list, from 1. */
  readonly line: number;
  readonly raw: string;
  readonly value: string;
  readonly types: readonly WatchedType[];
  readonly note: string | null;
}

const LONGEST_LINE = 4096;

/**
 * Reads a list: one value a line, `TYPE:VALUE` or the value alone, a note after a comma, semicolon or tab; `#` begins a
 * comment. A first line of headings says which column holds the values, and of which type they are. What cannot be
 * read is an entry without types.
 */
export function readWatchList(text: string): WatchEntry[] {
  const out: WatchEntry[] = [];
  let column = 0;
  let type: WatchedType | null = null;
  let isFirst = true;
  for (const [i, full] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const raw = full.trim();
    if (raw === '' || raw.startsWith('#')) continue;
    const cells = raw
      .slice(0, LONGEST_LINE)
      .split(/[,;\t]/)
      .map(plainCell);
    const heading: { column: number; type: WatchedType | null } | null = isFirst ? headingOf(cells) : null;
    isFirst = false;
    if (heading !== null) {
      ({ column, type } = heading);
      continue;
    }
    const value = cells[column] ?? '';
    const note = cells.filter((cell, at) => at !== column && cell !== '').join(', ');
    const read = type === null ? typed(value) : { value, types: value === '' ? [] : [type] };
    out.push({ line: i + 1, raw, ...read, note: note === '' ? null : note });
  }
  return out;
}

function plainCell(cell: string): string {
  return cell.trim().replace(/^"|"$/g, '');
}

const HEADINGS: readonly (readonly [RegExp, WatchedType | null])[] = [
  [/^imei/i, 'imei'],
  [/^imsi/i, 'imsi'],
  [/^iccid/i, 'iccid'],
  [/^(msisdn|phone|number|rufnummer|telefoon|numero)/i, 'phone'],
  [/^e-?mail/i, 'email'],
  [/^(handle|username|value|identifier|account)/i, null],
];

/** Which column of a line of headings holds the values; null: it is no such line. */
function headingOf(cells: readonly string[]): { column: number; type: WatchedType | null } | null {
  if (cells.some((cell) => /\d{6}|[@:]/.test(cell))) return null;
  for (const [pattern, type] of HEADINGS) {
    const column = cells.findIndex((cell) => pattern.test(cell));
    if (column >= 0) return { column, type };
  }
  return null;
}

function typed(text: string): { value: string; types: WatchedType[] } {
  const colon = text.indexOf(':');
  const stated = text.slice(0, Math.max(0, colon)).toLowerCase();
  const type = stated === 'msisdn' || stated === 'number' ? 'phone' : stated;
  const known = watchedTypes.find((one) => one === type);
  if (known !== undefined) return { value: text.slice(colon + 1).trim(), types: [known] };
  return { value: text, types: typesOf(text) };
}

/** By its shape: fifteen digits can be a handset or a subscriber, and are looked for as both. */
function typesOf(text: string): WatchedType[] {
  if (text.startsWith('@')) return ['username'];
  if (text.includes('@')) return ['email', 'xmpp', 'matrix'];
  const digits = text.replace(/[\s()./-]/g, '');
  if (/^\+\d{6,15}$/.test(digits)) return ['phone'];
  if (!/^\d+$/.test(digits)) return text === '' ? [] : ['username', 'threema', 'wickr', 'sim-box', 'account', 'mac'];
  if (/^89\d{16,20}$/.test(digits)) return ['iccid'];
  const types: WatchedType[] = hasImeiLength(digits) ? ['imei'] : [];
  if (digits.length === 15 || digits.length === 14) types.push('imsi');
  if (digits.length >= 6 && digits.length <= 15) types.push('phone');
  return types;
}
