import type { RowForm } from './scan-sql.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
  Z: '\x1a',
};

/** What ends a value without quotes: a comma, the end of the row, a comment. */
const WORD_END = /[,)]|\/\*|--/g;
const SPACE = /(?:\s|\/\*[\s\S]*?\*\/|--[^\n]*\n)*/y;

/** Why a row cannot be read. */
export class SqlRowRefused extends Error {}

/** The values of a row as text; null is NULL. Throws SqlRowRefused where the row cannot be read. */
export function readSqlRow(bytes: Uint8Array, form: RowForm): (string | null)[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  return form === 'copy' ? copyValues(text.replace(/\r?\n$/, '')) : insertValues(text, form);
}

function copyValues(line: string): (string | null)[] {
  return line.split('\t').map((value) => {
    if (value === '\\N') return null;
    return value.replace(/\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)/g, (_all, what: string) => {
      if (/^[0-7]/.test(what)) return String.fromCharCode(Number.parseInt(what, 8));
      if (what.length > 1 && what.startsWith('x')) return String.fromCharCode(Number.parseInt(what.slice(1), 16));
      return ESCAPES[what] ?? what;
    });
  });
}

function insertValues(text: string, form: RowForm): (string | null)[] {
  const values: (string | null)[] = [];
  let at = 1;
  while (at < text.length) {
    at = behindSpace(text, at);
    const prefix = /^((?:_binary|_utf8(?:mb[34])?) ?(?=')|[EN](?='))/i.exec(text.slice(at, at + 16))?.[0] ?? '';
    at += prefix.length;
    if (text[at] === "'") {
      const read = quoted(text, at, form === 'mysql' || /^E$/i.test(prefix));
      values.push(read.value);
      at = read.end;
      if (text.startsWith('::', at)) at = endOfWord(text, at) < 0 ? text.length : endOfWord(text, at);
    } else {
      const end = Math.max(at, endOfWord(text, at));
      const word = text.slice(at, end).trim();
      values.push(/^null$/i.test(word) ? null : bare(word));
      at = end;
    }
    at = behindSpace(text, at);
    if (text[at] === ')') return values;
    if (text[at] !== ',') throw new SqlRowRefused('a row whose values are not parted by commas');
    at++;
  }
  throw new SqlRowRefused('a row without an end');
}

/** Where a value without quotes ends; -1: nowhere. */
function endOfWord(text: string, at: number): number {
  WORD_END.lastIndex = at;
  return WORD_END.exec(text)?.index ?? -1;
}

/** Behind the spaces and comments at `at`. */
function behindSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}

/** Digits as they stand; hexadecimal strings as the text they hold. */
function bare(word: string): string {
  const hex = /^(?:_binary\s+)?(?:0x([0-9a-f]+)|x'([0-9a-f]*)')(?:::\w+)?$/i.exec(word);
  return hex === null ? word : Buffer.from(hex[1] ?? hex[2] ?? '', 'hex').toString();
}

function quoted(text: string, start: number, backslashes: boolean): { value: string; end: number } {
  let value = '';
  let from = start + 1;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '\\' && backslashes) {
      const next = text[at + 1] ?? '';
      value += text.slice(from, at) + (ESCAPES[next] ?? next);
      from = at + 2;
      at++;
    } else if (char === "'") {
      value += text.slice(from, at);
      if (text[at + 1] !== "'") return { value, end: at + 1 };
      value += "'";
      from = at + 2;
      at++;
    }
  }
  throw new SqlRowRefused('a text without its closing quote');
}
