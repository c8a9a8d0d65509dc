import type { Cells } from './cell-hashes.ts';

/** Ours: what is nested deeper is one cell. */
const DEEPEST = 16;

/** The cells of a record in JSON: members of objects by their path with dots. Null for what is no object. */
export function cellsOfJson(json: string): Cells | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const out = new Map<string, string>();
  put(out, '', value, 0);
  return out;
}

function put(out: Map<string, string>, path: string, value: unknown, depth: number): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST) {
    for (const [name, inner] of Object.entries(value))
      put(out, path === '' ? name : `${path}.${name}`, inner, depth + 1);
  } else out.set(path, textOf(value));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Nested beyond the stack: what it says cannot be compared, that it stands there can.
    return '(nested too deeply)';
  }
}

/** The cells of a mail in an mbox, byte by byte: its separator line, its headers by name, its body. */
export function cellsOfMail(separator: string, mail: string): Cells {
  const gap = /\r?\n\r?\n/.exec(mail);
  const head = gap === null ? mail : mail.slice(0, gap.index);
  const out = new Map<string, string>([['From_', trimmed(separator)]]);
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const [name, value] = [line.slice(0, colon), trimmed(line.slice(colon + 1)).replace(/^[ \t]+/, '')];
    const known = out.get(name);
    out.set(name, known === undefined ? value : `${known}\n${value}`);
  }
  out.set('body', gap === null ? '' : trimmed(mail.slice(gap.index + gap[0].length)));
  return out;
}

/** Bytes as latin1: what JavaScript holds for white space beyond ASCII may be the end of a character. */
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}
