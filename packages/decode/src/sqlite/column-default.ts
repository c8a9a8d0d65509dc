import { hexDecode } from '@custody/bytes';
import { isMark, isWord, type SqlToken } from './sql-tokens.ts';

/** A default as written; `real` sets apart numbers with a point or exponent. */
export type DefaultValue = null | string | bigint | Uint8Array | { readonly real: number };

/**
 * The constant behind DEFAULT, https://www.sqlite.org/lang_createtable.html#dfltval; null where there is none. A column
 * that was added to rows has a constant: expressions cannot be meant.
 */
export function readDefault(constraints: readonly SqlToken[]): DefaultValue {
  let depth = 0;
  for (let at = 0; at < constraints.length; at++) {
    const token = constraints[at]!;
    if (isMark(token, '(')) depth++;
    if (isMark(token, ')')) depth--;
    if (depth === 0 && isWord(token, 'DEFAULT')) return constant(constraints.slice(at + 1));
  }
  return null;
}

function constant(tokens: readonly SqlToken[]): DefaultValue {
  let at = 0;
  let negative = false;
  for (; tokens[at]?.kind === 'mark' && /^[+\-(]$/.test(tokens[at]!.text); at++) {
    if (tokens[at]!.text === '-') negative = !negative;
  }
  const token = tokens[at];
  switch (token?.kind) {
    case 'number':
      return numberOf(token.text, negative);
    case 'string':
    case 'name':
      return token.text;
    case 'blob':
      return token.text.length % 2 === 0 ? hexDecode(token.text.toLowerCase()) : null;
    case 'word':
      return wordOf(token.text);
    default:
      return null;
  }
}

/** TRUE and FALSE are 1 and 0; any other bare word is taken for a string, as SQLite does. */
function wordOf(word: string): DefaultValue {
  const upper = word.toUpperCase();
  if (upper === 'TRUE') return 1n;
  if (upper === 'FALSE') return 0n;
  return upper === 'NULL' || upper.startsWith('CURRENT_') ? null : word;
}

function numberOf(text: string, negative: boolean): DefaultValue {
  if (!/^(0x[0-9a-f]{1,40}|\d{1,40})$/i.test(text)) return { real: negative ? -Number(text) : Number(text) };
  const hex = /^0x/i.test(text);
  const value = negative ? -BigInt(text) : BigInt(text);
  if (BigInt.asIntN(64, value) === value) return value;
  return hex ? BigInt.asIntN(64, value) : { real: Number(value) };
}
