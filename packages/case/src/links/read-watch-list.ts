import { hasImeiLength, type WatchedType, watchedTypes } from './watched-types.ts';

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
 * comment. A first line without any digit or @ is a heading. What cannot be read is an entry without types.
 */
export function readWatchList(text: string): WatchEntry[] {
  const out: WatchEntry[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  for (const [i, full] of lines.entries()) {
    const raw = full.trim();
    if (raw === '' || raw.startsWith('#')) continue;
    const cells = raw
      .slice(0, LONGEST_LINE)
      .split(/[,;\t]/)
      .map((cell) => cell.trim().replace(/^"|"$/g, ''));
    const first = cells[0] as string;
    if (out.length === 0 && i === 0 && !/[\d@]/.test(first) && cells.every((cell) => !/\d{6}/.test(cell))) {
      if (isHeading(first)) continue;
    }
    const note = cells
      .slice(1)
      .filter((cell) => cell !== '')
      .join(', ');
    out.push({ line: i + 1, raw, ...typed(first), note: note === '' ? null : note });
  }
  return out;
}

function isHeading(text: string): boolean {
  return /^(imei|msisdn|phone|number|handle|username|value|identifier|imsi|iccid|account)/i.test(text);
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
